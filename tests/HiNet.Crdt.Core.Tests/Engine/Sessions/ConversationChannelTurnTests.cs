using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Sessions;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Engine.Replicas;
using HiNet.Crdt.Core.Tests.Support;
using static HiNet.Crdt.Core.Tests.Engine.HostilePeer;

namespace HiNet.Crdt.Core.Tests.Engine.Sessions;

/// <summary>What a channel says at once, what waits for room or for its turn, and that each goes out once.</summary>
public sealed class ConversationChannelTurnTests
{
    private const string SegmentsSent = "hinet.sync.segments.sent";

    private static readonly byte[] s_other = new byte[20];

    private ReplicaDevice _alice = null!;
    private ReplicaDevice _mallory = null!;
    private ReplicaDevice _bob = null!;
    private SessionScene _scene = null!;
    private PeerChannel _peer = null!;
    private ConversationChannel _channel = null!;

    [Fact]
    public void A_frontier_that_found_no_room_goes_out_once_with_the_next_turn()
    {
        Begin(window: 1);
        _peer.Send(SummaryType, s_other);
        Said().ShouldBeEmpty();
        _scene.Progress();
        Said().ShouldBe([FrontierType]);
        _scene.Progress();
        Said().ShouldBe([FrontierType]);
    }

    [Fact]
    public void Who_is_asked_later_gets_the_frontier_of_then_and_the_pull_when_there_is_room_behind_it()
    {
        Begin(window: 1);
        _scene.Progress();
        _scene.IsAnotherPulling = true;
        _peer.Send(FrontierType, Promise());
        Said().ShouldBe([FrontierType]);
        _scene.Progress();
        _alice.Say("new");
        _scene.IsAnotherPulling = false;
        _channel.PullIfFree(_scene.Now);
        _scene.Run();
        Said().ShouldBe([FrontierType, FrontierType]);
        _peer.Received[^1].Payload.ShouldBe(_alice.Replica.DurableFrontier.Encode());
        _channel.IsPulling.ShouldBeFalse();
        _scene.Progress();
        Said().ShouldContain(PullType);
        _peer.Count(FrontierType).ShouldBe(2);
    }

    [Fact]
    public void A_pull_that_waits_is_given_up_when_there_is_nothing_more_to_ask_for()
    {
        Begin(window: 1);
        _peer.Send(FrontierType, Promise());
        _peer.Send(FrontierType, _alice.Replica.DurableFrontier.Encode());
        for (var i = 0; i < 3; i++)
        {
            _scene.Progress();
        }

        Said().ShouldBe([FrontierType]);
    }

    [Fact]
    public void Who_promised_and_brought_nothing_is_not_asked_again_because_there_is_room()
    {
        Begin(window: 1);
        _scene.Progress();
        _peer.Send(FrontierType, Promise());
        Said().ShouldBe([FrontierType, PullType]);
        _scene.Pass(15);
        _alice.Hits("sync.pull.stalled").ShouldBe(1);
        _channel.RemoteHasMore.ShouldBeTrue();

        // Segments and a frontier find no room, and have their turns.
        _alice.Say("new");
        _channel.Advanced(_scene.Now);
        _peer.Send(SummaryType, s_other);
        for (var i = 0; i < 5; i++)
        {
            _scene.Progress();
        }

        (_peer.Count(PullType), _peer.Count(SegmentsType), _peer.Count(FrontierType)).ShouldBe((1, 1, 2));
    }

    [Fact]
    public void A_long_frontier_that_was_owed_and_is_not_said_yet_takes_no_turn()
    {
        // Owed while it was short, and long by the time there is room: nothing goes out, and nobody has turns without end.
        Begin(window: 1);
        var copies = Enumerable.Range(0, 70).Select(_ => _mallory.Copied()).ToList();
        _scene.Progress();
        _peer.Send(SummaryType, new byte[20]);
        _peer.Send(SummaryType, new byte[20]);
        var said = _peer.Count(FrontierType);
        _alice.Receive([.. copies.SelectMany((copy, i) => copy.Say($"{i}"))]);
        _alice.Replica.DurableFrontier.Count.ShouldBeGreaterThan(64);
        for (var i = 0; i < 5; i++)
        {
            _scene.Progress();
        }

        _peer.Count(FrontierType).ShouldBe(said);
        _alice.Hits("bound.frontier.long").ShouldBeInRange(1, 5);

        // The next comparison says it.
        _scene.Pass(5);
        for (var i = 0; i < 5; i++)
        {
            _scene.Progress();
        }

        _peer.Send(SummaryType, new byte[20]);
        for (var i = 0; i < 5; i++)
        {
            _scene.Progress();
        }

        _peer.Count(FrontierType).ShouldBeGreaterThan(said);
    }

