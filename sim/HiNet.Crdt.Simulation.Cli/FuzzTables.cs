using System.Globalization;
using HiNet.Crdt.Simulation.Fuzzing;

namespace HiNet.Crdt.Simulation.Cli;

/// <summary>What a run of the fuzzer has made and reached, as tables.</summary>
internal static class FuzzTables
{
    public static void Show(TextWriter writer, FuzzSummary summary)
    {
        foreach (var (target, kinds) in summary.Kinds)
        {
            Show(writer, target + " does", kinds);
        }

        Show(writer, "out of the ordinary", summary.Twists);
        writer.WriteLine($"  {"mark hit",-28} {"cases",10}");
        foreach (var (mark, cases) in summary.Marks)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {mark,-28} {cases,10:N0}"));
        }

        writer.WriteLine();
        writer.WriteLine($"  {"counted",-28} {"in all",10}");
        foreach (var (metric, value) in summary.Metrics)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {metric,-28} {value,10:N0}"));
        }

        writer.WriteLine();
    }

    /// <summary>The last lines: what came of it, and how fast.</summary>
    public static string Result(FuzzSummary summary, TimeSpan time)
    {
        var cases = summary.Cases.Values.Sum();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{ReportJson.NameOf(summary.Worst)}: {cases:N0} cases, {summary.Failures.Count:N0} failed\n  {summary.Operations:N0} operations in {time.TotalSeconds:0.0} s, {cases / Math.Max(time.TotalSeconds, 0.001):0} cases/s; hash {ReportJson.HashOf(summary.Hash)}");
    }

    private static void Show(TextWriter writer, string title, SortedDictionary<string, FuzzTally> table)
    {
        writer.WriteLine($"  {title,-28} {"drawn",10} {"made",10} {"accepted",10} {"refused",10}");
        foreach (var (name, tally) in table)
        {
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {name,-28} {tally.Drawn,10:N0} {tally.Made,10:N0} {Share(tally.Accepted, tally.Made),10} {Share(tally.Refused, tally.Made),10} {(tally.Drawn == 0 ? "never" : string.Empty)}").TrimEnd());
        }

        writer.WriteLine();
    }

    private static string Share(long part, long whole) =>
        whole == 0 ? "-" : string.Create(CultureInfo.InvariantCulture, $"{100.0 * part / whole:0.0}%");
}
