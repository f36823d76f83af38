using Google.Protobuf;
using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Discovery;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Engine.Meeting;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>Under which secrets a node is recognised on a LAN, and of whom it is glad to hear there.</summary>
public sealed class NodeCoreTopicsTests
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(5);

    private readonly LoopbackWorld _world = new();
    private int _neighbours;

    [Fact]
    public void Whoever_accepted_an_invite_is_recognised_by_it_until_both_have_met_and_by_the_pair_from_then_on()
    {
        var (alice, bob) = (Add("alice"), Add("bob"));
        var invite = alice.Invite();
        bob.Do(new NodeCommand.AddContact(invite, null)).ShouldBeOfType<NodeResult.Added>();
        alice.Recognised.ShouldBe([Topics.OfInvite(invite).Lan()]);
        bob.Recognised.ShouldBe([Topics.OfInvite(invite).Lan(), Topics.OfPair(bob, alice).Lan()], ignoreOrder: true);
        _world.Link(bob, alice);
        alice.Recognised.ShouldBe([Topics.OfPair(bob, alice).Lan()]);
        bob.Recognised.ShouldBe(alice.Recognised);
    }

    [Fact]
    public void Takers_are_expected_under_the_sixteen_newest_invites_that_have_room()
    {
        var alice = Add("alice");
        List<string> invites = [];
        for (var i = 0; i < 18; i++)
        {
            _world.Pass(TimeSpan.FromMinutes(1));
            invites.Add(alice.Invite());
        }

        alice.Recognised.ShouldBe(Lan(invites[2..]), ignoreOrder: true);
        var bob = _world.Add("bob");
        bob.Do(new NodeCommand.AddContact(invites[17], null)).ShouldBeOfType<NodeResult.Added>();
        _world.Link(bob, alice);
        alice.Recognised.ShouldBe([Topics.OfPair(alice, bob).Lan(), .. Lan(invites[1..17])], ignoreOrder: true);
    }

    [Fact]
    public void Nobody_is_expected_under_an_invite_from_the_moment_on_at_which_it_expires()
    {
        var alice = Add("alice");
        var invite = alice.Invite();
        Invite.TryParse(invite, out var parsed, out _).ShouldBeTrue();
        var left = TimeSpan.FromMilliseconds(parsed!.ExpiresUnixMilliseconds - _world.Wall);
        PassAndRead(left - TimeSpan.FromMilliseconds(1));
        alice.Recognised.ShouldBe(Lan([invite]));
        PassAndRead(TimeSpan.FromMilliseconds(1));
        alice.Recognised.ShouldBeEmpty();

        void PassAndRead(TimeSpan time)
        {
            _world.Pass(time);
            alice.ReadClock();
            _world.Run();
        }
    }

    [Fact]
    public void Without_lan_discovery_nobody_is_to_be_recognised()
    {
        var alice = _world.Add("alice", new NodeCoreOptions { Dht = new DhtOptions() });
        alice.Invite();
        alice.Recognised.ShouldBeEmpty();
    }

    [Fact]
    public void Those_come_first_who_are_not_linked_and_of_very_many_the_others_are_left_out()
    {
        var alice = Add("alice");
        var bob = _world.Befriend(alice, "bob");
        var waiting = new List<MdnsSecret>();
        for (var i = 0; i < MdnsMachine.MaximumSecrets / 2; i++)
        {
            var invite = Invite.Create(TestKeys.Sodium, TestKeys.Card($"person {i}", $"device {i}", "someone"), _world.Wall + 86_400_000, []).ToString();
            alice.Do(new NodeCommand.AddContact(invite, null)).ShouldBeOfType<NodeResult.Added>();
            waiting.Add(Topics.OfInvite(invite).Lan());
            if (i == 0)
            {
                alice.Recognised.Count.ShouldBe(3);
                alice.Recognised[2].ShouldBe(Topics.OfPair(alice, bob).Lan());
            }
        }

        alice.Recognised.Count.ShouldBe(MdnsMachine.MaximumSecrets);
        alice.Recognised.ShouldNotContain(Topics.OfPair(alice, bob).Lan());
        waiting.ShouldBeSubsetOf(alice.Recognised);
        alice.Recognised.Select(secret => secret.Id).Take(MdnsMachine.MaximumSecrets).ShouldBeUnique();
    }

    [Fact]
    public void Members_of_a_group_that_has_had_two_epochs_recognise_the_three_on_either_side_of_them_in_the_ring()
    {
        var alice = Add("alice");
        List<LoopbackNode> others = [.. Enumerable.Range(0, 11).Select(i => Befriend(alice, $"member {i}"))];
        var group = alice.Group("team", [.. others]);
        _world.Pass(s_soon);
        foreach (var other in others)
        {
            Pairs(other, others).ShouldBeEmpty("one epoch, which everybody has");
        }

        var gone = others[4];
        others.Remove(gone);
        Leave(gone, group);
        alice.Send(group, "a second epoch");
        _world.Pass(s_soon);

        List<LoopbackNode> ring = [.. others.Append(alice).OrderBy(node => node.Identity)];
        LoopbackNode[] everyone = [.. others, alice, gone];
        foreach (var node in others)
        {
            var self = ring.IndexOf(node);
            var expected = new[] { -3, -2, -1, 1, 2, 3 }.Select(step => ring[(self + step + ring.Count) % ring.Count]).Append(alice).Distinct();
            Pairs(node, everyone).ShouldBe(expected.Select(other => other.Name), ignoreOrder: true, node.Name);
            node.Recognised.Count.ShouldBe(expected.Count() + 1, "the newest epoch of the group is one more");
        }

        Pairs(gone, everyone).ShouldBe(["alice"]);
        Leave(others[0], group);
        Pairs(others[0], everyone).ShouldBe(["alice"], "who has left has no neighbours");
    }

    [Fact]
    public void In_a_small_group_everybody_recognises_each_other_and_nobody_themselves()
    {
        var alice = Add("alice");
        var (bob, carol) = (Befriend(alice, "bob"), Befriend(alice, "carol"));
        var group = alice.Group("team", bob, carol);
        _world.Pass(s_soon);
        Leave(alice, group);
        _world.Link(bob, carol);
        _world.Pass(s_soon);
        bob.Send(group, "a second epoch");
        _world.Pass(s_soon);
        LoopbackNode[] everyone = [alice, bob, carol];
        Pairs(bob, everyone).ShouldBe(["alice", "carol"], ignoreOrder: true);
        Pairs(carol, everyone).ShouldBe(["alice", "bob"], ignoreOrder: true);
        Leave(carol, group);
        Pairs(bob, everyone).ShouldBe(["alice"], "also before there is a third epoch");
        bob.Send(group, "a third");
        _world.Pass(s_soon);
        Pairs(bob, everyone).ShouldBe(["alice"]);
    }

    [Fact]
    public void A_neighbour_who_seems_to_be_someone_that_is_not_linked_is_dialled()
    {
        var alice = Add("alice");
        var (bob, carol) = (_world.Befriend(alice, "bob"), _world.Befriend(alice, "carol"));
        _world.Unlink(alice, carol);
        var (linked, unlinked) = (Topics.OfPair(alice, bob).Lan().Id, Topics.OfPair(alice, carol).Lan().Id);
        IsDialled(alice, unlinked).ShouldBeTrue();
        IsDialled(alice, linked).ShouldBeFalse();
        IsDialled(alice, TestKeys.Named("nobody's")).ShouldBeFalse();
        IsDialled(alice, linked, unlinked).ShouldBeTrue();
        IsDialled(alice, Topics.OfInvite(alice.Invite()).Lan().Id).ShouldBeTrue();
    }

    [Fact]
    public void Whose_invite_was_accepted_is_dialled_as_a_neighbour_unless_they_are_linked()
    {
        var alice = _world.Add("alice");
        var bob = Befriend(alice, "bob");
        var carol = _world.Befriend(alice, "carol");
        alice.Group("team", bob, carol);
        _world.Pass(s_soon);
        var invite = carol.Invite();
        bob.HoldWrites = true;
        bob.Input(new NodeInput.Commanded(-1, new NodeCommand.AddContact(invite, null)));
        _world.Run();
        IsDialled(bob, Topics.OfInvite(invite).Lan().Id).ShouldBeTrue();
        _world.Link(bob, carol);
        IsDialled(bob, Topics.OfInvite(invite).Lan().Id).ShouldBeFalse();
    }

    [Fact]
    public void Of_a_group_six_linked_members_are_enough()
    {
        var alice = Add("alice");
        var others = Enumerable.Range(0, 8).Select(i => Befriend(alice, $"member {i}")).ToList();
        alice.Group("team", [.. others]);
        _world.Pass(s_soon);
        _world.Link(_world.Add("stranger"), alice);
        var topic = InCommon(alice, others[0], others[1]);
        IsDialled(alice, topic).ShouldBeFalse();
        _world.Unlink(alice, others[0]);
        _world.Unlink(alice, others[1]);
        IsDialled(alice, topic).ShouldBeFalse();
        _world.Unlink(alice, others[2]);
        IsDialled(alice, topic).ShouldBeTrue();
    }

    [Fact]
    public void Of_a_group_one_member_on_several_links_is_one()
    {
        var alice = Add("alice");
        var (bob, mallory) = (Befriend(alice, "bob"), Befriend(alice, "mallory"));
        var group = alice.Group("three", bob, mallory);
        _world.Pass(s_soon);
        mallory.Send(group, "hello");
        _world.Pass(s_soon);
        var topic = InCommon(alice, bob, mallory);
        _world.Unlink(alice, bob);
        _world.Unlink(alice, mallory);
        _world.Nodes.Remove(mallory);
        var member = new HostileMember(_world, mallory, group);
        for (var i = 0; i < 3; i++)
        {
            member.Link(alice).IsOpen.ShouldBeTrue();
        }

        IsDialled(alice, topic).ShouldBeTrue();
    }

    [Fact]
    public void Of_a_smaller_group_all_others_are_enough()
    {
        var alice = Add("alice");
        var (bob, carol) = (Befriend(alice, "bob"), Befriend(alice, "carol"));
        alice.Group("three", bob, carol);
        _world.Pass(s_soon);
        var topic = InCommon(alice, bob, carol);
        IsDialled(alice, topic).ShouldBeFalse();
        _world.Unlink(alice, carol);
        IsDialled(alice, topic).ShouldBeTrue();
    }

    [Fact]
    public void Of_a_group_of_two_the_other_is_enough_and_who_is_alone_in_one_looks_for_whoever_may_come()
    {
        var alice = Add("alice");
        var bob = Befriend(alice, "bob");
        var known = alice.Recognised.ToList();
        alice.Group("two", bob);
        _world.Pass(s_soon);
        IsDialled(alice, alice.Recognised.Except(known).ShouldHaveSingleItem().Id).ShouldBeFalse();

        known = [.. alice.Recognised];
        alice.Group("one");
        _world.Pass(s_soon);
        IsDialled(alice, alice.Recognised.Except(known).ShouldHaveSingleItem().Id).ShouldBeTrue();
    }

    [Fact]
    public void Who_is_invited_again_looks_for_whoever_may_be_a_member_by_now_though_all_they_knew_are_linked()
    {
        var alice = Add("alice");
        var (bob, carol) = (Befriend(alice, "bob"), Befriend(alice, "carol"));
        var direct = alice.Direct(bob);
        alice.Send(direct, "hi");
        var group = alice.Group("team", bob, carol);
        alice.Send(group, "hello");
        _world.Pass(s_soon);
        var topic = InCommon(alice, bob, carol);
        Leave(bob, group);
        bob.Recognised.ShouldNotContain(secret => secret.Id == topic);
        _world.Unlink(alice, bob);
        _world.Nodes.Remove(alice);

        var (inviter, member) = (new HostileMember(_world, alice, direct), new HostileMember(_world, alice, group));
        inviter.Give(bob, inviter.Sign(inviter.Write(inviter.Draft(EntryKind.GroupInvitation), new GroupInvitationBody
        {
            Group = ByteString.CopyFrom(group.ToArray()),
            ControlKey = ByteString.CopyFrom(member.ControlKey),
            Grant = ByteString.CopyFrom(TestKeys.Named("a grant").ToArray()),
        })));
        bob.Recognised.ShouldContain(secret => secret.Id == topic);
        member.Link(bob);
        IsDialled(bob, topic).ShouldBeTrue();
    }

    [Fact]
    public void Who_accepts_an_invitation_meets_the_members_under_the_epoch_that_it_names_though_the_inviter_has_left()
    {
        var alice = Add("alice");
        var (bob, carol) = (Befriend(alice, "bob"), Befriend(alice, "carol"));
        bob.AcceptsInvitations = false;
        bob.Restart();
        _world.Link(bob, alice);
        var group = alice.Group("team", bob, carol);
        alice.Send(group, "hello");
        _world.Pass(s_soon);
        Leave(alice, group);
        _world.Unlink(alice, bob);
        bob.Do(new NodeCommand.AcceptInvitation(group)).ShouldBeOfType<NodeResult.Opened>();
        var topic = InCommon(bob, carol);
        bob.Restart();
        bob.Recognised.ShouldContain(secret => secret.Id == topic);
        IsDialled(bob, topic).ShouldBeTrue();
        _world.Link(bob, carol);
        _world.Pass(s_soon);
        bob.Texts(group).ShouldBe(["hello"]);
        bob.Send(group, "a second epoch");
        _world.Pass(s_soon);
        LoopbackScenes.ShouldBeEqual(group, bob, carol);
    }

    [Fact]
    public void Of_one_inviter_only_the_epoch_of_the_last_invitation_to_a_group_counts()
    {
        var alice = Add("alice");
        var bob = Befriend(alice, "bob");
        var direct = alice.Direct(bob);
        alice.Send(direct, "hi");
        _world.Pass(s_soon);
        var known = bob.Recognised.ToList();
        _world.Unlink(alice, bob);
        _world.Nodes.Remove(alice);
        var inviter = new HostileMember(_world, alice, direct);
        var group = new ConversationId(TestKeys.Named("a group"));
        List<Bytes32> topics = [];
        for (var i = 0; i < 3; i++)
        {
            var body = new GroupInvitationBody { Group = ByteString.CopyFrom(group.ToArray()), ControlKey = ByteString.CopyFrom(new byte[32]) };
            body.Epochs.Add(new EpochSecretBody
            {
                Epoch = ByteString.CopyFrom(TestKeys.Named($"epoch {i}").ToArray()),
                Secret = ByteString.CopyFrom(TestKeys.Named($"secret {i}").ToArray()),
            });
            inviter.Give(bob, inviter.Sign(inviter.Write(inviter.Draft(EntryKind.GroupInvitation), body)));
            topics.Add(bob.Recognised.Except(known).ShouldHaveSingleItem().Id);
        }

        topics.ShouldBeUnique();
    }

    private LoopbackNode Add(string name) => _world.Add(name, new NodeCoreOptions { UsesLan = true });

    private LoopbackNode Befriend(LoopbackNode friend, string name)
    {
        var node = Add(name);
        LoopbackScenes.Introduce(friend, node);
        _world.Link(node, friend);
        return node;
    }

    private void Leave(LoopbackNode node, ConversationId group)
    {
        node.Do(new NodeCommand.Leave(group)).ShouldBeOfType<NodeResult.Written>();
        _world.Pass(s_soon);
    }

    /// <summary>Those, itself included, whom a node recognises by a secret of the pair.</summary>
    private static IEnumerable<string> Pairs(LoopbackNode node, IEnumerable<LoopbackNode> others) =>
        others.Append(node).Distinct().Where(other => node.Recognised.Contains(Topics.OfPair(node, other).Lan())).Select(other => other.Name);

    private static IEnumerable<MdnsSecret> Lan(IEnumerable<string> invites) => invites.Select(invite => Topics.OfInvite(invite).Lan());

    /// <summary>What a group's members hold.</summary>
    private static Bytes32 InCommon(params LoopbackNode[] nodes) => nodes
        .Select(node => node.Recognised.Select(secret => secret.Id))
        .Aggregate((some, others) => some.Intersect(others))
        .ShouldHaveSingleItem();

    private bool IsDialled(LoopbackNode node, params Bytes32[] secrets)
    {
        var address = $"neighbour{++_neighbours}:1";
        node.Input(new NodeInput.NeighbourFound([address], secrets));
        _world.Run();
        return node.Dialled.Contains(address);
    }
}
