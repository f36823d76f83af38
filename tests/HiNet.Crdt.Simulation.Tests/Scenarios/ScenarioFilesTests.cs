using System.Runtime.CompilerServices;
using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Tests.Scenarios;

/// <summary>Every scenario of <c>sim/scenarios</c>, with a few seeds.</summary>
public sealed class ScenarioFilesTests
{
    public static TheoryData<string, int> Runs()
    {
        TheoryData<string, int> runs = [];
        foreach (var file in Directory.EnumerateFiles(Folder(), "*.json").Order(StringComparer.Ordinal))
        {
            runs.Add(Path.GetFileNameWithoutExtension(file), 1);
            runs.Add(Path.GetFileNameWithoutExtension(file), 2);
        }

        return runs;
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void A_scenario_breaks_no_invariant_and_converges(string name, int seed)
    {
        var scenario = ScenarioReader.Parse(File.ReadAllText(Path.Combine(Folder(), name + ".json")));
        var report = ScenarioRunner.Run(scenario, (ulong)seed, name);
        (report.Result is SimulationResult.Pass or SimulationResult.Unknown).ShouldBeTrue(report.Problem);
    }

    [Fact]
    public void Generated_worlds_break_no_invariant_and_converge()
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            var report = ScenarioRunner.RunSwarm(seed);
            (report.Result is SimulationResult.Pass or SimulationResult.Unknown).ShouldBeTrue(report.Problem);
        }
    }

    private static string Folder([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", "sim", "scenarios"));
}
