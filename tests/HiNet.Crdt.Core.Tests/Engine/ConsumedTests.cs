namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>A receiver gives back a sender's window for what is durable, never for what it merely holds.</summary>
public sealed class ConsumedTests
{
    private const int ConsumedType = 5;

    private readonly HostileScene _scene = new();

    private HostileMember Mallory => _scene.Mallory;

    [Fact]
    public void What_came_while_a_batch_was_being_written_is_acknowledged_with_its_own_batch()
    {
        var peer = Mallory.Link(_scene.Alice);
        _scene.Alice.HoldWrites = true;
        var first = HostilePeer.Segments(Mallory.Sign(Mallory.Say("first")));
        var second = HostilePeer.Segments(Mallory.Sign(Mallory.Say("second, and longer")));
        peer.Send(HostilePeer.SegmentsType, first);
        peer.Send(HostilePeer.SegmentsType, second);
        Consumed(peer).ShouldBe(0);

        _scene.Alice.ReleaseWrite();
        _scene.World.Run();
        Consumed(peer).ShouldBe(first.Length);
        _scene.Alice.Texts(_scene.Group).ShouldBe([.. _scene.Before, "first"]);

        _scene.Alice.HoldWrites = false;
        _scene.Alice.ReleaseWrite();
        _scene.World.Run();
        Consumed(peer).ShouldBe(first.Length + second.Length);
        peer.Unlink();
        _scene.ShouldGoOn("first", "second, and longer");
    }

    [Fact]
    public void What_changes_nothing_is_acknowledged_at_once()
    {
        var peer = Mallory.Link(_scene.Alice);
        var segments = HostilePeer.Segments(Mallory.Sign(Mallory.Say("once")));
        peer.Send(HostilePeer.SegmentsType, segments);
        peer.Send(HostilePeer.SegmentsType, segments);
        Consumed(peer).ShouldBe(2 * segments.Length);
        peer.Unlink();
        _scene.ShouldGoOn("once");
    }

    private static long Consumed(HostilePeer peer) =>
        peer.Received.Where(r => r.Type == ConsumedType).Sum(r => (long)Protocol.Consumed.Parser.ParseFrom(r.Payload).Bytes);
}
