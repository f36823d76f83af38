using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;
using static HiNet.Crdt.Core.Tests.Engine.HostilePeer;
using static HiNet.Crdt.Core.Tests.Engine.Sessions.ChannelScene;

namespace HiNet.Crdt.Core.Tests.Engine.Sessions;

/// <summary>What is said, and when, until two ends hold the same.</summary>
public sealed class ConversationChannelCompareTests
{
    private static readonly byte[] s_other = new byte[20];

    private readonly ChannelScene _scene = new();

    private LoopbackNode Alice => _scene.Alice;

    [Fact]
    public void A_channel_begins_with_sixteen_bytes_of_the_frontiers_digest_and_four_of_the_state_hash()
    {
        var peer = Link();
        peer.Received[1].Type.ShouldBe(SummaryType);
        peer.Received[1].Payload.ShouldBe(_scene.Summary);
    }

    [Fact]
    public void Equal_digests_end_the_comparison_whatever_comes_behind_them()
    {
        var peer = Link();
        peer.Send(SummaryType, [.. _scene.Summary, 1, 2, 3]);
        _scene.Pass(180, peer);
        Types(peer).ShouldBeEmpty();
        peer.IsShutOut.ShouldBeFalse();
        Alice.Events.OfType<DivergenceDetected>().ShouldBeEmpty();
    }

    [Fact]
    public void Other_conclusions_from_the_same_entries_are_a_defect_that_is_told()
    {
        var peer = Link();
        var summary = _scene.Summary;
        summary[^1] ^= 1;
        peer.Send(SummaryType, summary);
        var divergence = Alice.Events.OfType<DivergenceDetected>().ShouldHaveSingleItem();
        divergence.Conversation.ShouldBe(_scene.Group);
        Alice.Counts["hinet.sync.divergences"].ShouldBe(1);
        Types(peer).ShouldBeEmpty();
    }

    [Fact]
    public void Unequal_digests_are_answered_by_the_frontier_each_time()
    {
        var peer = Link();
        peer.Send(SummaryType, s_other);
        peer.Send(SummaryType, s_other);
        Types(peer).ShouldBe([FrontierType, FrontierType]);
        peer.Received.Where(message => message.Type == FrontierType).ShouldAllBe(message => message.Payload.SequenceEqual(_scene.Frontier.Encode()));
    }

    [Fact]
    public void A_frontier_is_answered_by_ones_own_once_between_two_summaries()
    {
        var peer = Link();
        peer.Send(FrontierType, _scene.Frontier.Encode());
        peer.Send(FrontierType, _scene.Frontier.Encode());
        Types(peer).ShouldBe([FrontierType]);
        _scene.Pass(3, peer);
        Types(peer).ShouldBe([FrontierType, SummaryType]);
        peer.Send(FrontierType, _scene.Frontier.Encode());
        Types(peer).ShouldBe([FrontierType, SummaryType, FrontierType]);
    }

    [Fact]
    public void While_digests_differ_they_are_compared_after_two_seconds_and_then_half_as_often_each_time_up_to_a_minute()
    {
        var peer = Link();
        Intervals(peer, 7).ShouldBe([2, 4, 8, 16, 32, 60, 60]);

        // Once they were equal it begins anew.
        peer.Send(SummaryType, _scene.Summary);
        var before = Summaries(peer);
        _scene.Pass(180, peer);
        Summaries(peer).ShouldBe(before);
        Intervals(peer, 2).ShouldBe([2, 4]);
    }

    [Fact]
    public void New_entries_are_compared_after_two_seconds()
    {
        var peer = Link();
        Intervals(peer, 4).ShouldBe([2, 4, 8, 16]);
        Alice.Send(_scene.Group, "new");
        var before = Summaries(peer);
        _scene.Pass(1.9, peer);
        Summaries(peer).ShouldBe(before);
        _scene.Pass(0.2, peer);
        Summaries(peer).ShouldBe(before + 1);
    }

    [Fact]
    public void Whoever_holds_more_is_asked_for_it_once_with_the_frontier_ahead()
    {
        var peer = Link();
        peer.Send(FrontierType, _scene.More);
        Types(peer).ShouldBe([FrontierType, PullType]);
        Pull.Parser.ParseFrom(peer.Received[^1].Payload).ForkedDevices.ShouldBeEmpty();
        peer.Send(FrontierType, _scene.More);
        Types(peer).ShouldBe([FrontierType, PullType]);
        Alice.Hits("sync.pull").ShouldBe(1);
    }

    [Fact]
    public void Whoever_holds_no_more_is_asked_for_nothing()
    {
        var peer = Link();
        peer.Send(FrontierType, _scene.Frontier.Encode());
        peer.Send(FrontierType, Frontier.From(_scene.Frontier.Heads.Take(1)).Encode());
        Types(peer).ShouldBe([FrontierType]);
    }

