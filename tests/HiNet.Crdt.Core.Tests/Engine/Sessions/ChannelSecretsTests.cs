using Google.Protobuf;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Sessions;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine.Sessions;

/// <summary>The names and proofs of <c>specs/03-sync.md</c>, byte for byte: with others, two versions would refuse each other.</summary>
public sealed class ChannelSecretsTests
{
    private static readonly byte[] s_secret = TestKeys.Named("secret").ToArray();
    private static readonly byte[] s_hash = [.. TestKeys.Named("handshake").ToArray(), .. TestKeys.Named("hash").ToArray()];

    [Fact]
    public void A_conversations_channel_is_named_by_a_digest_keyed_by_the_link()
    {
        var conversation = new ConversationId(TestKeys.Named("conversation"));
        ChannelSecrets.ConversationChannel(TestKeys.Sodium, s_hash, conversation)
            .ShouldBe(Digest(s_hash, [.. "hinet/v1/channel-id"u8, .. conversation.ToArray()]));
    }

    [Fact]
    public void An_invites_channel_is_named_by_a_digest_of_another_domain()
    {
        var invite = TestKeys.Named("invite");
        ChannelSecrets.InviteChannel(TestKeys.Sodium, s_hash, invite)
            .ShouldBe(Digest(s_hash, [.. "hinet/v1/invite-channel-id"u8, .. invite.ToArray()]));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    public void A_proof_is_sixteen_bytes_for_one_end_of_one_link(bool byInitiator, byte role) =>
        ChannelSecrets.Proof(TestKeys.Sodium, s_secret, s_hash, byInitiator)
            .ShouldBe(Digest(s_secret, [.. "hinet/v1/channel-proof"u8, role, .. s_hash])[..16]);

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    public void A_device_signs_its_purpose_the_link_its_role_the_subject_and_itself(bool byInitiator, byte role)
    {
        var (subject, device) = (TestKeys.Named("subject"), TestKeys.Device("device"));
        ChannelSecrets.ToSign("hinet/v1/channel-signature"u8, s_hash, byInitiator, subject, device)
            .ShouldBe([.. "hinet/v1/channel-signature"u8, .. s_hash, role, .. subject.ToArray(), .. device.ToArray()]);
    }

    [Fact]
    public void An_opening_has_room_for_eight_proofs()
    {
        var proofs = Enumerable.Range(0, 9).Select(i => new[] { (byte)i }).ToList();
        ChannelSecrets.Opening(proofs).Proofs.Select(proof => proof.ToByteArray()).ShouldBe(proofs.Take(8));
    }

    [Fact]
    public void One_proof_in_common_is_enough_and_more_than_eight_are_not_looked_at()
    {
        byte[] known = [1, 2, 3];
        HasCommon([[9, 9, 9], known], known).ShouldBeTrue();
        HasCommon([known], [7, 7, 7], known).ShouldBeTrue();
        HasCommon([[9, 9, 9]], known).ShouldBeFalse();
        HasCommon([[1, 2]], known).ShouldBeFalse();
        HasCommon([], known).ShouldBeFalse();
        var others = Enumerable.Repeat<byte[]>([9, 9, 9], 8).ToList();
        HasCommon([known, .. others], known).ShouldBeTrue();
        HasCommon([.. others, known], known).ShouldBeFalse();
        HasCommon([.. others.Take(7), known], known).ShouldBeTrue();
    }

    [Fact]
    public void An_opening_that_cannot_be_parsed_has_nothing_in_common() =>
        ChannelSecrets.HasCommon([0xff, 0xff], [[1, 2, 3]]).ShouldBeFalse();

    [Fact]
    public void Proofs_are_of_the_control_key_and_the_seven_newest_epochs()
    {
        var world = new LoopbackWorld();
        var (alice, bob) = world.Contacts("alice", "bob");
        var group = alice.Group("team", bob);
        for (var i = 0; i < 5; i++)
        {
            bob.Do(new NodeCommand.Leave(group)).ShouldBeOfType<NodeResult.Written>();
            world.Pass(TimeSpan.FromSeconds(2));
            alice.Send(group, "without bob");
            alice.Do(new NodeCommand.AddMember(group, bob.Identity)).ShouldBeOfType<NodeResult.Written>();
            alice.Send(group, "with bob");
            world.Pass(TimeSpan.FromSeconds(2));
        }

        var replica = new StoredReplica(alice, group).Replica;
        var epochs = replica.NewestSecrets(int.MaxValue);
        epochs.Count.ShouldBeGreaterThan(8);
        foreach (var byInitiator in new[] { true, false })
        {
            var proofs = ChannelSecrets.ProofsOf(TestKeys.Sodium, replica, s_hash, byInitiator, new SortedSet<IdentityId>());
            proofs.ShouldBe(
            [
                ChannelSecrets.Proof(TestKeys.Sodium, replica.ControlKey, s_hash, byInitiator),
                .. epochs.TakeLast(7).Select(epoch => ChannelSecrets.Proof(TestKeys.Sodium, epoch.Secret, s_hash, byInitiator)),
            ]);
        }
    }

    private static bool HasCommon(IReadOnlyList<byte[]> given, params byte[][] expected)
    {
        var opening = new ChannelOpening();
        opening.Proofs.AddRange(given.Select(ByteString.CopyFrom));
        return ChannelSecrets.HasCommon(opening.ToByteArray(), expected);
    }

    private static byte[] Digest(byte[] key, byte[] message)
    {
        var digest = new byte[32];
        TestKeys.Sodium.Blake2b(message, digest, key);
        return digest;
    }
}