    [Fact]
    public void All_that_there_is_room_for_goes_out_at_one_report_and_is_counted()
    {
        Begin(window: 2_000, horizon: 1);
        HaveAll();
        while (_scene.Session.Room.Pending < 2_000)
        {
            _alice.Say("fills the link");
            _channel.Advanced(_scene.Now);
        }

        _scene.Run();
        var (sent, counted) = (_peer.Sent(_alice.Id).Count, _scene.Counts[SegmentsSent]);
        var waiting = new List<EntryId>();
        for (var i = 0; i < 3; i++)
        {
            waiting.Add(_alice.Say($"waits {i}").ShouldHaveSingleItem().Last.Id);
            _channel.Advanced(_scene.Now);
        }

        _scene.Run();
        _peer.Sent(_alice.Id).Count.ShouldBe(sent);
        _alice.Hits("bound.segment.window").ShouldBe(0, "it is the link that has no room");
        _scene.Progress();
        _peer.Sent(_alice.Id).Skip(sent).ShouldBe(waiting);
        _scene.Counts[SegmentsSent].ShouldBe(counted + 3);
        _alice.Hits("link.turns").ShouldBe(1);
    }

    [Fact]
    public void That_it_was_all_is_said_behind_the_last_that_waited_for_the_link()
    {
        Begin(window: 1);
        _peer.Send(PullType, []);
        Said().ShouldBeEmpty();
        for (var i = 0; i < 20; i++)
        {
            _scene.Progress();
        }

        _peer.Sent(_alice.Id).Count.ShouldBe((int)_alice.Replica.EntryCount);
        _peer.Count(CaughtUpType).ShouldBe(1);
        _peer.Received[^1].Type.ShouldBe(CaughtUpType);
    }

