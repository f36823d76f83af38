using System.Runtime.CompilerServices;
using HiNet.Crdt.Simulation.Failures;

namespace HiNet.Crdt.Simulation.Tests.Failures;

/// <summary>Every failure of <c>sim/seeds</c>, for ever: what was a bug once must not come back, and what is planted must be caught.</summary>
public sealed class SeedFilesTests
{
    public static TheoryData<string> Files() =>
        [.. Directory.EnumerateFiles(Folder(), "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_bug_of_the_past_stays_fixed_and_a_planted_one_is_caught(string name)
    {
        var failure = FailureReader.Parse(File.ReadAllText(Path.Combine(Folder(), name + ".json")));
        var report = FailureReplay.Run(failure);
        if (failure.Planted is null)
        {
            report.Result.ShouldBeOneOf([SimulationResult.Pass, SimulationResult.Unknown], $"{failure.Invariant} is broken again: {report.Problem}");
        }
        else
        {
            report.Invariant.ShouldBe(failure.Invariant, report.Problem);
            report.Result.ShouldBe(failure.Result);
            failure.Scenario!.Operations.Count.ShouldBeLessThanOrEqualTo(10);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_planted_bug_is_all_that_is_wrong_with_its_file(string name)
    {
        var failure = FailureReader.Parse(File.ReadAllText(Path.Combine(Folder(), name + ".json")));
        FailureReplay.Run(failure with { Planted = null }).Result.ShouldBeOneOf(SimulationResult.Pass, SimulationResult.Unknown);
    }

    [Fact]
    public void Every_planted_bug_has_its_file() =>
        Directory.EnumerateFiles(Folder(), "*.json").Select(file => FailureReader.Parse(File.ReadAllText(file)).Planted).OfType<string>()
            .ShouldBe(Enum.GetNames<Canary>().Where(name => name != nameof(Canary.None)).Append(nameof(Canary.LostAcknowledgedBatch)), ignoreOrder: true);

    private static string Folder([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", "sim", "seeds"));
}
