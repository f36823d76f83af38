using Google.Protobuf;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine.Replicas;

/// <summary>What has not the shape of its kind is no body of it, and never comes to where it would be obeyed.</summary>
public sealed class ControlBodyTests
{
    private static readonly ByteString s_short = ByteString.CopyFrom(new byte[Bytes32.Size - 1]);
    private static readonly ByteString s_alice = Bytes(TestKeys.Identity("alice").ToArray());
    private static readonly ByteString s_alicesCard = Bytes(TestKeys.Card("alice", "alice's device", "alice").Encode());
    private static readonly ByteString s_bobsCard = Bytes(TestKeys.Card("bob", "bob's device", "bob").Encode());

    [Fact]
    public void A_genesis_names_its_members_with_roles_and_cards()
    {
        var body = Genesis(Member(s_alice, Role.Owner, s_alicesCard), Member(Identity(1), Role.Reader)).ShouldNotBeNull();
        body.Name.ShouldBe("team");
        body.Grants.ShouldBe(
        [
            new Core.Authority.RoleGrant(TestKeys.Identity("alice"), Role.Owner),
            new Core.Authority.RoleGrant(new IdentityId(Identity(1).Span), Role.Reader),
        ]);
        body.Cards.ShouldHaveSingleItem().Encode().ShouldBe(s_alicesCard.ToByteArray());
    }

    [Fact]
    public void A_genesis_has_at_least_one_member_and_at_most_as_many_as_the_limit()
    {
        Genesis().ShouldBeNull();
        GenesisMember[] members = [.. Enumerable.Range(0, Limits.GenesisMembers).Select(i => Member(Identity(i), Role.Member))];
        Genesis(members).ShouldNotBeNull().Grants.Count.ShouldBe(Limits.GenesisMembers);
        Genesis([.. members, Member(s_alice, Role.Member)]).ShouldBeNull();
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void An_introduction_has_so_many_cards_at_most(int cards, bool isOne)
    {
        var body = new IntroduceBody { Cards = { Enumerable.Repeat(s_alicesCard, cards) } };
        (ControlBody.Parse(EntryKind.Introduce, body.ToByteArray()) is not null).ShouldBe(isOne);
    }

    [Theory]
    [InlineData(Limits.SupersededEpochs, true)]
    [InlineData(Limits.SupersededEpochs + 1, false)]
    public void An_epoch_takes_the_place_of_so_many_at_most(int links, bool isOne) =>
        (Epoch(Identity(1), [.. Enumerable.Range(0, links).Select(i => Identity(i))]) is not null).ShouldBe(isOne);

    [Fact]
    public void A_genesis_with_a_member_of_no_shape_is_none()
    {
        Genesis(Member(s_short, Role.Owner)).ShouldBeNull();
        Genesis(Member(s_alice, Role.None)).ShouldBeNull();
        Genesis(Member(s_alice, Role.Owner + 1)).ShouldBeNull();
        Genesis(Member(s_alice, Role.Owner, s_short)).ShouldBeNull();
    }

    [Fact]
    public void A_genesis_gives_each_person_once_and_only_their_own_devices()
    {
        Genesis(Member(s_alice, Role.Owner), Member(s_alice, Role.Member)).ShouldBeNull();
        Genesis(Member(s_alice, Role.Owner, s_bobsCard)).ShouldBeNull();
        Genesis(Member(s_alice, Role.Owner, s_alicesCard, s_bobsCard)).ShouldBeNull();
    }

    [Fact]
    public void A_role_is_set_for_one_person_with_devices_of_theirs()
    {
        var body = SetRole(s_alice, (uint)Role.Owner, s_alicesCard).ShouldNotBeNull();
        body.Grants.ShouldBe([new Core.Authority.RoleGrant(TestKeys.Identity("alice"), Role.Owner)]);
        body.Cards.Count.ShouldBe(1);
        SetRole(s_alice, (uint)Role.None).ShouldNotBeNull();
        SetRole(s_alice, (uint)Role.Owner + 1).ShouldBeNull();
        SetRole(s_short, (uint)Role.Member).ShouldBeNull();
        SetRole(s_alice, (uint)Role.Member, s_short).ShouldBeNull();
        SetRole(s_alice, (uint)Role.Member, s_alicesCard, s_bobsCard).ShouldBeNull();
    }

    [Fact]
    public void An_epoch_has_a_whole_ephemeral_key_and_takes_the_place_of_whole_ids()
    {
        Epoch(Identity(1), Identity(2), Identity(3)).ShouldNotBeNull().Epoch!.Supersedes.Count.ShouldBe(2);
        Epoch(Identity(1)).ShouldNotBeNull();
        Epoch(s_short).ShouldBeNull();
        Epoch(Identity(1), Identity(2), s_short).ShouldBeNull();
    }

    [Fact]
    public void A_deletion_has_up_to_256_whole_targets()
    {
        ByteString[] targets = [.. Enumerable.Range(0, 256).Select(Identity)];
        Delete(targets).ShouldNotBeNull().DeletedTargets.Select(target => Bytes(target.ToArray())).ShouldBe(targets);
        Delete([.. targets, Identity(256)]).ShouldBeNull();
        Delete().ShouldBeNull();
        Delete(Identity(0), s_short).ShouldBeNull();
    }

    private static ControlBody? Genesis(params GenesisMember[] members) => Parse(EntryKind.Genesis, new GenesisBody { Name = "team", Members = { members } });

    private static ControlBody? SetRole(ByteString identity, uint role, params ByteString[] cards) =>
        Parse(EntryKind.SetRole, new SetRoleBody { Identity = identity, Role = role, Cards = { cards } });

    private static ControlBody? Epoch(ByteString ephemeral, params ByteString[] older) => Parse(
        EntryKind.Epoch, new EpochBody { Ephemeral = ephemeral, Supersedes = { older.Select(epoch => new EpochLinkBody { Epoch = epoch }) } });

    private static ControlBody? Delete(params ByteString[] targets) => Parse(EntryKind.Delete, new DeleteBody { Targets = { targets } });

    private static ControlBody? Parse(uint kind, IMessage body) => ControlBody.Parse(kind, body.ToByteArray());

    private static GenesisMember Member(ByteString identity, Role role, params ByteString[] cards) =>
        new() { Identity = identity, Role = (uint)role, Cards = { cards } };

    private static ByteString Identity(int number) => Bytes(TestKeys.Named($"person {number}").ToArray());

    private static ByteString Bytes(byte[] bytes) => ByteString.CopyFrom(bytes);
}
