using System.Text.Json;

namespace HiNet.Crdt.Simulation.Cli.Tests;

/// <summary>What a failure leaves, and the verbs that look at it.</summary>
public sealed class FailureCommandTests
{
    // No network carries so much in ten minutes: a failure that needs no bug.
    private static readonly string s_hopeless = $$"""
        { "nodes": 2, "duration": "20s", "network": { "bytesPerSecond": 2000 },
          "operations": [ { "at": "1s", "node": 0, "do": "meet", "member": 1 }, { "at": "2s", "node": 0, "do": "direct", "member": 1 },
            {{string.Join(", ", Enumerable.Range(0, 64).Select(i => $$"""{ "at": "{{3 + (i / 4)}}s", "node": {{i % 2}}, "do": "send", "text": "{{new string('x', 60_000)}}" }"""))}} ] }
        """;

    [Fact]
    public void A_failing_run_is_saved_and_one_command_shows_it_again()
    {
        using var scenario = SimulatorProcess.File(s_hopeless);
        using var folder = new TemporaryFolder();
        var (exitCode, output, problems) = SimulatorProcess.Run("run", scenario.Path, "--seed", "3", "--failures", folder.Path, "--json");
        exitCode.ShouldBe(11, problems);
        var run = LastLine(output);
        run.GetProperty("invariant").GetString().ShouldBe("convergence");
        var file = Directory.GetFiles(folder.Path).ShouldHaveSingleItem();
        problems.ShouldContain("seed 3, commit ");
        problems.ShouldContain("invariant convergence, at ");
        problems.ShouldContain($"Again: hinet-sim replay {file}");

        var again = SimulatorProcess.Run("replay", file, "--json");
        again.ExitCode.ShouldBe(11, again.Problems);
        var replayed = LastLine(again.Output);
        replayed.GetProperty("reproduced").GetBoolean().ShouldBeTrue();
        replayed.GetProperty("invariant").GetString().ShouldBe("convergence");
        replayed.GetProperty("traceHash").GetString().ShouldBe(run.GetProperty("traceHash").GetString());
        again.Problems.ShouldContain("Reproduced: convergence is broken again.");
        again.Problems.ShouldNotContain("trace hash differs");
    }

    [Fact]
    public void A_sweep_saves_its_failures_too()
    {
        using var scenario = SimulatorProcess.File(s_hopeless);
        using var folder = new TemporaryFolder();
        var (exitCode, _, problems) = SimulatorProcess.Run("sweep", scenario.Path, "--seeds", "1..2", "--processes", "1", "--failures", folder.Path, "--json");
        exitCode.ShouldBe(11, problems);
        Directory.GetFiles(folder.Path).Length.ShouldBe(2);
        SimulatorProcess.Run("replay", Directory.GetFiles(folder.Path).Order().Last()).Problems.ShouldContain("Reproduced: convergence is broken again.");
    }

