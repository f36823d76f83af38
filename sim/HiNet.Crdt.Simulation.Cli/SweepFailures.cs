using HiNet.Crdt.Simulation.Failures;
using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Cli;

/// <summary>Tells of a sweep's failures and saves them: those of the lowest seeds, and of each invariant at least one.</summary>
internal sealed class SweepFailures(string name, Scenario? scenario, FailureStore store)
{
    private const int Shown = 20;

    public void Show(IEnumerable<SweepFailure> found)
    {
        List<SweepFailure> failures = [.. found.Where(failure => failure.Result != "unknown").OrderBy(failure => failure.Seed)];
        HashSet<string> seen = [];
        var left = failures.Where((failure, i) => !seen.Add(failure.Invariant ?? failure.Result) & i >= Shown).ToHashSet();
        foreach (var failure in failures.Where(failure => !left.Contains(failure)))
        {
            Console.Error.WriteLine($"{failure.Result}: {failure.Problem}");
            store.SaveAndTell(Complete(failure));
        }

        if (left.Count > 0)
        {
            Console.Error.WriteLine($"{left.Count:N0} more failures are neither shown nor saved.");
        }
    }

    private Failure Complete(SweepFailure failure) => new()
    {
        Product = BuildVersion.Product,
        Commit = BuildVersion.Commit,
        Name = name,
        Seed = failure.Seed,
        Result = Enum.Parse<SimulationResult>(failure.Result, ignoreCase: true),
        Invariant = failure.Invariant,
        At = failure.At,
        Problem = failure.Problem,
        TraceHash = failure.TraceHash,
        FoundBy = $"hinet-sim sweep{(scenario is null ? string.Empty : $" {name}.json")} --seeds {failure.Seed}..{failure.Seed}",
        Scenario = scenario is null ? ExplicitScenario.FromSeed(failure.Seed) : ExplicitScenario.Of(scenario, failure.Seed),
    };
}
