using Google.Protobuf;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Engine.Sessions;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Engine.Replicas;
using HiNet.Crdt.Core.Tests.Support;
using static HiNet.Crdt.Core.Tests.Engine.HostilePeer;

namespace HiNet.Crdt.Core.Tests.Engine.Sessions;

/// <summary>Entries that come without what they say: it is asked for everywhere, taken from anyone who has it, and acknowledged no sooner.</summary>
public sealed class ConversationChannelBodiesTests
{
    private const int WantType = 7;
    private const int BodiesType = 8;

    private readonly ChannelScene _scene = new();

    private LoopbackNode Alice => _scene.Alice;

    [Fact]
    public void A_body_that_was_kept_back_is_asked_for_and_read_when_it_comes()
    {
        var peer = _scene.Bob.Link(Alice);
        var said = _scene.Mallory.Say("what bob keeps back");
        peer.Send(_scene.Mallory.Sign(said.WithBody(null)));
        TextOf(said).ShouldBeNull();
        Wanted(peer).ShouldBeEmpty();

        _scene.Pass(2.5, peer);
        Wanted(peer).ShouldBe([said.Id]);
        Added(said).ShouldBe(0);
        peer.Send(BodiesType, Answer(said));
        TextOf(said).ShouldBe("what bob keeps back");
        Added(said).ShouldBe(1);
        _scene.Pass(7_200, peer);
        Wanted(peer).ShouldBe([said.Id]);
        peer.Received.Count(message => message.Type == WantType).ShouldBe(1, "nobody is asked for nothing");
    }

    [Fact]
    public void Another_copy_brings_the_body_before_anyone_is_asked()
    {
        var (peer, other) = (_scene.Bob.Link(Alice), _scene.Mallory.Link(Alice));
        var said = _scene.Mallory.Say("from its author");
        peer.Send(_scene.Mallory.Sign(said.WithBody(null)));
        other.Send(_scene.Mallory.Sign(said));
        TextOf(said).ShouldBe("from its author");
        Added(said).ShouldBe(1);
        _scene.Pass(60, peer, other);
        Wanted(peer).ShouldBeEmpty();
        Wanted(other).ShouldBeEmpty();
    }

    [Fact]
    public void Each_channel_is_asked_for_itself()
    {
        var (peer, other) = (_scene.Bob.Link(Alice), _scene.Mallory.Link(Alice));
        var said = _scene.Mallory.Say("known to the other one");
        peer.Send(_scene.Mallory.Sign(said.WithBody(null)));
        _scene.Pass(2.5, peer, other);
        Wanted(peer).ShouldBe([said.Id]);
        Wanted(other).ShouldBe([said.Id]);
        peer.Send(BodiesType, new Bodies { Considered = 1 }.ToByteArray());
        other.Send(BodiesType, Answer(said));
        TextOf(said).ShouldBe("known to the other one");
    }

    [Fact]
    public void A_body_that_the_entry_does_not_name_changes_nothing_and_the_right_one_is_asked_for_again()
    {
        var peer = _scene.Bob.Link(Alice);
        var said = _scene.Mallory.Say("the right one");
        peer.Send(_scene.Mallory.Sign(said.WithBody(null)));
        _scene.Pass(2.5, peer);
        var wrong = new Body { Entry = Bytes(said.Id), Sealed = ByteString.CopyFrom(new byte[said.Header.BodyLength]) };
        peer.Send(BodiesType, new Bodies { Considered = 1, Bodies_ = { wrong, wrong } }.ToByteArray());
        TextOf(said).ShouldBeNull();
        Alice.Counts["hinet.content.body.wrong"].ShouldBe(1, "the second of one entry is not looked at");
        peer.IsShutOut.ShouldBeFalse();
    }

    [Fact]
    public void What_nobody_has_is_asked_for_less_and_less_often()
    {
        var peer = _scene.Bob.Link(Alice);
        var said = _scene.Mallory.Say("known to nobody");
        peer.Send(_scene.Mallory.Sign(said.WithBody(null)));
        var asked = new List<int>();
        for (var second = 0; second < 130; second++)
        {
            var before = Wanted(peer).Count;
            _scene.Pass(1, peer);
            if (Wanted(peer).Count > before)
            {
                asked.Add(second);
                peer.Send(BodiesType, new Bodies { Considered = 1 }.ToByteArray());
            }
        }

        var gaps = asked.Zip(asked.Skip(1), (one, next) => next - one).ToList();
        gaps.ShouldBe([3, 5, 9, 17, 33], "looked at once a second, each is up to a second late");
    }

