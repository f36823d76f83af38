using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Dht.Records;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Tests.Engine.Meeting;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>When others are looked for through the DHT, how carefully, and when no more.</summary>
public sealed class NodeCoreLookupTests : MeetingScene
{
    [Fact]
    public void When_the_network_is_back_everything_is_looked_for_at_once()
    {
        var (alice, bob) = (Add("alice"), Add("bob"));
        Introduce(alice, bob);
        Join(alice);
        World.Pass(TimeSpan.FromHours(12));
        Publish(Topics.OfPair(alice, bob), bob, "bob:8");
        for (var i = 0; i < 20 && !alice.Dialled.Contains("bob:8"); i++)
        {
            World.Pass(TimeSpan.FromMinutes(10));
        }

        Publish(Topics.OfPair(alice, bob), bob, "bob:9");
        World.Nodes.Remove(Relay);
        World.Pass(TimeSpan.FromMinutes(10));
        alice.Dialled.ShouldContain("bob:8");
        alice.Dialled.ShouldNotContain("bob:9", "it has just looked, and does so again after more than an hour");

        // It knows nobody any more, so that it is Alice who finds it.
        Relay.Store.Restore(new MemoryStore());
        Relay.Restart();
        World.Nodes.Add(Relay);
        World.Pass(TimeSpan.FromMinutes(7));
        alice.Dialled.ShouldContain("bob:9");
        var written = alice.Hits("meeting.written");
        World.Pass(TimeSpan.FromMinutes(30));
        alice.Hits("meeting.written").ShouldBeLessThanOrEqualTo(written + 3, "it is back once, and not each minute");
    }

    [Fact]
    public void Who_answers_in_the_dht_at_last_is_reason_to_begin_anew_once_a_minute_has_passed_since_the_last_time()
    {
        var (alice, late) = (Add("alice"), Add("late"));
        World.Nodes.Remove(late);
        alice.Invite();
        alice.Input(new NodeInput.BootstrapResolved([Relay.Endpoint, late.Endpoint]));
        World.Pass(Soon);
        alice.Hits("meeting.written").ShouldBe(1, "the relay has answered at once");
        World.Nodes.Add(late);
        World.Pass(TimeSpan.FromMinutes(1) - Soon);
        alice.Hits("meeting.written").ShouldBe(1);

        // A minute has passed to the microsecond.
        alice.ReadClock();
        World.Pass(TimeSpan.FromMilliseconds(500));
        alice.Hits("meeting.written").ShouldBe(2);
        World.Pass(TimeSpan.FromMinutes(3));
        alice.Hits("meeting.written").ShouldBe(2, "it has come once");
    }

    [Fact]
    public void A_lookup_that_waits_for_room_begins_in_the_step_in_which_another_ends()
    {
        var (alice, bob) = (Add("alice"), Add("bob"));
        for (var i = 0; i < 8; i++)
        {
            Publish(Topics.OfInvite(alice.Invite()), bob, "bob:9");
        }

        // Four wait for a check of what they found, and the others for room.
        alice.HoldChecks = true;
        Join(alice);
        alice.Hits("meeting.found").ShouldBe(0);

        // What begins now stays under way.
        World.Nodes.Remove(Relay);
        alice.ReleaseChecks();
        World.Run();
        alice.Hits("meeting.found").ShouldBe(4);
        alice.Core.Deadline.ShouldBeGreaterThan(World.Now, "nothing that is due was left for another step");
    }

    [Fact]
    public void Who_is_stopped_asks_and_says_nothing_any_more()
    {
        var (alice, bob) = (Add("alice"), Add("bob"));
        Introduce(alice, bob);
        Join(alice);
        Join(bob);
        alice.Do(new NodeCommand.Stop()).ShouldBeOfType<NodeResult.Done>();
        bob.DiskProblem = "The disk is full: make room and start the node again.";
        bob.Do(new NodeCommand.CreateInvite([])).ShouldBeOfType<NodeResult.Refused>();

        // Nobody asks them anything meanwhile, so that the clock brings their first step, and everything is due.
        World.Nodes.Remove(Relay);
        World.Pass(TimeSpan.FromHours(3));
        foreach (var node in new[] { alice, bob })
        {
            var datagrams = node.Datagrams;
            node.ReadClock();
            World.Run();
            node.Datagrams.ShouldBe(datagrams, node.Name);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Who_is_found_when_enough_members_have_come_meanwhile_is_not_dialled(bool isEnough)
    {
        var alice = Add("alice");
        List<LoopbackNode> others = [.. Enumerable.Range(0, 8).Select(i => World.Befriend(alice, $"member {i}"))];
        var group = alice.Group("team", [.. others]);
        alice.Send(group, "hello");
        World.Pass(Soon);
        foreach (var other in others[5..])
        {
            World.Unlink(alice, other);
        }

        Publish(RendezvousSecret.OfEpoch(LoopbackNode.Cryptography, group, Epoch(alice, group), RecordKind.Contact), others[7], "member7:9");
        alice.HoldChecks = true;
        Join(alice);
        alice.Dialled.ShouldNotContain("member7:9", "whose record it is was not checked yet");
        if (isEnough)
        {
            World.Link(alice, others[5]);
        }

        alice.ReleaseChecks();
        World.Pass(TimeSpan.FromSeconds(1));
        alice.Dialled.Contains("member7:9").ShouldBe(!isEnough);
    }

    [Fact]
    public void The_first_three_lookups_that_bring_nobody_go_over_disjoint_paths_and_ask_more_nodes_than_later_ones()
    {
        var alice = World.Add("alice", new NodeCoreOptions { Dht = new DhtOptions { BucketSize = 2, DisjointPaths = 8 } });
        for (var i = 0; i < 12; i++)
        {
            Join(Add($"node {i}"));
        }

        Join(alice);
        alice.Invite();
        List<int> asked = [];
        for (var i = 0; i < 1_000; i++)
        {
            var before = alice.Datagrams;
            World.Pass(TimeSpan.FromMilliseconds(100));
            asked.Add(alice.Datagrams - before);
        }

        List<int> many = [.. Enumerable.Range(0, asked.Count).Where(i => asked[i] > 4)];
        many.Count.ShouldBe(3);
        many[^1].ShouldBeLessThan(60, "within six seconds");
        asked.Skip(60).Count(count => count > 1).ShouldBeGreaterThan(3);
    }
}
