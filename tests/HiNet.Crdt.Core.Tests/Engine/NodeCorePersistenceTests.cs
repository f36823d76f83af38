using HiNet.Crdt.Core.Engine;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>What is told, and when, while writes are under way.</summary>
public sealed class NodeCorePersistenceTests
{
    private readonly LoopbackWorld _world = new();

    [Fact]
    public void Each_command_is_answered_when_what_it_wrote_is_durable_and_not_later()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var direct = alice.Direct(bob);
        alice.HoldWrites = true;
        Command(alice, -1, new NodeCommand.SendText(direct, "one", null));
        Command(alice, -2, new NodeCommand.SendText(direct, "two", null));
        alice.Results.ShouldNotContainKey(-1);
        alice.ReleaseWrite();
        _world.Run();
        alice.Results.ShouldContainKey(-1);
        alice.Results.ShouldNotContainKey(-2);
        alice.ReleaseWrite();
        _world.Run();
        alice.Results.ShouldContainKey(-2);
    }

    [Fact]
    public void What_changes_nothing_waits_only_for_what_was_written_before()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var direct = alice.Direct(bob);
        alice.HoldWrites = true;
        Command(alice, -1, new NodeCommand.SendText(direct, "one", null));
        Command(alice, -2, new NodeCommand.KeepLinked("somewhere:1"));
        Command(alice, -3, new NodeCommand.SendText(direct, "two", null));
        alice.Results.ShouldNotContainKey(-2);
        alice.ReleaseWrite();
        _world.Run();
        alice.Results.ShouldContainKey(-2);
        alice.Results.ShouldNotContainKey(-3);
    }

    [Fact]
    public void An_invite_is_used_once_it_is_durable_that_it_was_accepted_though_another_write_is_under_way()
    {
        var (alice, bob) = (_world.Add("alice"), _world.Add("bob"));
        var invite = alice.Invite();
        _world.Link(bob, alice);
        bob.HoldWrites = true;
        Command(bob, -1, new NodeCommand.AddContact(invite, null));
        Command(bob, -2, new NodeCommand.CreateInvite([]));
        alice.Reader.Contacts().ShouldBeEmpty();
        bob.ReleaseWrite();
        _world.Run();
        alice.Reader.Contacts().ShouldHaveSingleItem().Name.ShouldBe("bob");
    }

    [Fact]
    public void A_batch_that_was_not_under_way_cannot_have_become_durable()
    {
        var alice = _world.Add("alice");
        Should.Throw<InvalidOperationException>(() => alice.Core.Handle(new NodeInput.Persisted(0), _world.Now, alice));
        alice.HoldWrites = true;
        Command(alice, -1, new NodeCommand.CreateInvite([]));
        Should.Throw<InvalidOperationException>(() => alice.Core.Handle(new NodeInput.Persisted(2), _world.Now, alice));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-4_000_000_000_000)]
    [InlineData(300_000_000_000_000)]
    public void What_happens_has_the_time_of_the_nodes_own_clock_or_the_nearest_that_there_is(long skew)
    {
        var alice = _world.Add("alice");
        alice.Skew = skew;
        alice.ReadClock();
        var bob = _world.Add("bob");
        _world.Link(alice, bob);
        var time = alice.Events.OfType<PeerConnected>().ShouldHaveSingleItem().Time;
        time.ToUnixTimeMilliseconds().ShouldBe(Math.Clamp(_world.Wall + skew, 0, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));
    }

    [Fact]
    public void A_window_is_given_back_with_the_batch_that_makes_what_came_durable()
    {
        var scene = new HostileScene();
        var peer = scene.Mallory.Link(scene.Alice);
        scene.Alice.HoldWrites = true;
        var first = HostilePeer.Segments(scene.Mallory.Sign(scene.Mallory.Say("first")));
        peer.Send(HostilePeer.SegmentsType, first);
        peer.Send(HostilePeer.SegmentsType, HostilePeer.Segments(scene.Mallory.Sign(scene.Mallory.Say("second, and longer"))));
        Consumed(peer).ShouldBe(0);
        scene.Alice.ReleaseWrite();
        scene.World.Run();
        Consumed(peer).ShouldBe(first.Length);
    }

    [Fact]
    public void A_window_is_given_back_at_once_for_what_changes_nothing()
    {
        var scene = new HostileScene();
        var peer = scene.Mallory.Link(scene.Alice);
        var segments = HostilePeer.Segments(scene.Mallory.Sign(scene.Mallory.Say("once")));
        peer.Send(HostilePeer.SegmentsType, segments);
        peer.Send(HostilePeer.SegmentsType, segments);
        Consumed(peer).ShouldBe(2 * segments.Length);
    }

    private static long Consumed(HostilePeer peer) => peer.Received.Where(received => received.Type == HostilePeer.ConsumedType)
        .Sum(received => (long)Core.Protocol.Consumed.Parser.ParseFrom(received.Payload).Bytes);

    private void Command(LoopbackNode node, long number, NodeCommand command)
    {
        node.Input(new NodeInput.Commanded(number, command));
        _world.Run();
    }
}