    [Fact]
    public void Heads_that_are_parked_or_refused_are_not_asked_for()
    {
        var draft = _scene.Mallory.Draft();
        var refused = _scene.Mallory.Write(draft with { Depth = draft.Depth + 1 }, new MessageBody { Text = "bad" });
        var parked = _scene.Bob.Draft();
        parked = parked with { Hlc = HybridTimestamp.After(parked.Hlc, _scene.World.Wall + (long)TimeSpan.FromHours(1).TotalMilliseconds) };
        var early = _scene.Bob.Write(parked, new MessageBody { Text = "early" });
        _scene.Mallory.Give(Alice, _scene.Mallory.Sign(refused));
        _scene.Bob.Give(Alice, _scene.Bob.Sign(early));
        Alice.Reader.StatusOf(_scene.Group).Parked.ShouldBe(1);
        Alice.Counts["hinet.log.refused"].ShouldBe(1);

        var peer = Link();
        peer.Send(FrontierType, _scene.Beside(new FrontierHead(early.Header.Device, early.Header.Seq, early.Id)));
        peer.Send(FrontierType, _scene.Beside(new FrontierHead(refused.Header.Device, refused.Header.Seq, refused.Id)));
        Types(peer).ShouldBe([FrontierType]);
    }

    [Fact]
    public void What_is_missing_behind_a_parked_head_is_asked_for_before_that_is_due()
    {
        var missing = _scene.Bob.Say("on time");
        var parked = _scene.Bob.Draft();
        var due = _scene.World.Wall + (long)TimeSpan.FromHours(1).TotalMilliseconds;
        var early = _scene.Bob.Write(parked with { Hlc = HybridTimestamp.After(parked.Hlc, due) }, new MessageBody { Text = "early" });
        var next = _scene.Bob.Say("early, too");
        _scene.Bob.Give(Alice, _scene.Bob.Sign(early, next));
        Alice.Reader.StatusOf(_scene.Group).Parked.ShouldBe(2);

        var peer = Link();
        var frontier = _scene.Beside(new FrontierHead(next.Header.Device, next.Header.Seq, next.Id));
        peer.Send(FrontierType, frontier);
        Types(peer).ShouldBe([FrontierType, PullType]);
        _scene.Bob.Give(Alice, _scene.Bob.Sign(missing));
        peer.Send(CaughtUpType, AllSent);
        peer.Send(FrontierType, frontier);
        Types(peer).Count(type => type == PullType).ShouldBe(1);
    }

    [Fact]
    public void Of_a_device_with_another_entry_in_a_place_that_is_known_the_chain_is_asked_for_whole()
    {
        var peer = Link();
        var known = _scene.Frontier.Heads.First(head => head.Device == _scene.Mallory.Secrets.Device);
        peer.Send(FrontierType, _scene.Beside(
            known with { Head = TestKeys.Entry("one branch") }, known with { Seq = known.Seq - 1, Head = TestKeys.Entry("another branch") }));
        Pulled(peer).ShouldBe([known.Device]);

        // What another frontier says counts alone.
        peer.Send(CaughtUpType, AllSent);
        peer.Send(FrontierType, _scene.Beside(known with { Seq = known.Seq + 1_000, Head = TestKeys.Entry("far ahead") }));
        Pulled(peer).ShouldBeEmpty();
    }

    [Fact]
    public void Ones_own_entries_that_are_here_hold_nothing_up()
    {
        Alice.Restart();
        var peer = Link();
        peer.Send(FrontierType, _scene.Frontier.Encode());
        Alice.Hits("log.own.behind").ShouldBe(0);
        Alice.Send(_scene.Group, "at once");
    }

    [Fact]
    public void Each_head_of_a_frontier_is_a_step()
    {
        const int Heads = 500;
        var peer = Link();
        var before = Alice.Core.Cost[CostKind.Head];
        peer.Send(FrontierType, _scene.Beside([.. Enumerable.Range(0, Heads)
            .Select(i => new FrontierHead(TestKeys.Device($"{i}"), 1, TestKeys.Entry($"{i}")))]));
        (Alice.Core.Cost[CostKind.Head] - before).ShouldBeGreaterThanOrEqualTo(Heads);
    }

    [Fact]
    public void One_peer_is_asked_at_a_time_and_the_next_when_it_has_brought_all()
    {
        var (one, other) = (Link(), _scene.Bob.Link(Alice));
        one.Send(FrontierType, _scene.More);
        other.Send(FrontierType, _scene.More);
        (Pulls(one), Pulls(other)).ShouldBe((1, 0));
        one.Send(CaughtUpType, AllSent);
        (Pulls(one), Pulls(other)).ShouldBe((1, 1));

        // The first has said that it has no more.
        other.Send(CaughtUpType, AllSent);
        (Pulls(one), Pulls(other)).ShouldBe((1, 1));
    }

