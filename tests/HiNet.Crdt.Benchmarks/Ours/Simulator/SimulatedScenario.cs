using System.Diagnostics;
using System.Globalization;
using HiNet.Crdt.Benchmarks.Framework;
using HiNet.Crdt.Simulation;
using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Benchmarks.Ours.Simulator;

/// <summary>The simulating process: many runs of the scenario of five nodes, or one run of a world of some size.</summary>
internal static class SimulatedScenario
{
    public const string Work = "simulate";

    private const int WarmUp = 20;
    private const int Runs = 40;

    /// <param name="arguments"><c>five-nodes</c> and a number that tells the processes' seeds apart, or <c>nodes</c> and how many.</param>
    public static Dictionary<string, double> Run(string[] arguments)
    {
        var number = ulong.Parse(arguments[1], CultureInfo.InvariantCulture);
        return arguments[0] == "five-nodes" ? RunMany(1 + (number * (WarmUp + Runs))) : RunWorld((int)number);
    }

    private static Dictionary<string, double> RunMany(ulong seed)
    {
        var scenario = ScenarioReader.Parse(File.ReadAllText(Path.Combine(Workspace.Root, "sim", "scenarios", "five-nodes.json")));
        for (var i = 0; i < WarmUp; i++)
        {
            Passing(scenario, seed++);
        }

        var started = Stopwatch.GetTimestamp();
        long events = 0;
        for (var i = 0; i < Runs; i++)
        {
            events += Passing(scenario, seed++).Events;
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return new() { [Metric.Rate] = Runs / seconds, [Metric.EventRate] = events / seconds };
    }

    private static Dictionary<string, double> RunWorld(int nodes)
    {
        var scenario = new Scenario
        {
            Nodes = nodes,
            Duration = TimeSpan.FromSeconds(60),
            Workload = new WorkloadOptions { MessagesPerSecond = 5, Conversations = 1 },
        };
        var started = Stopwatch.GetTimestamp();
        Passing(scenario, 1);
        return new() { [Metric.Seconds] = Stopwatch.GetElapsedTime(started).TotalSeconds };
    }

    private static RunReport Passing(Scenario scenario, ulong seed)
    {
        var report = ScenarioRunner.Run(scenario, seed, "bench");
        return report.Result is SimulationResult.Pass or SimulationResult.Unknown
            ? report
            : throw new MeasurementException($"seed {seed} does not pass: {report.Problem}");
    }
}
