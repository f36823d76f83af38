using System.Globalization;
using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Cli;

/// <summary>A report in sentences.</summary>
internal static class ReportText
{
    /// <param name="report">What to say.</param>
    /// <param name="command">How to see it again; null where that is said elsewhere.</param>
    public static void Write(RunReport report, string? command)
    {
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{ReportJson.NameOf(report.Result)}: {report.Scenario}, seed {report.Seed}: {report.Events:N0} events, {report.VirtualTime.TotalSeconds:0.0} virtual seconds in {report.WallTime.TotalSeconds:0.00} s, trace {ReportJson.HashOf(report.TraceHash)}"));
        foreach (var (name, value) in report.Metrics.OrderBy(metric => metric.Key, StringComparer.Ordinal))
        {
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-24} {value:0.###}"));
        }

        foreach (var kind in report.Explained)
        {
            Console.Out.WriteLine("  never succeeded, and could not: " + kind);
        }

        if (report.Problem is not null)
        {
            Console.Error.WriteLine(report.Problem);
        }

        if (report.Problem is not null && command is not null)
        {
            Console.Error.WriteLine("Again: " + command);
        }
    }
}
