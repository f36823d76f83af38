using System.Runtime.CompilerServices;
using HiNet.Crdt.Simulation.Adversaries;
using HiNet.Crdt.Simulation.Failures;
using HiNet.Crdt.Simulation.Network;
using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Tests.Failures;

/// <summary><c>specs/11-failures.md</c> and its vectors.</summary>
public sealed class FailureFileTests
{
    private const string Minimal = """
        { "format": 1, "product": "0.1.0", "name": "x", "seed": 7, "result": "safety", "invariant": "no-self-fork", "at": "5s",
          "problem": "p", "traceHash": "0123456789abcdef", "scenario": { "nodes": 2, "duration": "1s" } }
        """;

    [Theory]
    [InlineData("failure-scenario")]
    [InlineData("failure-trace")]
    public void A_vector_is_read_and_written_back_byte_for_byte(string name)
    {
        var text = File.ReadAllText(Path.Combine(Vectors(), name + ".json"));
        FailureWriter.Write(FailureReader.Parse(text)).ShouldBe(text);
    }

    [Fact]
    public void The_vector_of_a_scenario_says_all_of_this()
    {
        var failure = FailureReader.Parse(File.ReadAllText(Path.Combine(Vectors(), "failure-scenario.json")));
        failure.Product.ShouldBe("0.1.0");
        failure.Commit.ShouldBe("00112233445566778899aabbccddeeff00112233");
        failure.Name.ShouldBe("all of it");
        failure.Seed.ShouldBe(ulong.MaxValue);
        failure.Result.ShouldBe(SimulationResult.Liveness);
        failure.Invariant.ShouldBe("convergence");
        failure.At.ShouldBe(TimeSpan.FromMicroseconds(61_000_250));
        failure.TraceHash.ShouldBe(0x0123_4567_89AB_CDEFUL);
        failure.Planted.ShouldBe("PublishedTwice");
        failure.FoundBy.ShouldBe("hinet-sim run \"all of it.json\" --seed 18446744073709551615");
        failure.Problem.ShouldBe("[convergence] node 1 said \"</script>\"\nand a tab\t");
        var scenario = failure.Scenario!;
        scenario.Network.ShouldBe(new NetworkOptions
        {
            MinimumLatency = TimeSpan.FromMicroseconds(1_500),
            MaximumLatency = TimeSpan.FromMilliseconds(300),
            Loss = 0.02,
            Duplicate = 0.01,
            Reorder = 0.05,
            Split = 0,
            Reset = 0.001,
            BytesPerSecond = 50_000,
            LinkBufferBytes = 100_000,
            StallTimeout = TimeSpan.FromSeconds(5),
            DialTimeout = TimeSpan.FromMilliseconds(2_500),
        });
        scenario.Faults.Select(fault => fault.Kind).ShouldBe(Enum.GetValues<FaultKind>());
        scenario.Adversaries.ShouldBe([new Adversary(2, AdversaryKind.PoisonClock)]);
        scenario.Operations.Select(operation => operation.Do).Distinct().ShouldBe(Enum.GetValues<OperationKind>(), ignoreOrder: true);
        scenario.Operations.Single(operation => operation.Do == OperationKind.Invite).ShouldSatisfyAllConditions(
            operation => operation.Invite.ShouldBe(3), operation => operation.Uses.ShouldBe(2));
        scenario.Operations.Single(operation => operation.Times > 1).ShouldSatisfyAllConditions(
            operation => operation.Times.ShouldBe(70), operation => operation.Bytes.ShouldBe(65_536));
        scenario.Operations.Single(operation => operation.IsAfterwards).At.ShouldBe(TimeSpan.FromMilliseconds(250));
        scenario.AttacksGoOn.ShouldBeTrue();
        scenario.Bounds.ShouldBe(new Dictionary<string, int> { ["parents"] = 2, ["segmentWindowBytes"] = 512 }, ignoreOrder: true);
        scenario.Operations[^1].IsDrawn.ShouldBeTrue();
        scenario.Operations[^1].Pick.ShouldBe(ulong.MaxValue);
    }

    [Fact]
    public void The_vector_of_a_history_keeps_who_had_seen_what()
    {
        var trace = FailureReader.Parse(File.ReadAllText(Path.Combine(Vectors(), "failure-trace.json"))).Trace!;
        trace.Replicas.ShouldBe(3);
        trace.History.Authors.ShouldBe(["a001", "a002"]);
        trace.History.Entries.Select(entry => entry.Id).ShouldBe([10L, -3L, 12L]);
        trace.History.Entries[2].Parents.ShouldBe([0, 1]);
    }