    [Theory]
    [InlineData(SummaryType)]
    [InlineData(FrontierType)]
    public void Who_turned_out_to_hold_no_more_is_not_asked_next(int type)
    {
        var (one, other) = (Link(), _scene.Bob.Link(Alice));
        one.Send(FrontierType, _scene.More);
        other.Send(FrontierType, _scene.More);
        other.Send(type, type == SummaryType ? _scene.Summary : _scene.Frontier.Encode());
        one.Send(CaughtUpType, AllSent);
        (Pulls(one), Pulls(other)).ShouldBe((1, 0));
    }

    [Fact]
    public void Who_promises_and_brings_nothing_for_fifteen_seconds_is_waited_for_no_longer()
    {
        var (one, other) = (Link(), _scene.Bob.Link(Alice));
        one.Send(FrontierType, _scene.More);
        other.Send(FrontierType, _scene.More);
        _scene.Pass(14.9, one, other);
        (Pulls(one), Pulls(other), Alice.Hits("sync.pull.stalled")).ShouldBe((1, 0, 0));
        _scene.Pass(0.2, one, other);
        (Pulls(one), Pulls(other), Alice.Hits("sync.pull.stalled")).ShouldBe((1, 1, 1));

        // It may be asked again when the other has had its turn.
        other.Send(CaughtUpType, AllSent);
        (Pulls(one), Pulls(other)).ShouldBe((2, 1));
    }

    [Fact]
    public void Who_brings_what_is_here_already_is_waited_for_while_others_are_asked_too()
    {
        var (one, other) = (Link(), _scene.Bob.Link(Alice));
        one.Send(FrontierType, _scene.More);
        other.Send(FrontierType, _scene.More);
        _scene.Pass(10, one, other);
        one.Send(_scene.Mallory.Everything());
        _scene.Pass(5.1, one, other);
        (Pulls(other), Alice.Hits("sync.pull.fruitless"), Alice.Hits("sync.pull.stalled")).ShouldBe((1, 1, 0));
        other.Send(CaughtUpType, AllSent);
        _scene.Pass(9.8, one, other);
        Alice.Hits("sync.pull.stalled").ShouldBe(0);
        _scene.Pass(0.2, one, other);
        Alice.Hits("sync.pull.stalled").ShouldBe(1);
    }

    [Fact]
    public void What_comes_unasked_is_waited_for_by_nobody()
    {
        var peer = Link();
        peer.Send(_scene.Mallory.Everything());
        _scene.Pass(40, peer);
        Alice.Hits("sync.pull.stalled").ShouldBe(0);
        Alice.Hits("sync.pull.fruitless").ShouldBe(0);
    }

    [Fact]
    public void Who_has_brought_all_is_not_waited_for_and_compared_with_after_a_while()
    {
        var peer = Link();
        peer.Send(FrontierType, _scene.More);
        _scene.Pass(2.1, peer);
        peer.Received[^1].Type.ShouldBe(SummaryType);
        var before = Summaries(peer);
        peer.Send(CaughtUpType, AllSent);
        _scene.Pass(3.9, peer);
        Summaries(peer).ShouldBe(before);
        _scene.Pass(0.2, peer);
        Summaries(peer).ShouldBe(before + 1);
        _scene.Pass(60, peer);
        Alice.Hits("sync.pull.stalled").ShouldBe(0);
        Pulls(peer).ShouldBe(1);
    }

    private HostilePeer Link() => _scene.Mallory.Link(Alice);

    /// <summary>Says something else to each summary, and how many seconds pass until the next.</summary>
    private List<double> Intervals(HostilePeer peer, int count)
    {
        var intervals = new List<double>();
        for (var i = 0; i < count; i++)
        {
            peer.Send(SummaryType, s_other);
            var (start, summaries) = (_scene.World.Now, Summaries(peer));
            while (Summaries(peer) == summaries && (_scene.World.Now - start).TotalSeconds < 100)
            {
                _scene.World.Pass(TimeSpan.FromSeconds(0.25));
                peer.KeepAlive();
            }

            intervals.Add(Math.Floor((_scene.World.Now - start).TotalSeconds));
        }

        return intervals;
    }

    /// <summary>What came behind the proof and the first summary.</summary>
    private static List<int> Types(HostilePeer peer) => [.. peer.Received.Skip(2).Select(message => message.Type)];

    private static int Pulls(HostilePeer peer) => peer.Received.Count(message => message.Type == PullType);

    private static int Summaries(HostilePeer peer) => peer.Received.Count(message => message.Type == SummaryType);

    private static List<DeviceId> Pulled(HostilePeer peer) =>
        [.. Pull.Parser.ParseFrom(peer.Received[^1].Payload).ForkedDevices.Select(device => new DeviceId(device.Span))];
}