    [Fact]
    public void What_is_said_to_be_erased_is_not_asked_for_again()
    {
        var peer = _scene.Bob.Link(Alice);
        var said = _scene.Mallory.Say("regretted");
        peer.Send(_scene.Mallory.Sign(said.WithBody(null)));
        _scene.Pass(2.5, peer);
        peer.Send(BodiesType, new Bodies { Considered = 1, Erased = { Bytes(said.Id) } }.ToByteArray());
        _scene.Pass(7_200, peer);
        Wanted(peer).ShouldBe([said.Id]);
    }

    [Fact]
    public void More_than_one_message_may_name_are_asked_for_one_message_after_the_other()
    {
        var peer = _scene.Bob.Link(Alice);
        Entry[] said = [.. Enumerable.Range(0, BodyRequests.MostAtOnce + 3).Select(i => _scene.Mallory.Say($"{i}"))];
        foreach (var entry in said)
        {
            peer.Send(_scene.Mallory.Sign(entry.WithBody(null)));
        }

        _scene.Pass(2.5, peer);
        Wanted(peer).ShouldBe(said.Take(BodyRequests.MostAtOnce).Select(entry => entry.Id));

        // The answer has room for ten, and the rest is asked for at once.
        peer.Send(BodiesType, Answer(said[..10]));
        Wanted(peer).Skip(BodyRequests.MostAtOnce).ShouldBe(said.Skip(10).Select(entry => entry.Id));
        peer.Send(BodiesType, Answer(said[10..]));
        said.Select(TextOf).ShouldBe(said.Select((_, i) => $"{i}"));
    }

    [Fact]
    public void What_an_answer_considers_and_does_not_bring_is_asked_for_again_when_the_rest_was()
    {
        var peer = _scene.Bob.Link(Alice);
        Entry[] said = [.. Enumerable.Range(0, 3).Select(i => _scene.Mallory.Say($"{i}"))];
        foreach (var entry in said)
        {
            peer.Send(_scene.Mallory.Sign(entry.WithBody(null)));
        }

        _scene.Pass(2.5, peer);
        Wanted(peer).ShouldBe(said.Select(entry => entry.Id));
        var answer = Bodies.Parser.ParseFrom(Answer(said[0]));
        answer.Considered = 2;
        peer.Send(BodiesType, answer.ToByteArray());
        Wanted(peer).Skip(3).ShouldBe([said[2].Id]);
        peer.Send(BodiesType, Answer(said[2]));
        Wanted(peer).Count.ShouldBe(4);
        _scene.Pass(2.5, peer);
        Wanted(peer).Skip(4).ShouldBe([said[1].Id]);
    }

    [Fact]
    public void What_lacks_its_body_is_not_acknowledged_nor_what_its_device_said_after_it()
    {
        var peer = _scene.Bob.Link(Alice);
        var (first, second) = (_scene.Mallory.Say("kept back"), _scene.Mallory.Say("passed on"));
        peer.Send(_scene.Mallory.Sign(first.WithBody(null)), _scene.Mallory.Sign(second));
        _scene.Pass(2.5, peer);
        Acknowledged().ShouldBeLessThan((long)first.Header.Seq);
        peer.Send(BodiesType, Answer(first));
        _scene.Pass(2.5, peer);
        Acknowledged().ShouldBe((long)second.Header.Seq);
    }

    [Fact]
    public void What_came_after_the_last_receipt_is_acknowledged_after_a_restart()
    {
        var peer = _scene.Bob.Link(Alice);
        var (first, second) = (_scene.Mallory.Say("kept back"), _scene.Mallory.Say("passed on"));
        peer.Send(_scene.Mallory.Sign(first.WithBody(null)), _scene.Mallory.Sign(second));
        _scene.Pass(2.5, peer);
        Alice.Do(new NodeCommand.MarkRead(_scene.Group, first.Id)).ShouldBeOfType<NodeResult.Written>();
        peer.Send(BodiesType, Answer(first));
        Alice.Restart();
        peer = _scene.Bob.Link(Alice);
        peer.Send(SummaryType, _scene.Summary);
        _scene.Pass(2.5, peer);
        Acknowledged().ShouldBe((long)second.Header.Seq);
    }

    [Fact]
    public void What_is_missing_is_asked_for_after_a_restart()
    {
        var peer = _scene.Bob.Link(Alice);
        var said = _scene.Mallory.Say("kept back");
        peer.Send(_scene.Mallory.Sign(said.WithBody(null)));
        Alice.Restart();
        peer = _scene.Bob.Link(Alice);
        _scene.Pass(2.5, peer);
        Wanted(peer).ShouldBe([said.Id]);
        peer.Send(BodiesType, Answer(said));
        TextOf(said).ShouldBe("kept back");
    }

