using Google.Protobuf;
using HiNet.Crdt.Core.Encryption;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>With whom a group can be made, and who adds to it.</summary>
public sealed class NodeCoreGroupsTests
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(5);

    private readonly LoopbackWorld _world = new();

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void A_groups_name_has_1_to_128_bytes(int length, bool isTaken)
    {
        var result = _world.Add("alice").Do(new NodeCommand.CreateGroup(new string('x', length), []));
        (result is NodeResult.Opened).ShouldBe(isTaken);
    }

    [Fact]
    public void Whoever_is_named_twice_and_who_makes_the_group_is_in_it_once()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var group = alice.Group("team", bob, alice, bob);
        _world.Pass(s_soon);
        foreach (var node in new[] { alice, bob })
        {
            node.Reader.MembersOf(group).Select(member => (member.Person.Name, member.Role))
                .ShouldBe([("alice", Role.Owner), ("bob", Role.Member)], ignoreOrder: true);
        }
    }

    [Fact]
    public void So_many_start_a_group_the_one_who_makes_it_counted()
    {
        var alice = _world.Add("alice", new NodeCoreOptions { Bounds = new EngineBounds { GenesisMembers = 3 } });
        LoopbackNode[] others = [_world.Befriend(alice, "bob"), _world.Befriend(alice, "carol"), _world.Befriend(alice, "dave")];
        alice.Refusal(new NodeCommand.CreateGroup("four", [.. others.Select(other => other.Identity)]))
            .ShouldBe("A group starts with at most 3 members: add the others afterwards.");
        alice.Hits("bound.genesis.members").ShouldBe(1);
        var group = alice.Group("three", others[0], others[1]);
        alice.Do(new NodeCommand.AddMember(group, others[2].Identity)).ShouldBeOfType<NodeResult.Written>();
        alice.Reader.MembersOf(group).Count.ShouldBe(4);
    }

    [Fact]
    public void The_first_of_several_who_are_no_contacts_is_named()
    {
        var (one, other) = (TestKeys.Identity("one"), TestKeys.Identity("other"));
        var (alice, bob) = _world.Contacts("alice", "bob");
        alice.Refusal(new NodeCommand.CreateGroup("x", [bob.Identity, one, other]))
            .ShouldBe($"{one} is not a contact: add them with an invite of theirs first.");
    }

    [Fact]
    public void Each_group_has_a_salt_of_its_own()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var salts = new[] { alice.Group("team", bob), alice.Group("team", bob) }.Select(group => Salt(new HostileMember(_world, alice, group), group)).ToList();
        salts.ShouldAllBe(salt => salt.Length == 16);
        salts.Select(Convert.ToHexString).ShouldBeUnique();
    }

    [Fact]
    public void An_admin_adds_members_who_write_at_once()
    {
        var (owner, bob) = _world.Contacts("owner", "bob");
        var carol = _world.Befriend(bob, "carol");
        var group = owner.Group("team", bob);
        owner.Send(group, "welcome");
        _world.Pass(s_soon);
        _world.Unlink(owner, bob);
        _world.Nodes.Remove(owner);
        var hostile = new HostileMember(_world, owner, group);
        var body = new SetRoleBody { Identity = ByteString.CopyFrom(bob.Identity.ToArray()), Role = (uint)Role.Admin };
        hostile.Give(bob, hostile.Sign(hostile.Write(hostile.Draft(EntryKind.SetRole), body)));

        bob.Do(new NodeCommand.AddMember(group, carol.Identity)).ShouldBeOfType<NodeResult.Written>();
        _world.Pass(s_soon);
        carol.Send(group, "here I am");
        _world.Pass(s_soon);
        bob.Texts(group).ShouldBe(["welcome", "here I am"]);
        carol.Texts(group).ShouldBe(bob.Texts(group));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 0)]
    public void An_invitation_that_cannot_hand_over_every_epoch_meets_its_bound(int bound, int hits)
    {
        var alice = _world.Add("alice", new NodeCoreOptions { Bounds = new EngineBounds { InvitationEpochs = bound } });
        var (bob, carol, dave) = (_world.Befriend(alice, "bob"), _world.Befriend(alice, "carol"), _world.Befriend(alice, "dave"));
        var group = alice.Group("team", bob, carol);
        alice.Send(group, "one epoch");
        _world.Pass(s_soon);
        alice.Hits("bound.invitation.epochs").ShouldBe(0);
        bob.Do(new NodeCommand.Leave(group)).ShouldBeOfType<NodeResult.Written>();
        _world.Pass(s_soon);
        alice.Do(new NodeCommand.AddMember(group, dave.Identity)).ShouldBeOfType<NodeResult.Written>();
        _world.Pass(s_soon);
        alice.Hits("bound.invitation.epochs").ShouldBe(hits);
        carol.IsLinked.ShouldBeTrue();
        dave.Texts(group).ShouldBe(["one epoch"]);
    }

    [Fact]
    public void An_invitation_hands_over_what_no_epoch_links_to()
    {
        var alice = _world.Add("alice", new NodeCoreOptions { Bounds = new EngineBounds { SupersededEpochs = 0 } });
        var (bob, carol) = (_world.Befriend(alice, "bob"), _world.Befriend(alice, "carol"));
        var group = alice.Group("team", bob);
        alice.Send(group, "before carol");
        _world.Pass(s_soon);
        alice.Do(new NodeCommand.AddMember(group, carol.Identity)).ShouldBeOfType<NodeResult.Written>();
        _world.Pass(s_soon);
        carol.Texts(group).ShouldBe(["before carol"]);
    }

    private static byte[] Salt(HostileMember member, ConversationId group)
    {
        var genesis = member.Everything().SelectMany(run => run.Entries).Single(entry => entry.Header.Kind == EntryKind.Genesis);
        BodyCipher.TryOpen(
            LoopbackNode.Cryptography, member.ControlKey, EntryCodec.EncodePrefix(genesis.Header), genesis.Body!.Value.ToArray(), out var plaintext).ShouldBeTrue();
        genesis.Id.Value.ShouldBe(group.Value);
        return GenesisBody.Parser.ParseFrom(plaintext).Salt.ToByteArray();
    }
}
