using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace HiNet.Crdt.Simulation.Cli.Tests;

public sealed class SimulatorCommandTests
{
    private const string Small = """{ "nodes": 2, "duration": "20s", "workload": { "messagesPerSecond": 2 } }""";

    [Fact]
    public void A_run_prints_its_result_as_one_line_of_json()
    {
        using var file = SimulatorProcess.File(Small);
        var (exitCode, output, problems) = SimulatorProcess.Run("run", file.Path, "--seed", "5", "--json");
        exitCode.ShouldBe(0, problems);
        var line = JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]).RootElement;
        line.GetProperty("result").GetString().ShouldBe("pass");
        line.GetProperty("invariant").ValueKind.ShouldBe(JsonValueKind.Null);
        line.GetProperty("seed").GetUInt64().ShouldBe(5UL);
        line.GetProperty("events").GetInt64().ShouldBeGreaterThan(0);
        line.GetProperty("virtualSeconds").GetDouble().ShouldBeGreaterThan(20);
        line.GetProperty("wallSeconds").GetDouble().ShouldBeGreaterThan(0);
        line.GetProperty("eventsPerSecond").GetDouble().ShouldBeGreaterThan(0);
        line.GetProperty("traceHash").GetString()!.Length.ShouldBe(16);
        line.GetProperty("marksMissed").ValueKind.ShouldBe(JsonValueKind.Array);
        line.GetProperty("metrics").GetProperty("messages").GetDouble().ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_run_without_a_scenario_is_the_world_that_a_sweep_draws_from_the_seed()
    {
        var (exitCode, output, problems) = SimulatorProcess.Run("run", "--seed", "17", "--json");
        exitCode.ShouldBe(0, problems);
        var alone = JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]).RootElement;
        var swept = JsonDocument.Parse(SimulatorProcess.Run("sweep", "--seeds", "17..17", "--json").Output.TrimEnd().Split('\n')[^1]).RootElement;
        foreach (var field in new[] { "scenario", "events", "virtualSeconds" })
        {
            alone.GetProperty(field).ToString().ShouldBe(swept.GetProperty(field).ToString(), field);
        }
    }

    [Fact]
    public void Two_processes_run_a_seed_alike()
    {
        var scenario = SimulatorProcess.Scenario("five-nodes");
        Trace(SimulatorProcess.Run("run", scenario, "--seed", "1", "--json")).ShouldBe(Trace(SimulatorProcess.Run("run", scenario, "--seed", "1", "--json")));
    }

    [Fact]
    public void A_commit_is_a_seed()
    {
        using var file = SimulatorProcess.File(Small);
        var (exitCode, output, _) = SimulatorProcess.Run("run", file.Path, "--seed", "00000000000000ff00000000000000000000abcd", "--json");

        // Unknown (14) is a result too: so short a run may attempt something only where it has to be refused.
        exitCode.ShouldBeOneOf(0, 14);
        output.ShouldContain("\"seed\":255");
    }

    [Fact]
    public void A_sweep_shares_its_seeds_and_compares_some_in_a_second_process()
    {
        using var file = SimulatorProcess.File(Small);
        var (exitCode, output, problems) = SimulatorProcess.Run("sweep", file.Path, "--seeds", "5..9", "--processes", "2", "--json");
        exitCode.ShouldBe(0, problems);
        var metrics = JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]).RootElement.GetProperty("metrics");
        metrics.GetProperty("seeds").GetInt32().ShouldBe(5);
        metrics.GetProperty("seedsCompared").GetInt32().ShouldBe(1);
        SimulatorProcess.Run("sweep", file.Path, "--seeds", "5..9", "--processes", "1", "--shard", "2/3", "--json").Output.ShouldContain("\"seeds\":2");
    }

    [Fact]
    public void A_sweep_that_is_ended_by_a_program_tells_of_the_seeds_that_were_run()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var (exitCode, output, problems) = SimulatorProcess.Run(EndTwice, "sweep", "--seeds", "1..100000", "--processes", "2", "--json");
        exitCode.ShouldBe(130, problems);
        var line = JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]).RootElement;
        line.GetProperty("metrics").GetProperty("seeds").GetInt32().ShouldBeLessThan(100_000);
        problems.ShouldContain("of 100,000 seeds were run");
    }

    // As the timeout of a shell does, which signals the process, and then all that belong to it.
    private static void EndTwice(Process sweep)
    {
        SpinWait.SpinUntil(() => sweep.HasExited || File.ReadAllText($"/proc/{sweep.Id}/task/{sweep.Id}/children").Length > 0, TimeSpan.FromMinutes(2));
        for (var i = 0; i < 2; i++)
        {
            using var kill = Process.Start("kill", ["-TERM", sweep.Id.ToString(CultureInfo.InvariantCulture)]);
            kill.WaitForExit();
        }
    }

    [Fact]
    public void A_sweep_ends_with_the_bounds_and_marks_that_were_met_and_the_refusals_that_were_judged()
    {
        using var file = SimulatorProcess.File("""
            { "nodes": 2, "duration": "5s", "workload": { "messagesPerSecond": 2 },
              "operations": [ { "at": "4s", "node": 0, "do": "send", "bytes": 65537 } ] }
            """);
        var (exitCode, output, problems) = SimulatorProcess.Run("sweep", file.Path, "--seeds", "5..6", "--processes", "1", "--json");
        exitCode.ShouldBe(0, problems);
        var line = JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]).RootElement;
        line.GetProperty("bounds").GetProperty("bound.text").GetInt32().ShouldBe(2);
        line.GetProperty("bounds").GetProperty("bound.parked.runs").GetInt32().ShouldBe(0);
        line.GetProperty("marks").GetProperty("epoch.created").GetInt32().ShouldBe(2);
        line.GetProperty("marks").TryGetProperty("bound.text", out _).ShouldBeFalse();
        line.GetProperty("refusals").GetProperty("TextInvalid").EnumerateArray().Select(count => count.GetInt32()).ShouldBe([2, 0]);
        var table = SimulatorProcess.Run("sweep", file.Path, "--seeds", "5..6", "--processes", "1").Output;
        table.ShouldMatch(@"(?m)^  text +2 +100\.0$");
        table.ShouldMatch(@"(?m)^  parked\.runs +0 +0\.0 never$");
        table.ShouldMatch(@"(?m)^  TextInvalid +2 +0$");
        table.TrimEnd().Split('\n')[^2].ShouldBe("pass: 2 pass");
    }

    [Fact]
    public void A_part_without_seeds_is_wrong_usage()
    {
        var (exitCode, output, problems) = SimulatorProcess.Run("sweep", "--seeds", "1..2", "--shard", "5/9");
        exitCode.ShouldBe(2);
        output.ShouldBeEmpty();
        problems.ShouldContain("none of the seeds 1..2 belongs to part 5/9");
    }

    [Fact]
    public void A_trace_is_replayed()
    {
        using var file = SimulatorProcess.File("""
            {"id": 1, "parents": [], "author": "a001", "time": 5, "text": "one"}
            {"id": 2, "parents": [1], "author": "a002", "time": 4, "text": "two"}
            {"id": 3, "parents": [1], "author": "a001", "time": 3, "text": ""}
            {"id": 4, "parents": [2, 3], "author": "a003", "time": 2, "text": "merge"}
            """);
        var (exitCode, output, problems) = SimulatorProcess.Run("trace", file.Path, "--seed", "2", "--json");
        exitCode.ShouldBe(0, problems);
        output.ShouldContain("\"result\":\"pass\"");
    }

    [Theory]
    [InlineData("{\"nodes\": 2, \"duration\": \"1s\", \"surprise\": 1}", "field surprise")]
    [InlineData("", "the file is empty")]
    public void A_scenario_that_is_not_allowed_is_wrong_usage(string scenario, string expected)
    {
        using var file = SimulatorProcess.File(scenario);
        var (exitCode, output, problems) = SimulatorProcess.Run("run", file.Path, "--json");
        exitCode.ShouldBe(2);
        output.ShouldBeEmpty();
        problems.ShouldContain(expected);
    }

    [Theory]
    [InlineData("run", "missing.json")]
    [InlineData("run")]
    [InlineData("dance")]
    [InlineData("sweep")]
    [InlineData("sweep", "--seeds", "9..5")]
    [InlineData("sweep", "--seeds", "1..5", "--shard", "0/3")]
    [InlineData("sweep", "--seeds", "1..5", "--shard", "1/100001")]
    [InlineData("sweep", "--seeds", "1..5", "--processes", "0")]
    [InlineData("sweep", "--seeds", "1..5", "--processes", "many")]
    [InlineData("trace", "missing.jsonl")]
    [InlineData("trace", "missing.jsonl", "--replicas", "many")]
    [InlineData("shrink", "missing.json", "--runs", "many")]
    public void Wrong_usage_exits_2_with_a_sentence(params string[] arguments)
    {
        var (exitCode, _, problems) = SimulatorProcess.Run(arguments);
        exitCode.ShouldBe(2);
        problems.ShouldStartWith("hinet-sim: ");
    }

    [Fact]
    public void A_cyclic_trace_is_wrong_usage_and_names_the_id()
    {
        using var file = SimulatorProcess.File("""{"id": 4, "parents": [4], "author": "a", "time": 1, "text": "x"}""");
        var (exitCode, _, problems) = SimulatorProcess.Run("trace", file.Path);
        exitCode.ShouldBe(2);
        problems.ShouldContain("entry 4 is its own ancestor");
    }

    [Fact]
    public void A_trace_with_a_dangling_parent_is_wrong_usage_and_names_both_ids()
    {
        using var file = SimulatorProcess.File("""{"id": 4, "parents": [99], "author": "a", "time": 1, "text": "x"}""");
        var (exitCode, _, problems) = SimulatorProcess.Run("trace", file.Path);
        exitCode.ShouldBe(2);
        problems.ShouldContain("line 1: entry 4 names the parent 99, which is not in the file");
    }

    private static string Trace((int ExitCode, string Output, string Problems) run)
    {
        run.ExitCode.ShouldBe(0, run.Problems);
        return JsonDocument.Parse(run.Output).RootElement.GetProperty("traceHash").GetString()!;
    }
}