    [Fact]
    public void Who_has_nothing_to_send_waits_for_no_turn()
    {
        Begin(window: 1);
        _scene.Session.Room.Pending.ShouldBe(_scene.SentBytes);
        _channel.Advanced(_scene.Now);
        _scene.Session.Room.IsAwaited.ShouldBeFalse();
        _scene.Progress();
        _scene.Session.Room.Pending.ShouldBe(0);
        _alice.Hits("link.turns").ShouldBe(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public void Of_what_a_peer_brought_nothing_is_sent_to_it_and_nothing_counted(int count)
    {
        Begin();
        HaveAll();
        var runs = Enumerable.Range(0, count).SelectMany(i => _mallory.Say($"{i}")).ToArray();
        _peer.Send(SegmentsType, Segments(runs));
        _scene.Submitted.Count.ShouldBe(count);
        _alice.Receive(runs);
        _channel.Advanced(_scene.Now);
        _scene.Run();
        _peer.Send(ConsumedType, new Consumed());
        _peer.Count(SegmentsType).ShouldBe(0);
        _scene.Counts.ShouldNotContainKey(SegmentsSent);
    }

    [Fact]
    public void Two_who_hold_the_same_have_nothing_to_compare_any_more()
    {
        Begin();
        _peer.Send(SummaryType, s_other);
        _channel.Deadline.ShouldBe(_scene.Now + TimeSpan.FromSeconds(2));
        _scene.Session.Deadline.ShouldBe(_channel.Deadline);
        HaveAll();
        _channel.Deadline.ShouldBe(Instant.Never);
    }

    [Fact]
    public void A_frontier_is_enough_to_go_on_acknowledging_messages_after_a_start()
    {
        Begin();
        _alice.Receive(_mallory.Say("hello"));
        _alice.Replica.ReceiptDeadline.ShouldBe(Instant.Never);
        _peer.Send(FrontierType, Frontier.Empty.Encode());
        _alice.Replica.ReceiptDeadline.ShouldBe(_scene.Now + _alice.Options.ReceiptDelay);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_was_asked_stands_behind_the_others_until_something_that_it_brings_is_applied(bool isFruitful)
    {
        Begin();
        _peer.Send(FrontierType, Promise());
        _channel.Place.ShouldBe((1, _scene.Now, false, _scene.Now));
        _peer.Send(SegmentsType, Segments(_mallory.Say("something")));
        var asked = _scene.Now;
        _channel.Checked(_scene.Submitted.ShouldHaveSingleItem().Origin, isValid: true, isFruitful, _scene.Now + TimeSpan.FromSeconds(1));
        _channel.Place.ShouldBe((isFruitful ? 0 : 1, asked, false, asked));
    }

    [Fact]
    public void What_is_brought_in_time_lengthens_the_turn_by_a_second_for_64_kilobytes()
    {
        Begin();
        _peer.Send(FrontierType, Promise());
        var start = _scene.Now;
        _scene.Pass(10);
        var segments = Segments(_mallory.Say(new string('x', 60_000)));
        _peer.Send(SegmentsType, segments);
        var origin = _scene.Submitted.ShouldHaveSingleItem().Origin;
        _channel.Checked(origin, isValid: true, isFruitful: true, _scene.Now);
        var end = TimeSpan.FromSeconds(15 + (segments.Length / 65_536.0));
        _scene.PassTo(start + (end - TimeSpan.FromMilliseconds(1)));
        _channel.HasTurn.ShouldBeTrue();
        (_alice.Hits("sync.pull.fruitless"), _alice.Hits("sync.pull.stalled")).ShouldBe((0, 0));
        _scene.PassTo(start + (end + TimeSpan.FromMilliseconds(1)));
        _channel.HasTurn.ShouldBeFalse();

        // What comes when it is over gives it back to nobody.
        _peer.Send(SegmentsType, Segments(_mallory.Say("something")));
        _channel.Checked(_scene.Submitted[^1].Origin, isValid: true, isFruitful: true, _scene.Now);
        _channel.HasTurn.ShouldBeFalse();
        _channel.IsPulling.ShouldBeTrue();
    }

    [Fact]
    public void However_much_is_brought_a_turn_ends_fifteen_seconds_after_the_last_of_it_and_after_two_minutes()
    {
        Begin();
        _peer.Send(FrontierType, Promise());
        var start = _scene.Now;
        for (var second = 1; second < 130; second += 4)
        {
            _channel.HasTurn.ShouldBe(second <= 120);
            _peer.Send(SegmentsType, Segments(_mallory.Say($"{second}")));
            _channel.Checked(new Delivery(_channel, 1 << 30) { Pending = 2 }, isValid: true, isFruitful: true, _scene.Now);
            _scene.Pass(4);
        }

        _peer.Send(CaughtUpType, new CaughtUp());
        _peer.Send(FrontierType, Promise());
        _channel.HasTurn.ShouldBeTrue();
        _channel.Checked(new Delivery(_channel, 1 << 30) { Pending = 2 }, isValid: true, isFruitful: true, _scene.Now);
        _scene.Pass(14.9);
        _channel.HasTurn.ShouldBeTrue();
        _scene.Pass(0.2);
        _channel.HasTurn.ShouldBeFalse();
    }

    [Fact]
    public void Who_brings_something_unasked_has_no_turn()
    {
        Begin();
        _peer.Send(SegmentsType, Segments(_mallory.Say("something")));
        _channel.Checked(_scene.Submitted.ShouldHaveSingleItem().Origin, isValid: true, isFruitful: true, _scene.Now);
        _channel.HasTurn.ShouldBeFalse();
        _channel.Deadline.ShouldBe(Instant.Never);
    }

    [Fact]
    public void What_comes_while_a_batch_is_written_is_acknowledged_with_the_next()
    {
        Begin();
        byte[][] messages = [Segments(_mallory.Say("one")), Segments(_mallory.Say("and another"))];
        Take(messages[0]);
        _scene.Session.SealConsumed();
        Take(messages[1]);
        Acknowledge().ShouldBe([(ulong)messages[0].Length]);
        Acknowledge().Count.ShouldBe(1);
        _scene.Session.SealConsumed();
        Acknowledge().ShouldBe([(ulong)messages[0].Length, (ulong)messages[1].Length]);
        _scene.Session.SealConsumed();
        Acknowledge().Count.ShouldBe(2);

        void Take(byte[] message)
        {
            _peer.Send(SegmentsType, message);
            _channel.Checked(_scene.Submitted[^1].Origin, isValid: true, isFruitful: true, _scene.Now);
        }

        List<ulong> Acknowledge()
        {
            _scene.Session.AcknowledgeConsumed(_scene.Now);
            _scene.Run();
            return [.. _peer.Received.Where(message => message.Type == ConsumedType)
                .Select(message => Consumed.Parser.ParseFrom(message.Payload).Bytes)];
        }
    }

    [Fact]
    public void What_waits_for_its_signature_is_kept_by_the_channel()
    {
        Begin(bounds: EngineBounds.Default with { SegmentHorizon = 3, SegmentWindowBytes = 1 });
        HaveAll();
        var first = _mallory.Say("first");
        foreach (var text in new[] { "second", "third", "fourth" })
        {
            _mallory.Replica.AppendContent(EntryKind.Message, new MessageBody { Text = text }, _mallory.Now);
        }

        var burst = _mallory.Settle().ShouldHaveSingleItem();
        _alice.Receive([.. first, burst]);
        _channel.Advanced(_scene.Now);
        _scene.Run();
        _peer.Sent(_alice.Id).ShouldBe([first[0].Last.Id]);
        var before = _channel.KeptBytes;
        _peer.Send(ConsumedType, new Consumed { Bytes = 1_000_000 });
        _peer.Sent(_alice.Id).Count.ShouldBe(4);
        (before - _channel.KeptBytes).ShouldBe(burst.Entries.Take(2).Sum(entry => entry.HeaderBytes.Length + entry.Body!.Value.Length + 16));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Another_branch_goes_to_who_has_the_first_unless_forks_are_overlooked_on_purpose(bool isPlanted)
    {
        Begin(planted: isPlanted ? PlantedBug.FrontierByHeight : PlantedBug.None);
        HaveAll();
        var (one, other) = Fork();
        _alice.Receive(one);
        _channel.Advanced(_scene.Now);
        _alice.Receive(other);
        _channel.Advanced(_scene.Now);
        _scene.Run();
        _peer.Sent(_alice.Id).Contains(one.Last.Id).ShouldBeTrue();
        _peer.Sent(_alice.Id).Contains(other.Last.Id).ShouldBe(!isPlanted);
    }

    [Fact]
    public void Who_has_one_branch_and_asks_gets_the_other()
    {
        Begin();
        var (one, other) = Fork();
        _alice.Receive(one, other);
        Begin(isNew: false);
        var theirs = Frontier.From(_alice.Replica.DurableFrontier.Heads.Where(head => head.Head != other.Last.Id));
        theirs.Count.ShouldBe(_alice.Replica.DurableFrontier.Count - 1);
        _peer.Send(FrontierType, theirs.Encode());
        _peer.Send(PullType, []);
        _peer.Sent(_alice.Id).ShouldContain(other.Last.Id);
    }

    [Fact]
    public void What_went_out_with_a_turn_after_a_fork_was_seen_is_not_sent_again_while_it_is_under_way()
    {
        Begin(window: 1);
        HaveAll();
        var (one, other) = Fork();
        _alice.Receive(one);
        _channel.Advanced(_scene.Now);
        _alice.Offer(other);
        _scene.Progress();
        _peer.Sent(_alice.Id).ShouldBe([one.Last.Id]);
        _peer.Send(PullType, []);
        for (var i = 0; i < 20; i++)
        {
            _scene.Progress();
        }

        _peer.Count(CaughtUpType).ShouldBe(1);
        _peer.Sent(_alice.Id).Count(id => id == one.Last.Id).ShouldBe(1);
    }

    [Theory]
    [InlineData(true, 0, false)]
    [InlineData(true, -1, false)]
    [InlineData(true, 1, true)]
    [InlineData(false, 0, true)]
    public void With_the_mistake_that_is_planted_height_is_all_that_counts(bool isKnown, int above, bool pulls)
    {
        Begin(planted: PlantedBug.FrontierByHeight);
        _alice.Receive([.. _mallory.Say("one"), .. _mallory.Say("two")]);
        _alice.Replica.TryGetDevice(_mallory.Device, out var log).ShouldBeTrue();
        var device = isKnown ? _mallory.Device : TestKeys.Device("elsewhere");
        var head = new FrontierHead(device, (ulong)((long)log!.MaxSeq + above), TestKeys.Entry("never was"));
        _peer.Send(FrontierType, Frontier.From([head]).Encode());
        _peer.Count(PullType).ShouldBe(pulls ? 1 : 0);
    }

    [Fact]
    public void A_device_that_has_forked_in_two_places_is_asked_for_once()
    {
        Begin();
        _alice.Receive([.. _mallory.Say("one"), .. _mallory.Say("two")]);
        var known = _alice.Replica.DurableFrontier.Heads.Single(head => head.Device == _mallory.Device);
        _peer.Send(FrontierType, Frontier.From([
            known with { Head = TestKeys.Entry("one branch") }, known with { Seq = known.Seq - 1, Head = TestKeys.Entry("another") }]).Encode());
        var pull = Pull.Parser.ParseFrom(_peer.Received.Single(message => message.Type == PullType).Payload);
        pull.ForkedDevices.ShouldHaveSingleItem().ToByteArray().ShouldBe(_mallory.Device.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_devices_that_have_forked_the_first_so_many_are_listened_to(bool isFirst)
    {
        Begin();

        // Their branch is longer than hers, which so seems to be there, until they say that it is another one.
        _peer.Send(FrontierType, Frontier.From(_alice.Replica.DurableFrontier.Heads.Select(head =>
            head.Device == _alice.Device ? head with { Seq = head.Seq + 9, Head = TestKeys.Entry("another branch") } : head)).Encode());
        var junk = Enumerable.Range(0, Limits.RemoteDevices).Select(i => TestKeys.Named($"{i}").ToArray());
        var own = _alice.Device.ToArray();
        _peer.Send(PullType, ChannelScene.PullOf(isFirst ? [own, .. junk] : [.. junk, own]));
        _peer.Sent(_alice.Id).Count.ShouldBe(isFirst ? (int)_alice.Replica.EntryCount : 0);
    }

    /// <summary>Bob's device is at the other end of a link with Alice.</summary>
    private void Begin(
        long window = Limits.LinkWindowBytes,
        int horizon = Limits.SegmentHorizon,
        EngineBounds? bounds = null,
        PlantedBug planted = PlantedBug.None,
        bool isNew = true)
    {
        if (isNew)
        {
            var options = new NodeCoreOptions
            {
                LinkWindowBytes = window,
                Bounds = bounds ?? EngineBounds.Default with { SegmentHorizon = horizon },
                Planted = planted,
            };
            (_alice, _mallory, _bob) = (new("alice", options), new("mallory"), new("bob"));
            ReplicaDevice.Group(_alice, _mallory, _bob);
        }

        _scene = new SessionScene(_alice);
        _peer = _scene.Open(_alice.Replica, _bob);
        _channel = _scene.ChannelOf(_alice.Replica);
        _peer.Types().ShouldBe([ProveType, SummaryType]);
    }

    /// <summary>The other end says that it holds the same.</summary>
    private void HaveAll() => _peer.Send(SummaryType, [
        .. _alice.Replica.DurableFrontier.Digest(TestKeys.Sodium).ToArray()[..16], .. _alice.Replica.DurableStateHash.ToArray()[..4]]);

    private (SignedRun One, SignedRun Other) Fork()
    {
        var copy = _mallory.Copied();
        return (_mallory.Say("one branch").ShouldHaveSingleItem(), copy.Say("another branch").ShouldHaveSingleItem());
    }

    /// <summary>What came behind the proof and the first summary.</summary>
    private List<int> Said() => _peer.Types(2);

    private static byte[] Promise() => Frontier.From([new FrontierHead(TestKeys.Device("elsewhere"), 5, TestKeys.Entry("never was"))]).Encode();
}
