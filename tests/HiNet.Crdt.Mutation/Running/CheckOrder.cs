using HiNet.Crdt.Mutation.Mutants;

namespace HiNet.Crdt.Mutation.Running;

/// <summary>
/// In which order a mutant's checks run: those first that noticed other mutants of the same file, then the file's own tests, then those of
/// its folder, then what is quick. Seeds come after the tests. What does not fit into the time that one mutant may cost is left out.
/// </summary>
/// <param name="budget">What the checks of one mutant may cost, by the time that they took while they were recorded.</param>
internal sealed class CheckOrder(TimeSpan budget)
{
    // Tests may not take the seeds' time.
    private const double ShareOfTests = 0.5;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string File, string Check), int> _kills = [];

    public void Noticed(Mutant mutant, string check)
    {
        lock (_gate)
        {
            _kills[(mutant.File, check)] = _kills.GetValueOrDefault((mutant.File, check)) + 1;
        }
    }

    public IReadOnlyList<CheckProfile> Order(Mutant mutant, IEnumerable<CheckProfile> reaching)
    {
        var checks = reaching.ToList();
        var own = OwnTests(mutant.File);
        var folder = own[..(own.LastIndexOf('.') + 1)];
        lock (_gate)
        {
            var tests = Fit(
                checks.Where(check => !check.IsSeed)
                    .OrderByDescending(check => KillsOf(mutant, check))
                    .ThenByDescending(check => check.Name.StartsWith(own, StringComparison.Ordinal))
                    .ThenByDescending(check => check.Name.StartsWith(folder, StringComparison.Ordinal))
                    .ThenBy(check => check.Milliseconds),
                budget * ShareOfTests,
                out var spent);
            var seeds = Fit(
                checks.Where(check => check.IsSeed).OrderByDescending(check => KillsOf(mutant, check)).ThenBy(check => check.Milliseconds),
                budget - spent,
                out _);
            return [.. tests, .. seeds];
        }
    }

    // The name up to where the tests of other parts of a type begin: ".Log.Entry" begins the names in ".Log.EntryTests".
    private static string OwnTests(string file) => "HiNet.Crdt.Core.Tests." + file.Split('.')[0].Replace('/', '.');

    private static List<CheckProfile> Fit(IEnumerable<CheckProfile> checks, TimeSpan budget, out TimeSpan spent)
    {
        List<CheckProfile> fitting = [];
        spent = TimeSpan.Zero;
        foreach (var check in checks)
        {
            var cost = TimeSpan.FromMilliseconds(check.Milliseconds);
            if (spent + cost <= budget || fitting.Count == 0)
            {
                spent += cost;
                fitting.Add(check);
            }
        }

        return fitting;
    }

    private int KillsOf(Mutant mutant, CheckProfile check) => _kills.GetValueOrDefault((mutant.File, check.Name));
}