    [Fact]
    public void Nothing_is_asked_for_while_entries_are_on_their_way()
    {
        var peer = _scene.Bob.Link(Alice);
        peer.Send(FrontierType, _scene.More);
        var said = _scene.Mallory.Say("kept back");
        peer.Send(_scene.Mallory.Sign(said.WithBody(null)));
        _scene.Pass(10, peer);
        Wanted(peer).ShouldBeEmpty();
        peer.Send(CaughtUpType, ChannelScene.AllSent);
        _scene.Pass(2.5, peer);
        Wanted(peer).ShouldBe([said.Id]);
    }

    [Fact]
    public void Who_asks_gets_what_is_here_and_hears_what_was_erased()
    {
        var peer = _scene.Bob.Link(Alice);
        var (kept, regretted) = (Alice.Send(_scene.Group, "kept"), Alice.Send(_scene.Group, "regretted"));
        Alice.Do(new NodeCommand.Delete(_scene.Group, regretted)).ShouldBeOfType<NodeResult.Written>();
        var answer = Ask(peer, TestKeys.Entry("elsewhere"), regretted, kept, TestKeys.Entry("elsewhere too"));
        answer.Considered.ShouldBe(4U);
        answer.Erased.ShouldBe([Bytes(regretted)]);
        var body = answer.Bodies_.ShouldHaveSingleItem();
        body.Entry.ShouldBe(Bytes(kept));
        body.Sealed.ToByteArray().ShouldBe(SealedOf(kept));
    }

    [Fact]
    public void One_answer_holds_as_much_as_one_message_of_segments()
    {
        var peer = _scene.Bob.Link(Alice);
        EntryId[] said = [.. Enumerable.Range(0, 3).Select(i => Alice.Send(_scene.Group, new string((char)('a' + i), 60_000)))];
        var answer = Ask(peer, said);
        answer.Considered.ShouldBe(2U);
        answer.Bodies_.Select(body => body.Entry).ShouldBe(said.Take(2).Select(Bytes));
        Ask(peer, said[2]).Bodies_.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(2, 400, 600)]
    [InlineData(1, 400, 601)]
    [InlineData(1, 1, 1_000)]
    [InlineData(1, 1_001, 1)]
    public void An_answer_is_no_longer_than_that_unless_one_body_is(int considered, int first, int second)
    {
        int[] lengths = [first, second];
        var scene = new ChannelScene(new NodeCoreOptions { Bounds = EngineBounds.Default with { SegmentMessageBytes = 1_000 } });
        var peer = scene.Bob.Link(scene.Alice);
        Entry[] entries = [.. lengths.Select(length => scene.Mallory.WriteSealed(scene.Mallory.Draft() with { Suite = 9 }, new byte[length]))];
        peer.Send(scene.Mallory.Sign(entries));
        Ask(peer, [.. entries.Select(entry => entry.Id)]).Bodies_.Select(body => body.Sealed.Length).ShouldBe(lengths.Take(considered));
    }

    [Fact]
    public void An_answer_waits_for_room_on_the_link_and_goes_out_once()
    {
        var alice = new ReplicaDevice("alice", new NodeCoreOptions { LinkWindowBytes = 1 });
        var mallory = new ReplicaDevice("mallory");
        ReplicaDevice.Group(alice, mallory);
        var said = alice.Say("hello")[^1].Last.Id;
        var scene = new SessionScene(alice);
        var peer = scene.Open(alice.Replica, mallory);
        var channel = scene.ChannelOf(alice.Replica);
        var kept = channel.KeptBytes;
        peer.Send(WantType, WantOf(said, TestKeys.Entry("elsewhere")));
        peer.Count(BodiesType).ShouldBe(0);
        (channel.KeptBytes - kept).ShouldBe(2 * Bytes32.Size);
        for (var i = 0; i < 5; i++)
        {
            scene.Progress();
        }

        peer.Count(BodiesType).ShouldBe(1);
        channel.KeptBytes.ShouldBe(kept);
    }

