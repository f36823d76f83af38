using System.Globalization;
using HiNet.Crdt.Simulation.Fuzzing;

namespace HiNet.Crdt.Simulation.Cli;

/// <summary>Shrinks the first cases that failed of each target and oracle, keeps them as files, and says on stderr how to see them again.</summary>
internal sealed class FuzzFailureStore(DirectoryInfo folder)
{
    private const int SavedOfOneOracle = 3;
    private const int SeedsShown = 10;

    /// <summary>Asked before a run, so that no run is in vain.</summary>
    public void Check() => new FailureStore(folder).Check();

    public void SaveAndTell(IReadOnlyList<FuzzReport> failures)
    {
        foreach (var alike in failures.GroupBy(report => (report.Target, report.Oracle)))
        {
            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {alike.Key.Target}: {alike.Key.Oracle} objects to {alike.Count():N0} cases, seeds {string.Join(", ", alike.Take(SeedsShown).Select(report => report.Seed))}{(alike.Count() > SeedsShown ? " and others" : string.Empty)}"));
            foreach (var report in alike.Take(SavedOfOneOracle))
            {
                SaveAndTell(Fuzzer.Shrink(report), report.Operations);
            }
        }
    }

    private void SaveAndTell(FuzzFailure failure, int before)
    {
        var path = Path.Combine(folder.FullName, string.Create(CultureInfo.InvariantCulture, $"fuzz-{failure.Target}-{failure.Seed}-{failure.Oracle}.json"));
        Console.Error.WriteLine($"  seed {failure.Seed}, commit {failure.Commit ?? "unknown"}, target {failure.Target}, {failure.Count} of {before} operations left: [{failure.Oracle}] {failure.Problem}");
        try
        {
            folder.Create();
            File.WriteAllText(path, failure.Write());
            Console.Error.WriteLine($"    Saved: {path}");
            Console.Error.WriteLine($"    Again: hinet-sim fuzz --replay {FailureStore.Quoted(path)}");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"    Not saved: {problem.Message}");
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    Again: hinet-sim fuzz --target {failure.Target} --seeds {failure.Seed}..{failure.Seed}"));
        }
    }
}
