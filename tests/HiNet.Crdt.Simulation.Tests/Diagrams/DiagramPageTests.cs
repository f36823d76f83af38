using System.Text.Json;
using System.Text.RegularExpressions;
using HiNet.Crdt.Simulation.Diagrams;
using HiNet.Crdt.Simulation.Failures;
using HiNet.Crdt.Simulation.Invariants;
using HiNet.Crdt.Simulation.Network;
using HiNet.Crdt.Simulation.Nodes;
using HiNet.Crdt.Simulation.Scenarios;
using HiNet.Crdt.Simulation.Traces;

namespace HiNet.Crdt.Simulation.Tests.Diagrams;

public sealed partial class DiagramPageTests
{
    private static readonly Scenario s_scenario = new()
    {
        Nodes = 3,
        Duration = TimeSpan.FromSeconds(30),
        Network = new NetworkOptions { Loss = 0.02 },
        Workload = new WorkloadOptions { MessagesPerSecond = 3, Conversations = 2 },
        Operations = [new Operation { At = TimeSpan.FromSeconds(9), Node = 0, Do = OperationKind.Send, Text = "\"</script><img src=x>" }],
        Faults =
        [
            new Fault { At = TimeSpan.FromSeconds(4), Kind = FaultKind.Partition, Groups = [[0], [1, 2]] },
            new Fault { At = TimeSpan.FromSeconds(8), Kind = FaultKind.Heal },
            new Fault { At = TimeSpan.FromSeconds(9), Kind = FaultKind.Cut, Node = 0, To = 2 },
            new Fault { At = TimeSpan.FromSeconds(10), Kind = FaultKind.Pause, Node = 0 },
            new Fault { At = TimeSpan.FromSeconds(11), Kind = FaultKind.Resume, Node = 0 },
            new Fault { At = TimeSpan.FromSeconds(12), Kind = FaultKind.Crash, Node = 1 },
            new Fault { At = TimeSpan.FromSeconds(14), Kind = FaultKind.Restart, Node = 1 },
        ],
    };

    private static readonly Lazy<(Failure Failure, string Page)> s_drawn = new(() =>
    {
        var report = ScenarioRunner.Run(s_scenario, 1, "<b>bold</b>", EngineProgram.Instance, Canary.LostAcknowledgedBatch);
        var failure = Failure.Of(report, s_scenario) with { Planted = nameof(Canary.LostAcknowledgedBatch) };
        return (failure, DiagramPage.Render(failure));
    });

    private static Failure Lost => s_drawn.Value.Failure;

    private static string Page => s_drawn.Value.Page;

    [Fact]
    public void The_page_begins_with_what_went_wrong_in_plain_words()
    {
        Page.ShouldStartWith("<!doctype html>");
        Page.ShouldContain("<h1>A node lost, or changed, what its disk had held already.</h1>");
        Page.ShouldContain("What was once acknowledged must be there after every crash.");
        Page.ShouldContain("<b>node 1</b>".Replace("<b>", "<b class=\"who n1\">", StringComparison.Ordinal));
        Page.ShouldContain("crashes");
        Page.ShouldContain("starts again from its disk");
    }

    [Fact]
    public void The_page_needs_nothing_but_itself()
    {
        Page.ShouldNotContain("http://");
        Page.ShouldNotContain("https://");
        Reference().IsMatch(Page).ShouldBeFalse();
        Page.ShouldContain("default-src 'none'");
    }

    [Fact]
    public void Names_and_texts_stay_texts()
    {
        Page.ShouldNotContain("<b>bold");
        Page.ShouldContain("&lt;b&gt;bold&lt;/b&gt;");
        Page.ShouldNotContain("<img");
        Regex.Count(Page, "</script>").ShouldBe(2);
        Data().GetProperty("acts").EnumerateArray().Select(act => act[2].GetString()).ShouldContain("writes \"\"</script><img src=x>\"");
    }

    [Fact]
    public void The_picture_has_crashes_partitions_entries_and_what_was_sent()
    {
        var data = Data();
        data.GetProperty("nodes").GetInt32().ShouldBe(3);
        data.GetProperty("invariant").GetString().ShouldBe("durable-prefix");
        data.GetProperty("involved").EnumerateArray().Select(node => node.GetInt32()).ShouldBe([1]);
        data.GetProperty("downs")[0][0].GetInt32().ShouldBe(1);
        data.GetProperty("downs")[0][1].GetDouble().ShouldBe(12, 0.001);
        data.GetProperty("bands").EnumerateArray().Select(band => band.GetProperty("kind").GetString()).Take(3).ShouldBe(["partition", "cut", "pause"]);
        data.GetProperty("bands")[0].GetProperty("to").GetDouble().ShouldBe(8);
        var entry = data.GetProperty("entries").EnumerateArray().First(entry => entry.GetProperty("stored").GetArrayLength() == 3);
        entry.GetProperty("author").GetInt32().ShouldBeInRange(0, 2);
        data.GetProperty("pieces").EnumerateArray().ShouldContain(piece => piece[3].GetDouble() < 0, "the partition stops something");
        data.GetProperty("pieces").EnumerateArray().ShouldContain(piece => piece[3].GetDouble() > 0);
    }

    [Fact]
    public void Watching_a_run_does_not_change_it()
    {
        var recording = new RunRecording();
        FailureReplay.Run(Lost, Lost.Scenario, recording.Line, recording).TraceHash.ShouldBe(Lost.TraceHash);
        recording.Pieces.Count.ShouldBeGreaterThan(100);
    }

    [Fact]
    public void A_failure_that_is_gone_is_drawn_with_a_word_about_it()
    {
        var page = DiagramPage.Render(Lost with { Planted = null });
        page.ShouldContain("Nothing goes wrong in this run any more.");
        page.ShouldContain("The file tells of another failure");
    }

    [Fact]
    public void Large_worlds_and_histories_are_refused_with_what_to_do()
    {
        var many = Lost with { Scenario = new Scenario { Nodes = DiagramPage.MaximumNodes + 1, Duration = TimeSpan.FromSeconds(1) } };
        Should.Throw<HiNetException>(() => DiagramPage.Render(many)).Message.ShouldContain("shrink it first");
        var history = Lost with { Scenario = null, Trace = new FailedTrace(new CausalTrace(["a"], [new TraceEntry(1, [], 0, "x")]), 2) };
        Should.Throw<HiNetException>(() => DiagramPage.Render(history)).Message.ShouldContain("causal history");
    }

    [Fact]
    public void Every_invariant_has_a_sentence_for_people()
    {
        var checker = new SimulatedWorld(1).Invariants;
        var ids = typeof(Invariant).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Invariant)) && !type.IsAbstract)
            .Select(type => ((Invariant)Activator.CreateInstance(type, checker)!).Id)
            .Concat(["convergence", "traffic-budget", "budget", "engine-exception", "commands-answered-once"]);
        ids.Where(id => !InvariantText.Has(id)).ShouldBeEmpty();
    }

    private static JsonElement Data()
    {
        const string Start = "<script type=\"application/json\" id=\"data\">";
        var from = Page.IndexOf(Start, StringComparison.Ordinal) + Start.Length;
        return JsonDocument.Parse(Page[from..Page.IndexOf("</script>", from, StringComparison.Ordinal)]).RootElement;
    }

    [GeneratedRegex("""<[a-z]+ [^<>]*(src|href)=|@import|url\((?!#)""")]
    private static partial Regex Reference();
}
