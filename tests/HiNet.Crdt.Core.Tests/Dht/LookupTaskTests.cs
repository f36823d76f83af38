using Google.Protobuf;
using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Dht;

public sealed class LookupTaskTests
{
    private static readonly Bytes32 s_target = TestKeys.Named("t");

    [Fact]
    public void A_lookup_says_how_many_queries_one_after_the_other_it_took_and_how_long()
    {
        var script = new ScriptedPeers(s_target, 6);
        script.Know(5);
        script.Answer = (peer, _, _) => peer == 5 ? Telling(script, 3, 4) : peer == 3 ? Telling(script, 0) : new DhtAnswer();
        Find(script).ShouldBe([0, 3, 4, 5], out var cost);
        cost.ShouldBe(new DhtCost(3, 4, TimeSpan.FromMilliseconds(30)));
    }

    [Fact]
    public void A_near_contact_that_missed_its_last_query_is_asked_all_the_same()
    {
        var script = new ScriptedPeers(s_target, 4, new DhtOptions { BucketSize = 3 });
        script.Know(0, 1, 2, 3);
        script.Asker.Machine.Table.Failed(script.Peers[0], script.Network.Now).ShouldBeFalse();
        Find(script).ShouldBe([0, 1, 2], out _);
    }

    [Fact]
    public void Where_all_that_were_nearest_are_gone_even_one_that_missed_its_last_query_is_asked()
    {
        var script = new ScriptedPeers(s_target, 21);
        script.Know(Enumerable.Range(0, 21));
        script.Asker.Machine.Table.Failed(script.Peers[20], script.Network.Now).ShouldBeFalse();
        script.Answer = (peer, _, _) => peer == 20 ? new DhtAnswer() : null;
        Find(script).ShouldBe([20], out var cost);
        cost.Queries.ShouldBe(21);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Where_the_nearest_answer_nobody_behind_them_is_asked(bool isDisjoint)
    {
        var script = new ScriptedPeers(s_target, 30);
        script.Know(Enumerable.Range(0, 30));
        Find(script, isDisjoint).ShouldBe([.. Enumerable.Range(0, 20)], out var cost);
        cost.Queries.ShouldBe(20);
    }

    [Fact]
    public void Who_tells_of_one_nearer_each_time_as_late_as_they_may_holds_a_lookup_up_by_half_a_minute()
    {
        // A chain of two hundred accomplices, each of whom names the next.
        var script = new ScriptedPeers(s_target, 200, new DhtOptions { InitialTimeout = TimeSpan.FromSeconds(2) });
        script.Know(199);
        script.Delay = (_, _) => script.Asker.Machine.RoundTripLimit - TimeSpan.FromMilliseconds(15);
        script.Answer = (peer, _, _) => peer > 0 ? Telling(script, peer - 1) : new DhtAnswer();
        var began = script.Network.Now;
        script.Network.Do<DhtResult.FoundNodes>(script.Asker, new DhtOperation.FindNode(s_target)).Nearest.ShouldNotBeEmpty();
        (script.Network.Now - began).ShouldBeInRange(LookupTask.LongestWalk, LookupTask.LongestWalk + TimeSpan.FromSeconds(3));
    }

    [Fact]
    public void A_contact_under_a_key_that_nobody_has_holds_nothing_up()
    {
        var script = new ScriptedPeers(s_target, 1);
        script.Know(0);
        var answer = new DhtAnswer();
        answer.Contacts.Add(ByteString.CopyFrom(new DhtContact(default, TestNetwork.EndpointOf(77)).Encode()));
        script.Answer = (_, _, _) => answer;
        Find(script).ShouldBe([0], out _);
        script.Asker.Counted(DhtInstruments.RefusedKey).ShouldBe(1);
    }

    [Fact]
    public void A_lookup_refreshes_the_bucket_it_is_in()
    {
        var script = new ScriptedPeers(s_target, 1);
        script.Know(0);
        var start = script.Network.Now;
        script.Network.Run(TimeSpan.FromMinutes(2));
        script.Asker.Machine.Table.DueForRefresh(start + TimeSpan.FromMinutes(61)).ShouldBe(DhtId.CommonPrefix(script.Asker.Machine.Id, script.Peers[0].Id));
        script.Network.Do<DhtResult.FoundNodes>(script.Asker, new DhtOperation.FindNode(script.Peers[0].Id.Value));
        script.Asker.Machine.Table.DueForRefresh(start + TimeSpan.FromMinutes(61)).ShouldBe(-1);
    }

    [Fact]
    public void What_is_over_is_not_over_again_when_a_slow_one_fails()
    {
        // The two nearest are told of by the third, while the fourth is silent.
        var script = new ScriptedPeers(s_target, 4, new DhtOptions { BucketSize = 2, DisjointPaths = 1 });
        var slot = TestSlots.Of("t", "w", 1, script.Network.UnixSeconds + 100);
        DhtOperation[] operations = [new DhtOperation.FindNode(s_target), new DhtOperation.Get(s_target, false), new DhtOperation.Put(slot)];
        script.Know(2, 3);
        script.Answer = (peer, _, _) => peer == 3 ? null : peer == 2 ? Telling(script, 0, 1) : new DhtAnswer();
        var numbers = operations.Select(script.Asker.Command).ToList();
        script.Network.Run(TimeSpan.FromMilliseconds(150));
        numbers.ForEach(number => script.Asker.Results.ShouldContainKey(number));
        var asked = script.Asked.Count(each => each.Kind != DatagramKind.Ping);
        script.Network.Run(TimeSpan.FromSeconds(10));
        script.Asker.Counted(DhtInstruments.TimedOut).ShouldBeGreaterThanOrEqualTo(2);
        script.Asked.Count(each => each.Kind != DatagramKind.Ping).ShouldBe(asked);
    }

    [Fact]
    public void The_node_s_own_neighbourhood_is_looked_up_over_one_path()
    {
        var script = new ScriptedPeers(s_target, 4, new DhtOptions { Concurrency = 1 });
        script.Know(0, 1, 2, 3);
        script.Answer = (_, _, _) => null;
        script.Network.Run(TimeSpan.FromSeconds(45));
        var finds = script.Asked.Where(asked => asked.Kind == DatagramKind.FindNode).ToList();
        finds.Count(asked => asked.At == finds[0].At).ShouldBe(1);
    }

    [Fact]
    public void A_refresh_that_is_over_is_not_over_again_when_a_slow_one_fails()
    {
        // The node's own neighbourhood: the three nearest are told of by the fourth, while the fifth is silent.
        using var keys = NodeKeyPair.FromSeed(TestKeys.Sodium, TestKeys.Named("node 9999").ToArray());
        var self = DhtId.OfNode(TestKeys.Sodium, keys.Id.Value).Value;
        var script = new ScriptedPeers(self, 5, new DhtOptions { BucketSize = 3, MaxFailures = 10, KeepPause = TimeSpan.FromMinutes(5) });
        script.Asker.Machine.Id.Value.ShouldBe(self);
        script.Know(3, 4);
        script.Answer = (peer, _, _) => peer == 4 ? null : peer == 3 ? Telling(script, 0, 1, 2) : new DhtAnswer();
        script.Network.RunUntil(() => script.Asker.Counted(DhtInstruments.TimedOut) > 0);
        script.Network.Run(TimeSpan.FromSeconds(2));
        script.Asker.TimesKept.ShouldBe(1);
    }

    private static DhtAnswer Telling(ScriptedPeers script, params int[] peers)
    {
        var answer = new DhtAnswer();
        answer.Contacts.AddRange(peers.Select(peer => ByteString.CopyFrom(script.Peers[peer].Contact.Encode())));
        return answer;
    }

    private static Found Find(ScriptedPeers script, bool isDisjoint = false)
    {
        var found = script.Network.Do<DhtResult.FoundNodes>(script.Asker, new DhtOperation.FindNode(s_target, isDisjoint));
        return new Found([.. found.Nearest.Select(contact => script.Peers.ToList().FindIndex(peer => peer.Contact == contact))], found.Cost);
    }

    private sealed record Found(int[] Peers, DhtCost Cost)
    {
        public void ShouldBe(int[] peers, out DhtCost cost)
        {
            Peers.ShouldBe(peers);
            cost = Cost;
        }
    }
}
