using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>Which links a node keeps, what it says of them, and whom it dials when one has ended.</summary>
public sealed class NodeCoreLinksTests
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(2);

    private readonly LoopbackWorld _world = new();

    [Fact]
    public void Links_are_listed_with_who_is_there_and_what_is_open_on_them()
    {
        var (alice, bob) = _world.Contacts("alice", "bob", link: false);
        var direct = alice.Direct(bob);
        _world.Link(alice, bob, "bob:1");
        var stranger = _world.Add("stranger");
        _world.Link(stranger, alice);
        Half(alice);
        _world.Run();

        var links = Links(alice);
        links.Select(link => (link.Node, link.Identity, link.Address, link.IsInitiator)).ShouldBe(
        [
            (bob.Secrets.Node, bob.Identity, "bob:1", true),
            (stranger.Secrets.Node, null, null, false),
        ]);
        links[0].Conversations.ShouldBe([direct]);
        links[1].Conversations.ShouldBeEmpty();
        _world.Unlink(alice, bob);
        Links(alice).ShouldHaveSingleItem().Node.ShouldBe(stranger.Secrets.Node);
    }

    [Fact]
    public void A_conversation_is_listed_only_when_the_other_end_has_proved_its_device()
    {
        var scene = new HostileScene();
        scene.World.Unlink(scene.Alice, scene.Bob);
        var peer = new HostilePeer(scene.World, scene.Mallory.Secrets, scene.Alice, scene.Group, scene.Mallory.ControlKey) { Proves = false }.Link();
        peer.IsOpen.ShouldBeTrue();
        Links(scene.Alice).ShouldHaveSingleItem().Conversations.ShouldBeEmpty();
        peer.Prove();
        scene.World.Run();
        Links(scene.Alice).ShouldHaveSingleItem().Conversations.ShouldBe([scene.Group]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Two_who_dial_each_other_keep_the_link_of_the_lower_key_and_say_once_that_they_are_linked(bool isLowerFirst)
    {
        var (lower, higher) = Pair();
        _world.Link(isLowerFirst ? lower : higher, isLowerFirst ? higher : lower);
        _world.Link(isLowerFirst ? higher : lower, isLowerFirst ? lower : higher);
        Links(lower).ShouldHaveSingleItem().IsInitiator.ShouldBeTrue();
        Links(higher).ShouldHaveSingleItem().IsInitiator.ShouldBeFalse();
        (lower.Ends.Count, higher.Ends.Count).ShouldBe((1, 1));
        foreach (var node in new[] { lower, higher })
        {
            node.Events.OfType<PeerDisconnected>().ShouldBeEmpty();
            node.Events.OfType<PeerConnected>().Count().ShouldBe(isLowerFirst ? 1 : 2);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_two_links_in_one_direction_the_newer_is_kept(bool isLowerFirst)
    {
        var (lower, higher) = Pair();
        var (one, other) = isLowerFirst ? (lower, higher) : (higher, lower);
        _world.Link(one, other, "old:1");
        _world.Link(one, other, "new:1");
        Links(one).ShouldHaveSingleItem().Address.ShouldBe("new:1");
        (one.Ends.Count, other.Ends.Count).ShouldBe((1, 1));
    }

    [Fact]
    public void A_node_says_of_each_other_node_when_it_comes_and_when_it_is_gone()
    {
        var (one, other) = Pair();
        var silent = Half(one);
        _world.Link(one, other);
        _world.Unlink(one, other);
        one.EndLink(silent, "never was up");
        _world.Run();
        one.Events.OfType<PeerConnected>().ShouldHaveSingleItem().Node.ShouldBe(other.Secrets.Node);
        one.Events.OfType<PeerDisconnected>().ShouldHaveSingleItem().Node.ShouldBe(other.Secrets.Node);
    }

    [Fact]
    public void An_address_that_is_kept_linked_is_dialled_at_once_and_again_soon_after_its_link_has_ended()
    {
        var (one, other) = Pair();
        KeepLinked(one, "other:1");
        one.Dialled.ShouldBe(["other:1"]);
        Fail(one, "other:1");
        Fail(one, "other:1");
        one.Dialled.Count.ShouldBe(3);
        _world.Link(one, other, "other:1");
        _world.Unlink(one, other);
        ShouldDialAfterTheShortestTime(one, "other:1");
    }

    [Fact]
    public void A_node_that_is_linked_is_not_dialled_whatever_late_news_there_are_of_its_address()
    {
        var (one, other) = Pair();
        KeepLinked(one, "other:1");
        _world.Link(one, other, "other:1");
        Fail(one, "other:1");
        one.Dialled.Count.ShouldBe(1);
    }

    [Fact]
    public void A_link_that_ends_before_it_was_up_is_dialled_again_though_another_is_coming_up()
    {
        var node = _world.Add("node");
        KeepLinked(node, "somewhere:1");
        Half(node);
        var link = Half(node, "somewhere:1");
        _world.Run();
        node.EndLink(link, "the other end went away");
        _world.Run();
        ShouldDialAfterTheShortestTime(node, "somewhere:1");
    }

    [Fact]
    public void A_node_that_was_dialled_is_dialled_again_also_when_the_link_that_has_ended_was_its_own()
    {
        var (lower, higher) = Pair();
        KeepLinked(higher, "lower:1");
        _world.Link(higher, lower, "lower:1");
        _world.Link(lower, higher);
        Links(higher).ShouldHaveSingleItem().Address.ShouldBeNull();
        _world.Pass(TimeSpan.FromMinutes(1));
        higher.Dialled.Count.ShouldBe(1);
        _world.Unlink(higher, lower);
        ShouldDialAfterTheShortestTime(higher, "lower:1");
    }

    [Fact]
    public void The_end_of_one_link_says_nothing_of_another_address()
    {
        var alice = _world.Add("alice");
        var (bob, carol) = (_world.Add("bob"), _world.Add("carol"));
        KeepLinked(alice, "bob:1");
        KeepLinked(alice, "carol:1");
        _world.Link(alice, bob, "bob:1");
        _world.Link(alice, carol, "carol:1");
        _world.Unlink(alice, bob);
        _world.Pass(s_soon);
        _world.Unlink(alice, carol);
        ShouldDialAfterTheShortestTime(alice, "carol:1");
    }

    [Fact]
    public void A_contact_whose_link_has_ended_is_dialled_wherever_they_are_known_to_be()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        LearnAddress(alice, bob, "bob:1");
        alice.Dialled.ShouldBeEmpty("they are linked");
        _world.Pass(TimeSpan.FromMinutes(1));
        alice.Dialled.ShouldBeEmpty();
        _world.Unlink(alice, bob);
        ShouldDialAfterTheShortestTime(alice, "bob:1");
    }

    [Fact]
    public void A_full_node_refuses_a_link_and_dials_the_address_again_later()
    {
        var node = _world.Add("node", Room(2));
        var (one, other, late) = (_world.Add("one"), _world.Add("other"), _world.Add("late"));
        KeepLinked(node, "late:1");
        _world.Link(node, one, "one:1");
        _world.Link(node, other, "other:1");
        _world.Link(node, late, "late:1");
        Links(node).Select(link => link.Node).ShouldBe([one.Secrets.Node, other.Secrets.Node]);
        late.IsLinked.ShouldBeFalse();
        node.Hits("bound.links").ShouldBe(1);
        ShouldDialAfterTheShortestTime(node, "late:1");
    }

    [Fact]
    public void The_oldest_link_that_came_in_and_is_about_nothing_makes_room_once_it_is_idle()
    {
        var node = _world.Add("node", Room(4));
        var friend = _world.Befriend(node, "friend");
        node.Direct(friend);
        _world.Link(node, _world.Add("dialled"), "dialled:1");
        var (first, second) = (_world.Add("first"), _world.Add("second"));
        _world.Link(first, node);
        _world.Link(second, node);
        _world.Pass(Limits.IdleLink - TimeSpan.FromMilliseconds(1));
        _world.Link(_world.Add("early"), node);
        first.IsLinked.ShouldBeTrue();
        _world.Pass(TimeSpan.FromMilliseconds(1));
        var late = _world.Add("late");
        _world.Link(late, node);
        first.IsLinked.ShouldBeFalse();
        (friend.IsLinked, second.IsLinked, late.IsLinked).ShouldBe((true, true, true));
        _world.Pass(Limits.IdleLink);
        _world.Link(_world.Add("later"), node);
        _world.Link(_world.Add("still later"), node);
        friend.IsLinked.ShouldBeTrue();
        Links(node)[1].Address.ShouldBe("dialled:1");
    }

    [Fact]
    public void A_node_that_was_stopped_or_has_a_broken_disk_dials_nobody()
    {
        var (alice, bob) = Pair();
        foreach (var node in new[] { alice, bob })
        {
            KeepLinked(node, "somewhere:1");
            Fail(node, "somewhere:1", isWaitedFor: false);
        }

        alice.Do(new NodeCommand.Stop()).ShouldBeOfType<NodeResult.Done>();
        bob.DiskProblem = "The disk is full: make room and start the node again.";
        bob.Do(new NodeCommand.CreateInvite([])).ShouldBeOfType<NodeResult.Refused>();
        _world.Pass(TimeSpan.FromMinutes(1));
        foreach (var node in new[] { alice, bob })
        {
            node.ReadClock();
            _world.Run();
            node.Core.HandleDeadline(_world.Now, node);
            node.Dialled.Count.ShouldBe(1);
            node.Core.Deadline.ShouldBe(Instant.Never);
        }
    }

    [Fact]
    public void What_a_clock_said_on_a_link_is_forgotten_with_the_link()
    {
        var (carol, others) = Off();
        carol.Events.OfType<ClockCorrected>().ShouldHaveSingleItem();
        foreach (var other in others)
        {
            _world.Unlink(carol, other);
        }

        var note = carol.Direct(others[0]);
        var sent = carol.Send(note, "by my own clock");
        carol.Reader.Find(note, sent)!.Time.ToUnixTimeMilliseconds().ShouldBeInRange(_world.Wall + carol.Skew - 5_000, _world.Wall + carol.Skew + 5_000);
    }

    [Fact]
    public void A_clock_that_is_off_is_told_of_once_and_not_when_it_is_right_again()
    {
        var (carol, _) = Off();
        var dave = _world.Befriend(carol, "dave");
        carol.Events.OfType<ClockCorrected>().Count().ShouldBe(1, "he says what the others say");
        _world.Unlink(carol, dave);
        dave.Skew = carol.Skew;
        dave.ReadClock();
        _world.Link(carol, dave);
        carol.Events.OfType<ClockCorrected>().Count().ShouldBe(1, "two have one time, and two another");
    }

    [Fact]
    public void Who_has_the_other_as_a_contact_and_opens_their_conversation_has_met_them_without_the_invites_answer()
    {
        var (alice, bob) = (_world.Add("alice"), _world.Add("bob"));
        bob.Do(new NodeCommand.AddContact(alice.Invite(), null)).ShouldBeOfType<NodeResult.Added>();
        alice.HoldWrites = true;
        _world.Link(bob, alice);
        _world.Unlink(bob, alice);
        alice.HoldWrites = false;
        alice.ReleaseWrite();
        _world.Run();
        bob.Reader.Contacts().ShouldHaveSingleItem().Status.ShouldBe(ContactStatus.Waiting);

        // By her clock the invite has expired, so that she does not answer it.
        alice.Skew = (long)TimeSpan.FromDays(60).TotalMilliseconds;
        alice.ReadClock();
        _world.Link(bob, alice);
        bob.Reader.Contacts().ShouldHaveSingleItem().Status.ShouldBe(ContactStatus.Met);
        bob.Events.OfType<ContactMet>().ShouldHaveSingleItem().Contact.Name.ShouldBe("alice");

        // Who had met before is not told again.
        _world.Unlink(bob, alice);
        _world.Link(bob, alice);
        bob.Events.OfType<ContactMet>().ShouldHaveSingleItem();
    }

    [Fact]
    public void A_group_that_two_are_in_does_not_make_them_contacts_who_have_met()
    {
        var bob = _world.Add("bob");
        var (alice, carol) = (_world.Befriend(bob, "alice"), _world.Befriend(bob, "carol"));
        var group = bob.Group("team", alice, carol);
        _world.Pass(s_soon);

        // By her clock the invite has expired, so that she does not answer it.
        var invite = carol.Invite();
        carol.Skew = (long)TimeSpan.FromDays(60).TotalMilliseconds;
        carol.ReadClock();
        alice.Do(new NodeCommand.AddContact(invite, null)).ShouldBeOfType<NodeResult.Added>();
        _world.Link(alice, carol);
        Links(alice).ShouldContain(link => link.Node == carol.Secrets.Node && link.Conversations.Contains(group));
        alice.Reader.Contacts().Single(contact => contact.Id == carol.Identity).Status.ShouldBe(ContactStatus.Waiting);
    }

    [Fact]
    public void Of_several_who_have_more_the_one_is_asked_next_whose_last_turn_was_longest_ago()
    {
        var scene = new HostileScene();
        HostilePeer[] peers = [.. Enumerable.Range(0, 3).Select(_ => scene.Mallory.Link(scene.Alice))];
        foreach (var peer in peers)
        {
            HasMore(peer);
        }

        Pulls().ShouldBe([1, 0, 0]);
        peers[0].Send(HostilePeer.CaughtUpType, []);
        Pulls().ShouldBe([1, 1, 0]);
        HasMore(peers[0]);
        peers[1].Send(HostilePeer.CaughtUpType, []);
        Pulls().ShouldBe([1, 1, 1]);

        int[] Pulls() => [.. peers.Select(peer => peer.Received.Count(received => received.Type == HostilePeer.PullType))];

        void HasMore(HostilePeer peer) => peer.Send(
            HostilePeer.FrontierType, Frontier.From([new FrontierHead(scene.Mallory.Secrets.Device, 1_000, TestKeys.Entry("more"))]).Encode());
    }

    [Fact]
    public void An_own_device_at_the_other_end_of_a_note_to_self_is_nobody_to_meet()
    {
        var alice = _world.Add("alice");
        var note = alice.Direct(alice);
        alice.Send(note, "to self");
        var other = new HostilePeer(_world, alice.Secrets, alice, note, new HostileMember(_world, alice, note).ControlKey).Link();
        other.IsOpen.ShouldBeTrue();
        Links(alice).ShouldHaveSingleItem().Conversations.ShouldBe([note]);
        alice.Events.OfType<ContactMet>().ShouldBeEmpty();
        alice.Reader.Contacts().ShouldBeEmpty();
    }

    [Fact]
    public void What_is_sent_is_counted()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var direct = alice.Direct(bob);
        alice.Send(direct, "hello");
        _world.Pass(s_soon);
        alice.Counts.GetValueOrDefault("hinet.sync.segments.sent").ShouldBeGreaterThan(0);
    }

    [Fact]
    public void An_entry_from_the_future_is_told_of()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var direct = alice.Direct(bob);
        _world.Unlink(alice, bob);
        alice.Skew = (long)TimeSpan.FromHours(1).TotalMilliseconds;
        alice.ReadClock();
        alice.Send(direct, "from the future");
        _world.Link(alice, bob);
        _world.Run();
        var parked = bob.Events.OfType<EntriesParked>().First();
        (parked.Conversation, parked.Device).ShouldBe((direct, alice.Secrets.Device));
        parked.Time.ToUnixTimeMilliseconds().ShouldBe(_world.Wall);
    }

    private static NodeCoreOptions Room(int links) => new() { Bounds = new EngineBounds { Links = links } };

    private static IReadOnlyList<LinkSummary> Links(LoopbackNode node) =>
        node.Do(new NodeCommand.ListLinks()).ShouldBeOfType<NodeResult.Linked>().Links;

    private static void KeepLinked(LoopbackNode node, string address) =>
        node.Do(new NodeCommand.KeepLinked(address)).ShouldBeOfType<NodeResult.Done>();

    /// <summary>A link whose other end says nothing.</summary>
    private LinkId Half(LoopbackNode node, string? address = null)
    {
        var link = _world.NextLink();
        node.Ends[link] = new LoopbackEnd(null, _ => { }, _ => { });
        node.Input(new NodeInput.LinkOpened(link, address is not null, address));
        return link;
    }

    /// <summary>Two strangers, the one with the lower node key first.</summary>
    private (LoopbackNode Lower, LoopbackNode Higher) Pair()
    {
        var (one, other) = (_world.Add("one"), _world.Add("other"));
        return one.Secrets.Node.CompareTo(other.Secrets.Node) < 0 ? (one, other) : (other, one);
    }

    private void Fail(LoopbackNode node, string address, bool isWaitedFor = true)
    {
        node.Input(new NodeInput.DialFailed(address, "nobody is there"));
        _world.Run();
        _world.Pass(isWaitedFor ? s_soon : TimeSpan.Zero);
    }

    /// <summary>That is after three to five quarters of 250 ms.</summary>
    private void ShouldDialAfterTheShortestTime(LoopbackNode node, string address)
    {
        var before = node.Dialled.Count(dialled => dialled == address);
        _world.Pass(TimeSpan.FromMilliseconds(187));
        node.Dialled.Count(dialled => dialled == address).ShouldBe(before);
        _world.Pass(TimeSpan.FromMilliseconds(126));
        node.Dialled.Count(dialled => dialled == address).ShouldBe(before + 1);
    }

    /// <summary>An invite tells where its issuer is, though the two have met already.</summary>
    private static void LearnAddress(LoopbackNode node, LoopbackNode contact, string address)
    {
        var invite = contact.Do(new NodeCommand.CreateInvite([address])).ShouldBeOfType<NodeResult.Invited>().Invite;
        node.Do(new NodeCommand.AddContact(invite, null)).ShouldBeOfType<NodeResult.Added>();
    }

    /// <summary>Carol, whose clock is ten minutes behind those of two others she is linked to.</summary>
    private (LoopbackNode Carol, LoopbackNode[] Others) Off()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var carol = _world.Befriend(alice, "carol");
        LoopbackScenes.Introduce(bob, carol);
        _world.Unlink(alice, carol);
        carol.Skew = -(long)TimeSpan.FromMinutes(10).TotalMilliseconds;
        carol.ReadClock();
        _world.Link(carol, alice);
        _world.Link(carol, bob);
        _world.Pass(s_soon);
        return (carol, [alice, bob]);
    }
}
