using HiNet.Crdt.Simulation.Adversaries;
using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Tests.Scenarios;

public sealed class ScenarioReaderTests
{
    [Fact]
    public void Every_field_is_read()
    {
        var scenario = ScenarioReader.Parse("""
            { "nodes": 5, "duration": "60s",
              "network": { "latencyMs": [5, 80], "loss": 0.02, "duplicate": 0.01, "reorder": 0.05, "reset": 0.001, "bytesPerSecond": 50000 },
              "clockSkewMs": 2000,
              "workload": { "messagesPerSecond": 5, "conversations": 1 },
              "faults": [ { "at": "10s", "partition": [[0, 1], [2, 3, 4]] }, { "at": "25s", "heal": true },
                          { "at": "12s", "crash": 2, "effect": 1 }, { "at": "20s", "restart": 2 },
                          { "at": "15s", "cut": { "from": 0, "to": 1 } }, { "at": "1m", "stepClock": { "node": 1, "ms": -5000 } } ],
              "adversaries": [ { "node": 4, "kind": "equivocate" }, { "node": 2, "kind": "poison-clock" } ],
              "operations": [ { "at": "5s", "node": 0, "do": "add", "member": 3 }, { "at": "500ms", "node": 1, "do": "send", "text": "x", "pick": 7 } ] }
            """);
        scenario.Nodes.ShouldBe(5);
        scenario.Duration.ShouldBe(TimeSpan.FromMinutes(1));
        scenario.Network.MinimumLatency.ShouldBe(TimeSpan.FromMilliseconds(5));
        scenario.Network.MaximumLatency.ShouldBe(TimeSpan.FromMilliseconds(80));
        scenario.Network.Loss.ShouldBe(0.02);
        scenario.Network.Duplicate.ShouldBe(0.01);
        scenario.Network.Reorder.ShouldBe(0.05);
        scenario.Network.BytesPerSecond.ShouldBe(50_000);
        scenario.ClockSkew.ShouldBe(TimeSpan.FromSeconds(2));
        scenario.Workload.ShouldBe(new WorkloadOptions { MessagesPerSecond = 5, Conversations = 1 });
        scenario.Faults.Select(fault => fault.Kind).ShouldBe(
            [FaultKind.Partition, FaultKind.Heal, FaultKind.Crash, FaultKind.Restart, FaultKind.Cut, FaultKind.StepClock]);
        scenario.Faults[0].Groups[1].ShouldBe([2, 3, 4]);
        scenario.Faults[2].Effect.ShouldBe(1);
        scenario.Faults[5].By.ShouldBe(TimeSpan.FromSeconds(-5));
        scenario.Adversaries.ShouldBe([new Adversary(4, AdversaryKind.Equivocate), new Adversary(2, AdversaryKind.PoisonClock)]);
        scenario.Operations[0].Do.ShouldBe(OperationKind.Add);
        scenario.Operations[0].Member.ShouldBe(3);
        scenario.Operations[1].Pick.ShouldBe(7UL);
    }