    [Fact]
    public void A_run_that_passes_leaves_no_file()
    {
        using var scenario = SimulatorProcess.File("""{ "nodes": 2, "duration": "20s", "workload": { "messagesPerSecond": 2 } }""");
        using var folder = new TemporaryFolder();
        SimulatorProcess.Run("run", scenario.Path, "--seed", "5", "--failures", folder.Path).ExitCode.ShouldBe(0);
        Directory.GetFiles(folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public void A_replay_tells_of_transitions_with_a_column_for_each_node()
    {
        var (exitCode, _, problems) = SimulatorProcess.Run("replay", SimulatorProcess.Seed("lost-acknowledged-batch"), "--log");
        exitCode.ShouldBe(10);
        problems.ShouldContain("  0: starts");
        problems.ShouldContain("        1: starts");
        problems.ShouldContain("1: crashes");
        problems.ShouldContain("is linked with node ");
        problems.ShouldNotContain("PeerConnected");
        problems.ShouldMatch(@"(?m)^ +[\d.]+  \*: \[durable-prefix\]");
    }

    [Fact]
    public void A_log_says_what_people_do_and_what_is_refused()
    {
        using var scenario = SimulatorProcess.File("""
            { "nodes": 2, "duration": "10s",
              "operations": [ { "at": "1s", "node": 0, "do": "invite", "invite": 3, "uses": 2 }, { "at": "2s", "node": 1, "do": "accept", "invite": 3 },
                { "at": "3s", "node": 0, "do": "group", "members": [1] }, { "at": "5s", "node": 0, "do": "send", "text": "" },
                { "at": "6s", "node": 0, "do": "send", "text": "hello", "times": 2 } ] }
            """);
        var (exitCode, _, problems) = SimulatorProcess.Run("run", scenario.Path, "--log");
        exitCode.ShouldBe(0, problems);
        problems.ShouldContain("0: makes invite 3 for 2 people");
        problems.ShouldContain("1: accepts invite 3");
        problems.ShouldContain("0: is refused: ");
        problems.ShouldContain("0: writes \"hello\", 2 times at once");
        problems.ShouldNotContain("attacks end");
    }

    [Fact]
    public void Where_failures_cannot_be_saved_is_said_before_anything_runs()
    {
        using var file = SimulatorProcess.File("x");
        using var scenario = SimulatorProcess.File(s_hopeless);
        foreach (var verb in new[] { new[] { "run", scenario.Path }, ["sweep", scenario.Path, "--seeds", "1..2"] })
        {
            var (exitCode, output, problems) = SimulatorProcess.Run([.. verb, "--failures", Path.Combine(file.Path, "below")]);
            exitCode.ShouldBe(2);
            output.ShouldBeEmpty();
            problems.ShouldContain($"{file.Path} is a file");
        }
    }

    [Fact]
    public void A_scenario_and_a_failure_are_told_apart()
    {
        using var scenario = SimulatorProcess.File(s_hopeless);
        SimulatorProcess.Run("replay", scenario.Path).Problems.ShouldContain($"try hinet-sim run {scenario.Path}");
        var seed = SimulatorProcess.Seed("published-twice");
        SimulatorProcess.Run("run", seed).Problems.ShouldContain($"try hinet-sim replay {seed}");
        SimulatorProcess.Run("run", Path.GetTempPath()).Problems.ShouldContain("is a folder: give the path of a scenario.");
        SimulatorProcess.Run("shrink", seed, "--out", "no-such-folder/x.json").Problems.ShouldContain("there is no folder ");
    }

    [Fact]
    public void A_trace_hash_that_differs_is_said()
    {
        using var file = SimulatorProcess.File(Regex(File.ReadAllText(SimulatorProcess.Seed("published-twice")), "\"traceHash\": \"[0-9a-f]+\"", "\"traceHash\": \"00000000000000aa\""));
        var (exitCode, _, problems) = SimulatorProcess.Run("replay", file.Path);
        exitCode.ShouldBe(10);
        problems.ShouldContain("Reproduced");
        problems.ShouldContain("The trace hash differs: 00000000000000aa was recorded");
    }

    [Fact]
    public void A_failure_that_is_gone_passes_and_is_said_to_be_gone()
    {
        using var file = SimulatorProcess.File(Regex(File.ReadAllText(SimulatorProcess.Seed("published-twice")), "  \"planted\": \"PublishedTwice\",\n", string.Empty));
        var (exitCode, output, problems) = SimulatorProcess.Run("replay", file.Path, "--json");
        exitCode.ShouldBe(0, problems);
        LastLine(output).GetProperty("reproduced").GetBoolean().ShouldBeFalse();
        problems.ShouldContain("Not reproduced: events-once-in-order holds in this run.");
        problems.ShouldNotContain("trace hash differs");
        using var folder = new TemporaryFolder();
        var smaller = Path.Combine(folder.Path, "small.json");
        SimulatorProcess.Run("shrink", file.Path, "--out", smaller).ExitCode.ShouldBe(0);
        File.Exists(smaller).ShouldBeFalse();
    }

    [Fact]
    public void A_shrunk_failure_is_smaller_and_breaks_the_same_invariant()
    {
        using var file = SimulatorProcess.File("""
            { "format": 1, "product": "0.1.0", "name": "planted", "seed": 1, "result": "safety", "invariant": "durable-prefix", "at": "1s", "problem": "x",
              "traceHash": "0000000000000000", "planted": "LostAcknowledgedBatch",
              "scenario": { "nodes": 3, "duration": "20s", "workload": { "messagesPerSecond": 3 }, "faults": [ { "at": "8s", "crash": 1 }, { "at": "9s", "restart": 1 }, { "at": "12s", "pause": 0 } ] } }
            """);
        using var folder = new TemporaryFolder();
        var smaller = Path.Combine(folder.Path, "small.json");
        var (exitCode, output, problems) = SimulatorProcess.Run("shrink", file.Path, "--out", smaller, "--json");
        exitCode.ShouldBe(10, problems);
        var line = LastLine(output);
        line.GetProperty("invariant").GetString().ShouldBe("durable-prefix");
        line.GetProperty("minimal").GetBoolean().ShouldBeTrue();
        (line.GetProperty("operations").GetInt32() + line.GetProperty("faults").GetInt32()).ShouldBeLessThanOrEqualTo(5);
        line.GetProperty("file").GetString().ShouldBe(smaller);
        var replay = SimulatorProcess.Run("replay", smaller);
        replay.ExitCode.ShouldBe(10, replay.Problems);
        replay.Problems.ShouldNotContain("trace hash differs");
    }

    [Fact]
    public void A_diagram_is_one_page()
    {
        using var folder = new TemporaryFolder();
        var page = Path.Combine(folder.Path, "page.html");
        var (exitCode, output, problems) = SimulatorProcess.Run("diagram", SimulatorProcess.Seed("lost-acknowledged-batch"), "--out", page);
        exitCode.ShouldBe(0, problems);
        output.Trim().ShouldBe(page);
        File.ReadAllText(page).ShouldStartWith("<!doctype html>");
    }

    [Theory]
    [InlineData("replay")]
    [InlineData("replay", "missing.json")]
    [InlineData("replay", "no-such-folder/missing.json")]
    [InlineData("shrink", "missing.json")]
    [InlineData("diagram", "missing.json", "--out", "x.html")]
    [InlineData("diagram", "missing.json")]
    public void Wrong_usage_exits_2_with_a_sentence(params string[] arguments)
    {
        var (exitCode, output, problems) = SimulatorProcess.Run(arguments);
        exitCode.ShouldBe(2);
        output.ShouldBeEmpty();
        problems.ShouldStartWith("hinet-sim: ");
    }

    [Theory]
    [InlineData("replay")]
    [InlineData("shrink")]
    [InlineData("diagram", "--out", "x.html")]
    public void A_file_of_another_format_is_refused(params string[] verb)
    {
        using var file = SimulatorProcess.File("""{ "format": 9, "product": "7.0.0" }""");
        var (exitCode, _, problems) = SimulatorProcess.Run([verb[0], file.Path, .. verb[1..]]);
        exitCode.ShouldBe(2);
        problems.ShouldContain("the file is of failure format 9");
        problems.ShouldContain("run it with version 7.0.0 that wrote it");
    }

    [Theory]
    [InlineData("", "line 1: the file is empty")]
    [InlineData("{ \"nodes\": 2,\n  \"duration\": \"5s\",\n  \"speed\": 1 }", "line 3, field speed: \"speed\" is unknown here; allowed is nodes, duration")]
    [InlineData("{ \"nodes\": 2, \"duration\": \"5s\",\n  \"faults\": [ { \"at\": \"1s\", \"crash\": 2 } ] }", "line 2, field faults[0].crash: 2 does not fit; allowed is a node from 0 to 1")]
    [InlineData("{ \"nodes\": 2, \"duration\": \"5s\",\n  \"faults\": [ { \"at\": \"-1s\", \"crash\": 1 } ] }", "line 2, field faults[0].at: \"-1s\" is no time")]
    [InlineData("{ \"nodes\": 2, \"duration\": \"5s\",\n  \"network\": { \"loss\": 2 } }", "line 2, field network.loss: 2 does not fit; allowed is a probability, a number from 0 to 1")]
    public void A_scenario_that_cannot_be_is_refused_with_line_and_field(string text, string expected)
    {
        using var file = SimulatorProcess.File(text);
        foreach (var verb in new[] { new[] { "run", file.Path }, ["sweep", file.Path, "--seeds", "1..1"] })
        {
            var (exitCode, output, problems) = SimulatorProcess.Run(verb);
            exitCode.ShouldBe(2);
            output.ShouldBeEmpty();
            problems.ShouldContain(expected);
        }
    }

    private static JsonElement LastLine(string output) => JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]).RootElement;

    private static string Regex(string text, string pattern, string replacement) => System.Text.RegularExpressions.Regex.Replace(text, pattern, replacement);

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("hinet-sim-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
