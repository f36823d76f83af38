using Google.Protobuf;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
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
        Holds(alice, new ConversationId(group), default).ShouldBeFalse();
    }

    [Fact]
    public void Of_the_secrets_in_an_invitation_the_last_1024_are_kept()
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
        var epochs = Enumerable.Range(0, 1_025).Select(i => TestKeys.Entry($"epoch {i}")).ToList();
        invitation.Epochs.AddRange(epochs.Select(epoch => new EpochSecretBody
        {
            Epoch = ByteString.CopyFrom(epoch.ToArray()),
            Secret = ByteString.CopyFrom(new byte[32]),
        }));
        mallory.Give(alice, mallory.Sign(mallory.Write(mallory.Draft(EntryKind.GroupInvitation), invitation)));
        var number = alice.Reader.Describe(new ConversationId(group))!.Number;
        epochs.ConvertAll(epoch => alice.Store.TryGet(ColumnFamily.Secrets, StoreKeys.HandedSecret(number, epoch, bob.Identity), out _))
            .ShouldBe([false, .. Enumerable.Repeat(true, 1_024)]);
    }

    [Fact]
    public void The_name_in_an_invitation_is_cut_to_128_bytes()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var mallory = Mallory(bob, alice);
        var group = TestKeys.Named("a group");
        mallory.Give(alice, mallory.Sign(mallory.Write(mallory.Draft(EntryKind.GroupInvitation), new GroupInvitationBody
        {
            Group = ByteString.CopyFrom(group.ToArray()),
            ControlKey = ByteString.CopyFrom(new byte[32]),
            Name = new string('x', 129),
        })));
        alice.Reader.NameOf(new ConversationId(group)).ShouldBe(new string('x', 128));
    }

    [Fact]
    public void The_channel_of_someone_who_leaves_is_closed_at_once()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var group = alice.Group("team", bob);
        alice.Send(group, "hello");
        _world.Pass(TimeSpan.FromSeconds(5));
        Open(alice).ShouldContain(group);
        bob.Do(new NodeCommand.Leave(group)).ShouldBeOfType<NodeResult.Written>();
        Open(alice).ShouldNotContain(group);

        static IEnumerable<ConversationId> Open(LoopbackNode node) =>
            node.Do(new NodeCommand.ListLinks()).ShouldBeOfType<NodeResult.Linked>().Links.SelectMany(link => link.Conversations);
    }

    [Fact]
    public void Who_refused_a_channel_is_not_asked_again_with_each_batch()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var group = alice.Group("team", bob);
        _world.Pass(TimeSpan.FromSeconds(5));
        _world.Unlink(alice, bob);
        _world.Link(alice, _world.Add("stranger"));
        alice.Send(group, "one");
        var before = alice.SentBytes;
        alice.Send(group, "another");
        alice.SentBytes.ShouldBe(before);
    }

    [Fact]
    public void Nobody_leaves_a_direct_conversation()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var mallory = Mallory(bob, alice);
        var body = new SetRoleBody { Identity = ByteString.CopyFrom(bob.Identity.ToArray()), Role = (uint)Role.None };
        mallory.Give(alice, mallory.Sign(mallory.Write(mallory.Draft(EntryKind.SetRole), body)));
        alice.Reader.MembersOf(mallory.Conversation).Count.ShouldBe(2);
        alice.Hits("log.refused.NotPermitted").ShouldBe(1);
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

    private static bool Holds(LoopbackNode node, ConversationId group, EntryId epoch) =>
        node.Store.TryGet(ColumnFamily.Secrets, StoreKeys.EpochSecret(node.Reader.Describe(group)!.Number, epoch), out _);

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