    [Theory]
    [InlineData("", "line 1: the file is empty")]
    [InlineData(" \n\t", "line 1: the file is empty")]
    [InlineData("{", "line 1: this is not JSON")]
    [InlineData("[]", "line 1, field (whole file): this is no object")]
    [InlineData("{\"nodes\": 2}", "line 1, field (whole file): the field \"duration\" is missing; allowed is a time")]
    [InlineData("{\"duration\": \"1s\"}", "the field \"nodes\" is missing; allowed is a number of nodes from 1 to 10000")]
    [InlineData("{\"nodes\": 0, \"duration\": \"1s\"}", "field nodes: 0 does not fit")]
    [InlineData("{\"nodes\": 2.5, \"duration\": \"1s\"}", "field nodes: 2.5 does not fit")]
    [InlineData("{\"nodes\": 2,\n\"duration\": \"-3s\"}", "line 2, field duration: \"-3s\" is no time; allowed is a time such as \"500ms\"")]
    [InlineData("{\"nodes\": 2,\n\"duration\": 60}", "line 2, field duration: 60 is no time")]
    [InlineData("{\"nodes\": 2,\n\"duration\": \"0s\"}", "line 2, field duration: the duration is nothing")]
    [InlineData("{\"nodes\": 2, \"duration\": \"1s\",\n\"colour\": 1}", "line 2, field colour: \"colour\" is unknown here; allowed is nodes, duration, network")]
    [InlineData("{\"nodes\": 2, \"duration\": \"1s\",\n\"nodes\": 3}", "line 2, field nodes: the field occurs twice")]
    [InlineData("{\"nodes\": 2, \"duration\": \"1s\", \"network\": {\n\"loss\": 1.5}}", "line 2, field network.loss: 1.5 does not fit; allowed is a probability, a number from 0 to 1")]
    [InlineData("{\"nodes\": 2, \"duration\": \"1s\", \"network\": {\"latencyMs\": [9, 5]}}", "field network.latencyMs[1]: 5 does not fit")]
    [InlineData("{\"nodes\": 2, \"duration\": \"1s\", \"network\": {\"latencyMs\": [9]}}", "field network.latencyMs: these are 1 numbers")]
    [InlineData("{\"nodes\": 2, \"duration\": \"1s\", \"faults\": [\n{\"at\": \"1s\", \"crash\": 2}]}", "line 2, field faults[0].crash: 2 does not fit; allowed is a node from 0 to 1")]
    [InlineData("{\"nodes\": 2, \"duration\": \"1s\", \"faults\": [{\"at\": \"1s\"}]}", "field faults[0]: these are 0 faults at once; allowed is one of partition")]
    [InlineData("{\"nodes\": 2, \"duration\": \"1s\", \"faults\": [{\"at\": \"1s\", \"crash\": 1, \"heal\": true}]}", "these are 2 faults at once")]
    [InlineData("{\"nodes\": 2, \"duration\": \"1s\", \"faults\": [{\"at\": \"1s\", \"partition\": [[0], [0, 1]]}]}", "node 0 is in two groups")]
    [InlineData("{\"nodes\": 2, \"duration\": \"1s\", \"faults\": [{\"at\": \"1s\", \"heal\": false}]}", "field faults[0].heal: False does not fit; allowed is true")]
    [InlineData("{\"nodes\": 2, \"duration\": \"1s\", \"operations\": [{\"at\": \"1s\", \"node\": 0, \"do\": \"sing\"}]}", "field operations[0].do: \"sing\" is no operation of this version; allowed is one of meet")]
    [InlineData("{\"nodes\": 2, \"duration\": \"1s\", \"operations\": [{\"at\": \"1s\", \"node\": 0, \"do\": \"add\"}]}", "the field \"member\" is missing")]
    [InlineData("{\"nodes\": 2, \"duration\": \"1s\", \"operations\": [{\"at\": \"1s\", \"node\": 5, \"do\": \"send\"}]}", "field operations[0].node: 5 does not fit; allowed is a node from 0 to 1")]
    [InlineData("{\"nodes\": 2, \"duration\": \"1s\", \"adversaries\": [{\"node\": 1, \"kind\": \"shout\"}]}", "field adversaries[0].kind: \"shout\" is no kind of adversary; allowed is one of backdate, crowd, drip, equivocate, exclude, flood, forge, garbage, poison-clock, replay, squat, strip, sybil, withhold")]
    [InlineData("{\"nodes\": 2, \"duration\": \"1s\", \"adversaries\": [{\"node\": 2, \"kind\": \"flood\"}]}", "field adversaries[0].node: 2 does not fit; allowed is a node from 0 to 1")]
    [InlineData("{\"nodes\": 2, \"duration\": \"1s\", \"adversaries\": [{\"node\": 1, \"kind\": \"flood\"},\n{\"node\": 1, \"kind\": \"forge\"}]}", "line 2, field adversaries[1].node: node 1 is an adversary already")]
    [InlineData("{\"nodes\": 2, \"duration\": \"1s\", \"operations\": [\n{\"at\": \"5s\", \"node\": 0, \"do\": \"remove\", \"member\": 1}]}", "line 2, field operations[0].do: removing a member is not in this version")]
    [InlineData("{\"nodes\": 2, \"duration\": \"1s\"} 7", "line 1: ")]
    public void What_is_not_allowed_is_said_with_line_field_and_what_is(string json, string expected) =>
        Should.Throw<ScenarioException>(() => ScenarioReader.Parse(json)).Message.ShouldContain(expected, Case.Insensitive);
}