    [Fact]
    public void What_was_asked_for_is_kept_until_the_answer_comes()
    {
        var (alice, bob) = (new ReplicaDevice("alice"), new ReplicaDevice("bob"));
        ReplicaDevice.Group(alice, bob);
        bob.Receive(alice.Sign(alice.Say("kept back")[^1].Last.WithBody(null)));
        var scene = new SessionScene(bob);
        var peer = scene.Open(bob.Replica, alice);
        var channel = scene.ChannelOf(bob.Replica);
        var kept = channel.KeptBytes;
        scene.Pass(2);
        peer.Count(WantType).ShouldBe(1);
        (channel.KeptBytes - kept).ShouldBe(120);
        peer.Send(BodiesType, new Bodies { Considered = 1 });
        channel.KeptBytes.ShouldBe(kept);
    }

    [Fact]
    public void A_request_that_is_too_long_or_names_no_entry_costs_the_channel()
    {
        var peer = _scene.Bob.Link(Alice);
        Ask(peer, [.. Enumerable.Range(0, BodyRequests.MostAtOnce).Select(i => TestKeys.Entry($"{i}"))]).Considered.ShouldBe((uint)BodyRequests.MostAtOnce);
        peer.Send(WantType, WantOf([.. Enumerable.Range(0, BodyRequests.MostAtOnce + 1).Select(i => TestKeys.Entry($"{i}"))]));
        peer.IsShutOut.ShouldBeTrue();
        var other = _scene.Mallory.Link(Alice);
        other.Send(WantType, new Want { Entries = { Bytes(TestKeys.Entry("named")), ByteString.CopyFrom(new byte[31]) } }.ToByteArray());
        other.IsShutOut.ShouldBeTrue();
        Alice.Events.OfType<PeerMisbehaved>().Select(misbehaved => misbehaved.Reason).ShouldBe(["malformed-message", "malformed-message"]);
    }

    [Fact]
    public void What_was_not_asked_for_is_not_looked_at()
    {
        var peer = _scene.Bob.Link(Alice);
        var said = _scene.Mallory.Say("kept back");
        peer.Send(_scene.Mallory.Sign(said.WithBody(null)));
        peer.Send(BodiesType, Answer(said));
        TextOf(said).ShouldBeNull();
        _scene.Pass(4, peer);
        Wanted(peer).ShouldBe([said.Id]);
    }

    private static ByteString Bytes(EntryId id) => ByteString.CopyFrom(id.ToArray());

    private static byte[] WantOf(params EntryId[] entries)
    {
        var want = new Want();
        want.Entries.AddRange(entries.Select(Bytes));
        return want.ToByteArray();
    }

    private static byte[] Answer(params Entry[] entries)
    {
        var answer = new Bodies { Considered = (uint)entries.Length };
        answer.Bodies_.AddRange(entries.Select(entry => new Body { Entry = Bytes(entry.Id), Sealed = ByteString.CopyFrom(entry.Body!.Value.Span) }));
        return answer.ToByteArray();
    }

    private static Bodies Ask(HostilePeer peer, params EntryId[] entries)
    {
        peer.Send(WantType, WantOf(entries));
        return Bodies.Parser.ParseFrom(peer.Received.Last(message => message.Type == BodiesType).Payload);
    }

    private static List<EntryId> Wanted(HostilePeer peer) =>
        [.. peer.Received
            .Where(message => message.Type == WantType)
            .SelectMany(message => Want.Parser.ParseFrom(message.Payload).Entries)
            .Select(entry => new EntryId(entry.Span))];

    private string? TextOf(Entry entry) => Alice.Reader.Find(_scene.Group, entry.Id)!.Text;

    private int Added(Entry entry) =>
        Alice.Reader.Events(_scene.Group, EventCursor.Start, 1_000).OfType<MessageAdded>().Count(added => added.Message.Id == entry.Id);

    /// <summary>Up to which of Mallory's entries Alice has acknowledged them; -1 for none.</summary>
    private long Acknowledged() =>
        Alice.Store.TryGet(ColumnFamily.Conversations, StoreKeys.Receipt(Number, Alice.Identity), out var state)
            ? ReceiptState.Decode(state!).Delivered.GetValueOrDefault(_scene.Mallory.Secrets.Device, -1)
            : -1;

    private byte[] SealedOf(EntryId id)
    {
        Alice.Store.TryGet(ColumnFamily.EntryIds, StoreKeys.EntryId(id), out var place).ShouldBeTrue();
        Alice.Store.TryGet(ColumnFamily.Entries, StoreKeys.Entry(Number, EntryPlace.Decode(place!).Arrival), out var record).ShouldBeTrue();
        return new EntryRecord(record!).Body.ToArray();
    }

    private uint Number => Alice.Reader.Describe(_scene.Group)!.Number;
}
