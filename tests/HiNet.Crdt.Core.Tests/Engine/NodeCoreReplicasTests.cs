using Google.Protobuf;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>How conversations come to be.</summary>
public sealed class NodeCoreReplicasTests
{
    private readonly LoopbackWorld _world = new();

    [Fact]
    public void The_control_key_of_a_direct_conversation_is_derived_from_the_pairs_secret_and_the_conversation()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var direct = alice.Direct(bob);
        alice.Send(direct, "hello");
        var pair = PairSecret.Derive(
            TestKeys.Sodium, bob.Secrets.AgreementSecret.Span, bob.Identity, alice.Secrets.Certificate.Agreement, alice.Identity);
        var key = new byte[32];
        TestKeys.Sodium.Blake2b([.. EngineDomains.DirectControlKey, .. direct.ToArray()], key, pair!.Value.ToArray());
        new HostileMember(_world, alice, direct).ControlKey.ShouldBe(key);
    }

    [Theory]
    [InlineData(31, 32)]
    [InlineData(32, 31)]
    [InlineData(0, 32)]
    [InlineData(32, 0)]
    public void An_invitation_to_nothing_that_can_be_a_group_is_passed_over(int group, int controlKey)
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var mallory = Mallory(bob, alice);
        var before = alice.Reader.Conversations();
        mallory.Give(alice, mallory.Sign(mallory.Write(mallory.Draft(EntryKind.GroupInvitation), new GroupInvitationBody
        {
            Group = ByteString.CopyFrom(new byte[group]),
            ControlKey = ByteString.CopyFrom(new byte[controlKey]),
            Name = "no group",
        })));
        alice.Reader.Conversations().ShouldBe(before);
        alice.Events.OfType<ConversationAdded>().ShouldNotContain(added => added.Kind == ConversationKind.Group);
        alice.Send(mallory.Conversation, "goes on");
    }

    [Fact]
    public void What_cannot_be_an_epochs_secret_in_an_invitation_is_passed_over()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var mallory = Mallory(bob, alice);
        var group = TestKeys.Named("a group");
        var invitation = new GroupInvitationBody
        {
            Group = ByteString.CopyFrom(group.ToArray()),
            ControlKey = ByteString.CopyFrom(new byte[32]),
            Name = "a group",
        };
        invitation.Epochs.Add(new EpochSecretBody { Epoch = ByteString.CopyFrom(new byte[31]), Secret = ByteString.CopyFrom(new byte[32]) });
        invitation.Epochs.Add(new EpochSecretBody { Epoch = ByteString.CopyFrom(new byte[32]), Secret = ByteString.CopyFrom(new byte[31]) });
        mallory.Give(alice, mallory.Sign(mallory.Write(mallory.Draft(EntryKind.GroupInvitation), invitation)));
        alice.Reader.NameOf(new ConversationId(group)).ShouldBe("a group");
        alice.Events.OfType<ConversationAdded>().ShouldContain(added => added.Name == "a group");
    }

    [Fact]
    public void The_other_of_a_direct_conversation_cannot_keep_one_from_writing()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var mallory = Mallory(bob, alice);
        var body = new SetRoleBody { Identity = ByteString.CopyFrom(alice.Identity.ToArray()), Role = (uint)Role.None };
        mallory.Give(alice, mallory.Sign(mallory.Write(mallory.Draft(EntryKind.SetRole), body)));
        alice.Send(mallory.Conversation, "goes on");
    }

    /// <summary>Bob's keys in bad hands, for his conversation with Alice.</summary>
    private HostileMember Mallory(LoopbackNode bob, LoopbackNode alice)
    {
        var direct = bob.Direct(alice);
        bob.Send(direct, "hello");
        _world.Pass(TimeSpan.FromSeconds(5));
        _world.Unlink(alice, bob);
        _world.Nodes.Remove(bob);
        return new HostileMember(_world, bob, direct);
    }
}
