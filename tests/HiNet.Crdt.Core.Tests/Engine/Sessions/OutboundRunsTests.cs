using Google.Protobuf;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Sync;

namespace HiNet.Crdt.Core.Tests.Engine.Sessions;

public sealed class OutboundRunsTests
{
    private static readonly byte[] s_consumed = new Consumed { Bytes = 1_000_000 }.ToByteArray();

    private readonly HostileScene _scene = new();
    private EntryId _first;

    private HostileMember Mallory => _scene.Mallory;

    [Fact]
    public void What_waits_for_room_when_it_is_deleted_goes_out_without_its_body()
    {
        var peer = FillWindow();

        // Of these the first goes out; the next two were looked at, and wait for the last one, whose signature covers them.
        var (second, regretted, kept) = SayMore();
        peer.Send(HostilePeer.ConsumedType, s_consumed);
        Sent(peer).Select(entry => entry.Id).ShouldBe([_first, second.Id]);

        Delete(regretted);
        peer.Send(HostilePeer.ConsumedType, s_consumed);
        var sent = Sent(peer);
        sent.Single(entry => entry.Id == regretted.Id).Body.ShouldBeNull();
        sent.Single(entry => entry.Id == kept.Id).Body.ShouldNotBeNull();
    }

    [Fact]
    public void What_is_read_while_its_deletion_is_being_written_goes_out_without_its_body()
    {
        var peer = FillWindow();
        var (second, regretted, kept) = SayMore();
        _scene.Alice.HoldWrites = true;
        Delete(regretted);

        // Three entries are read from what is durable, where the deletion is not yet, and two of them wait for the last one.
        peer.Send(HostilePeer.ConsumedType, s_consumed);
        Sent(peer).Select(entry => entry.Id).ShouldBe([_first, second.Id]);
        _scene.Alice.ReleaseWrite();
        _scene.Alice.HoldWrites = false;
        peer.Send(HostilePeer.ConsumedType, s_consumed);
        var sent = Sent(peer);
        sent.Single(entry => entry.Id == regretted.Id).Body.ShouldBeNull();
        sent.Single(entry => entry.Id == kept.Id).Body.ShouldNotBeNull();
    }

    /// <summary>Each message of segments looks at three entries, and the next one waits until it was consumed.</summary>
    private HostilePeer FillWindow()
    {
        _scene.World.Nodes.Remove(_scene.Bob);
        _scene.Alice.Options = new NodeCoreOptions
        {
            Bounds = EngineBounds.Default with { SegmentHorizon = 3, SegmentWindowBytes = 1 },
        };
        _scene.Alice.Restart();
        var peer = new HostilePeer(_scene.World, _scene.Bob.Secrets, _scene.Alice, _scene.Group, Mallory.ControlKey).Link();
        peer.IsOpen.ShouldBeTrue();
        var first = Mallory.Say("fills the window");
        Mallory.Give(_scene.Alice, Mallory.Sign(first));
        Sent(peer).Select(entry => entry.Id).ShouldBe([first.Id]);
        _first = first.Id;
        return peer;
    }

    private (Entry Second, Entry Regretted, Entry Kept) SayMore()
    {
        var second = Mallory.Say("fills it again");
        var regretted = Mallory.Say("is regretted");
        var kept = Mallory.Say("is not");
        var last = Mallory.Say("signs for the others");
        Mallory.Give(_scene.Alice, Mallory.Sign(second), Mallory.Sign(regretted, kept, last));
        return (second, regretted, kept);
    }

    private void Delete(Entry regretted)
    {
        var deletion = new DeleteBody { Targets = { ByteString.CopyFrom(regretted.Id.ToArray()) } };
        Mallory.Give(_scene.Alice, Mallory.Sign(Mallory.Write(Mallory.Draft(EntryKind.Delete), deletion)));
    }

    private List<Entry> Sent(HostilePeer peer)
    {
        var entries = new List<Entry>();
        foreach (var (_, payload) in peer.Received.Where(message => message.Type == HostilePeer.SegmentsType))
        {
            var reader = new SegmentReader(LoopbackNode.Cryptography, _scene.Group, payload);
            while (reader.Read() is { } run)
            {
                entries.AddRange(run.Entries);
            }
        }

        return entries;
    }
}
