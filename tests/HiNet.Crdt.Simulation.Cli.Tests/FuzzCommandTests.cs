using System.Text.Json;
using HiNet.Crdt.Simulation.Fuzzing;

namespace HiNet.Crdt.Simulation.Cli.Tests;

public sealed class FuzzCommandTests
{
    private const string Case = """
        {
          "fuzz": 1,
          "product": "0.0.0",
          "target": "entries",
          "seed": 7,
          "result": "crash",
          "oracle": "no-throw",
          "problem": "it threw",
          "operations": [
            { "do": "message", "twist": "seqGap", "who": 3 }
          ]
        }
        """;

    [Fact]
    public void A_run_prints_its_result_as_one_line_of_json()
    {
        var line = Fuzz("all", "--seeds", "1..8");
        line.GetProperty("result").GetString().ShouldBe("pass");
        line.GetProperty("oracle").ValueKind.ShouldBe(JsonValueKind.Null);
        line.GetProperty("cases").GetInt32().ShouldBe(8 * Fuzzer.Targets.Count);
        line.GetProperty("failed").GetInt32().ShouldBe(0);
        line.GetProperty("operations").GetInt32().ShouldBeGreaterThan(0);
        foreach (var target in Fuzzer.Targets)
        {
            line.GetProperty("kinds").GetProperty(target).EnumerateObject().Select(kind => kind.Name).ShouldBe(Fuzzer.KindsOf(target), ignoreOrder: true);
        }

        line.GetProperty("twists").GetProperty("none").GetArrayLength().ShouldBe(4);
        line.GetProperty("metrics").GetProperty("costStepsShare").GetDouble().ShouldBeInRange(1, 100);
        line.GetProperty("marks").GetProperty("epoch.created").GetInt32().ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Processes_and_threads_make_no_difference() =>
        Fuzz("all", "--seeds", "3..8", "--threads", "1").GetProperty("hash").GetString()
            .ShouldBe(Fuzz("all", "--seeds", "3..8", "--threads", "3").GetProperty("hash").GetString());

    [Fact]
    public void Without_json_it_ends_with_the_result_below_tables_of_what_was_made()
    {
        var (exitCode, output, problems) = SimulatorProcess.Run("fuzz", "control", "--seeds", "5..6");
        exitCode.ShouldBe(0, problems);
        output.ShouldContain("control does");
        output.ShouldMatch(@"(?m)^  crowd +\d");
        output.TrimEnd().Split('\n')[^2].ShouldBe("pass: 2 cases, 0 failed");
    }

    [Fact]
    public void A_limit_of_time_leaves_cases_out_and_changes_no_verdict()
    {
        var line = Fuzz("control", "--seeds", "1..100000000", "--seconds", "1");
        line.GetProperty("result").GetString().ShouldBe("pass");
        line.GetProperty("cases").GetInt32().ShouldBeInRange(1, 1_000_000);
    }

    [Fact]
    public void A_seed_and_a_number_of_runs_are_a_range() =>
        Fuzz("control", "--seed", "5", "--runs", "2").GetProperty("hash").GetString().ShouldBe(Fuzz("control", "--seeds", "5..6").GetProperty("hash").GetString());

    [Fact]
    public void Without_a_target_they_are_listed()
    {
        var (exitCode, output, problems) = SimulatorProcess.Run("fuzz", "--json");
        exitCode.ShouldBe(0, problems);
        output.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement.GetProperty("target").GetString())
            .ShouldBe(["entries", "channel", "control", "all"], ignoreOrder: true);
    }

    [Fact]
    public void A_saved_case_is_run_again()
    {
        using var file = SimulatorProcess.File(Case);
        var (exitCode, output, problems) = SimulatorProcess.Run("fuzz", "--replay", file.Path, "--json");
        exitCode.ShouldBe(0, problems);
        problems.ShouldContain("Not reproduced: no-throw has nothing to object to in this run.");
        var line = JsonDocument.Parse(output).RootElement;
        line.GetProperty("reproduced").GetBoolean().ShouldBeFalse();
        line.GetProperty("operations").GetInt32().ShouldBe(1);
    }

    [Theory]
    [InlineData("\"fuzz\": 1", "\"fuzz\": 9", "line 2, field fuzz")]
    [InlineData("\"message\"", "\"sing\"", "line 10, field operations[0].do")]
    public void A_file_that_is_no_case_is_refused_with_its_line(string text, string other, string expected)
    {
        using var file = SimulatorProcess.File(Case.Replace(text, other, StringComparison.Ordinal));
        var (exitCode, _, problems) = SimulatorProcess.Run("fuzz", "--replay", file.Path);
        exitCode.ShouldBe(2);
        problems.ShouldContain(expected);
    }

    [Theory]
    [InlineData("all", "--seeds", "9..3")]
    [InlineData("nothing")]
    [InlineData("all", "--seconds", "0")]
    [InlineData("all", "--runs", "0")]
    [InlineData("--replay", "there-is-no-such-file.json")]
    public void Wrong_usage_is_told_in_a_sentence(params string[] arguments)
    {
        var (exitCode, output, problems) = SimulatorProcess.Run(["fuzz", .. arguments]);
        exitCode.ShouldBe(2);
        output.ShouldBeEmpty();
        problems.ShouldStartWith("hinet-sim: ");
    }

    private static JsonElement Fuzz(params string[] arguments)
    {
        var (exitCode, output, problems) = SimulatorProcess.Run(["fuzz", .. arguments, "--json"]);
        exitCode.ShouldBe(0, problems);
        return JsonDocument.Parse(output).RootElement;
    }
}