    [Fact]
    public void What_a_seed_makes_is_the_same_run_when_written_out_and_read_back()
    {
        for (ulong seed = 1; seed <= 3; seed++)
        {
            var report = ScenarioRunner.RunSwarm(seed);
            var failure = Failure.OfSwarm(report) with { Result = SimulationResult.Safety };
            var back = FailureReader.Parse(FailureWriter.Write(failure));
            FailureReplay.Run(back).TraceHash.ShouldBe(report.TraceHash);
            back.At.ShouldBe(report.VirtualTime);
            back.Commit.ShouldBe(BuildVersion.Commit);
        }
    }

    [Fact]
    public void A_run_that_differed_between_processes_fails_again_when_it_differs_from_what_was_recorded()
    {
        var scenario = new Scenario { Nodes = 1, Duration = TimeSpan.FromSeconds(1) };
        var report = ScenarioRunner.Run(scenario, 1, "x");
        var failure = Failure.Of(report, scenario) with { Result = SimulationResult.Nondeterminism };
        FailureReplay.Run(failure).Result.ShouldBe(SimulationResult.Pass);
        FailureReplay.Run(failure with { TraceHash = 1 }).Result.ShouldBe(SimulationResult.Nondeterminism);
    }

    [Fact]
    public void A_file_of_another_format_is_refused_by_naming_both_versions_even_if_its_fields_are_unknown()
    {
        var refusal = Should.Throw<FailureFormatException>(() => FailureReader.Parse("""{ "format": 2, "product": "9.8.7", "world": {} }"""));
        refusal.Message.ShouldBe($"the file is of failure format 2, and this version ({BuildVersion.Product}) reads format 1: run it with version 9.8.7 that wrote it.");
    }

    [Fact]
    public void A_planted_bug_that_this_build_does_not_know_is_refused_by_name() =>
        Should.Throw<FailureFormatException>(() => FailureReplay.Run(FailureReader.Parse(Minimal) with { Planted = "7" })).Message.ShouldContain("knows no planted bug \"7\"");

    [Theory]
    [InlineData("", "line 1: the file is empty; a failure file is an object with at least \"format\"")]
    [InlineData("{ \"nodes\": 2 }", "line 1, field (whole file): the field \"format\" is missing")]
    [InlineData("{ \"format\": 0 }", "field format: 0 does not fit")]
    [InlineData("[1]", "this is no object")]
    public void What_is_no_failure_file_is_refused(string text, string expected) => Refusal(text).ShouldContain(expected);

    [Theory]
    [InlineData("\"seed\": 7", "\"seed\": -7", "field seed: -7 does not fit; allowed is a whole number")]
    [InlineData("\"safety\"", "\"pass\"", "field result: \"pass\" does not fit; allowed is one of safety, liveness, crash, nondeterminism")]
    [InlineData("\"5s\"", "\"-5s\"", "field at: \"-5s\" is no time")]
    [InlineData("0123456789abcdef", "xyz", "field traceHash: \"xyz\" does not fit; allowed is 16 hex digits")]
    [InlineData("\"problem\"", "\"trouble\"", "the field \"problem\" is missing")]
    [InlineData("\"name\": \"x\"", "\"name\": \"x\", \"colour\": 1", "field colour: \"colour\" is unknown here")]
    [InlineData("\"nodes\": 2,", "\"nodes\": 2, \"surprise\": 2,", "line 2, field scenario.surprise: \"surprise\" is unknown here; allowed is nodes")]
    [InlineData("\"scenario\": { \"nodes\": 2, \"duration\": \"1s\" }", "\"planted\": \"x\"", "it holds a scenario and a trace, or neither")]
    [InlineData("\"scenario\": { \"nodes\": 2, \"duration\": \"1s\" }", "\"trace\": { \"replicas\": 2, \"entries\": [] }", "field trace.entries: the history is empty")]
    [InlineData("\"scenario\": { \"nodes\": 2, \"duration\": \"1s\" }", "\"trace\": { \"replicas\": 2, \"entries\": [{ \"id\": 1, \"parents\": [9], \"author\": \"a\", \"text\": \"\" }] }", "entry 1 names the parent 9, which is not in the file")]
    public void A_field_that_does_not_fit_is_named_with_its_line(string before, string after, string expected)
    {
        Minimal.ShouldContain(before);
        Refusal(Minimal.Replace(before, after, StringComparison.Ordinal)).ShouldContain(expected);
    }

    private static string Refusal(string text) => Should.Throw<FailureFormatException>(() => FailureReader.Parse(text)).Message;

    private static string Vectors([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", "specs", "vectors"));
}
