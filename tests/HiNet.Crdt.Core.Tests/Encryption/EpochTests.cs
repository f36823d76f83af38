using FsCheck;
using FsCheck.Fluent;
using HiNet.Crdt.Core.Encryption;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Encryption;

public sealed class EpochTests
{
    private static readonly ConversationId s_conversation = new(TestKeys.Named("a conversation"));
    private static readonly Bytes32 s_secret = TestKeys.Named("epoch secret");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public void Every_recipient_opens_its_own_box_and_no_other(int recipients)
    {
        var leaves = Leaves(recipients);
        var boxes = EpochBox.Seal(TestKeys.Sodium, s_conversation, s_secret, [.. leaves.Select(leaf => leaf.Public)]);
        boxes.Count.ShouldBe(recipients);
        boxes.Boxes.Length.ShouldBe(recipients * EpochBox.Size);
        for (var box = 0; box < recipients; box++)
        {
            for (var reader = 0; reader < recipients; reader++)
            {
                Open(boxes, box, leaves[reader], out var opened).ShouldBe(box == reader);
                opened.ShouldBe(box == reader ? s_secret : default);
            }
        }
    }

    [Fact]
    public void Two_epochs_of_one_secret_share_no_bytes()
    {
        Bytes32[] leaves = [.. Leaves(1).Select(leaf => leaf.Public)];
        var one = EpochBox.Seal(TestKeys.Sodium, s_conversation, s_secret, leaves);
        var other = EpochBox.Seal(TestKeys.Sodium, s_conversation, s_secret, leaves);
        other.Ephemeral.ShouldNotBe(one.Ephemeral);
        other.Boxes.Span.SequenceEqual(one.Boxes.Span).ShouldBeFalse();
    }

    [Fact]
    public void A_flipped_bit_in_a_box_is_refused()
    {
        var leaf = Leaves(1)[0];
        var boxes = EpochBox.Seal(TestKeys.Sodium, s_conversation, s_secret, [leaf.Public]);
        Prop.ForAll(Gen.Choose(0, (EpochBox.Size * 8) - 1).ToArbitrary(), bit =>
        {
            var box = boxes[0].ToArray();
            box[bit / 8] ^= (byte)(1 << (bit % 8));
            EpochBox.TryOpen(TestKeys.Sodium, s_conversation, leaf.Secret, leaf.Public, boxes.Ephemeral, box, out _).ShouldBeFalse();
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_box_is_of_one_conversation_and_one_ephemeral_key()
    {
        var leaf = Leaves(1)[0];
        var boxes = EpochBox.Seal(TestKeys.Sodium, s_conversation, s_secret, [leaf.Public]);
        var another = new ConversationId(TestKeys.Named("another"));
        EpochBox.TryOpen(TestKeys.Sodium, another, leaf.Secret, leaf.Public, boxes.Ephemeral, boxes[0].Span, out _).ShouldBeFalse();
        var anotherKey = TestKeys.Agreement("another").Public;
        EpochBox.TryOpen(TestKeys.Sodium, s_conversation, leaf.Secret, leaf.Public, anotherKey, boxes[0].Span, out _).ShouldBeFalse();
        EpochBox.TryOpen(TestKeys.Sodium, s_conversation, leaf.Secret, leaf.Public, default, boxes[0].Span, out _).ShouldBeFalse();
        EpochBox.TryOpen(TestKeys.Sodium, s_conversation, leaf.Secret, leaf.Public, boxes.Ephemeral, boxes[0].Span[1..], out _).ShouldBeFalse();
    }

    [Fact]
    public void A_leaf_key_of_small_order_harms_its_owner_alone()
    {
        var leaves = Leaves(3);
        var boxes = EpochBox.Seal(TestKeys.Sodium, s_conversation, s_secret, [leaves[0].Public, default, leaves[2].Public]);
        boxes[1].ToArray().ShouldAllBe(value => value == 0);
        Open(boxes, 0, leaves[0], out _).ShouldBeTrue();
        Open(boxes, 2, leaves[2], out _).ShouldBeTrue();
    }

    [Fact]
    public void A_box_that_whoever_wrote_the_entry_sealed_under_the_zeros_of_a_small_order_key_is_refused()
    {
        var leaf = Leaves(1)[0];
        var box = new byte[EpochBox.Size];
        TestKeys.Sodium.SealXChaCha(new byte[32], new byte[24], [], s_secret.ToArray(), box);
        EpochBox.TryOpen(TestKeys.Sodium, s_conversation, leaf.Secret, leaf.Public, default, box, out var opened).ShouldBeFalse();
        opened.ShouldBe(default);
    }

    [Fact]
    public void What_an_epoch_s_secret_was_sealed_with_is_wiped_on_both_sides()
    {
        var leaf = Leaves(1)[0];
        var (sealing, opening) = (new CountedSecrets(), new CountedSecrets());
        var boxes = EpochBox.Seal(sealing, s_conversation, s_secret, [leaf.Public]);
        EpochBox.TryOpen(opening, s_conversation, leaf.Secret, leaf.Public, boxes.Ephemeral, boxes[0].Span, out _).ShouldBeTrue();
        var (shared, key) = (new byte[32], new byte[32]);
        TestKeys.Sodium.X25519(leaf.Secret, boxes.Ephemeral.ToArray(), shared).ShouldBeTrue();
        byte[] context = [.. s_conversation.Value.ToArray(), .. boxes.Ephemeral.ToArray(), .. leaf.Public.ToArray()];
        TestKeys.Sodium.Blake2bJoined(Domains.EpochBox, context, key, shared);
        sealing.ShouldHaveWiped(sealing.Drawn.ShouldHaveSingleItem(), shared, key, s_secret.ToArray());
        opening.ShouldHaveWiped(shared, key, s_secret.ToArray());
    }

    [Fact]
    public void What_a_link_was_sealed_with_is_wiped_on_both_sides()
    {
        var (epoch, older) = (TestKeys.Entry("older epoch"), TestKeys.Named("older secret"));
        var (sealing, opening) = (new CountedSecrets(), new CountedSecrets());
        var link = EpochLink.Seal(sealing, s_secret, epoch, older);
        EpochLink.TryOpen(opening, s_secret, epoch, link, out _).ShouldBeTrue();
        var key = new byte[32];
        TestKeys.Sodium.Blake2bJoined(Domains.EpochLink, epoch.Value.ToArray(), key, s_secret.ToArray());
        sealing.ShouldHaveWiped(s_secret.ToArray(), key, older.ToArray());
        opening.ShouldHaveWiped(s_secret.ToArray(), key, older.ToArray());
    }

    [Fact]
    public void The_secret_that_is_committed_to_is_wiped()
    {
        var wipes = new CountedSecrets();
        EpochCommitment.Of(wipes, s_conversation, s_secret);
        wipes.ShouldHaveWiped(s_secret.ToArray());
    }

    [Fact]
    public void A_link_opens_with_the_newer_secret_for_the_older_epoch_only()
    {
        var (epoch, older) = (TestKeys.Entry("older epoch"), TestKeys.Named("older secret"));
        var link = EpochLink.Seal(TestKeys.Sodium, s_secret, epoch, older);
        link.Length.ShouldBe(EpochLink.Size);
        EpochLink.TryOpen(TestKeys.Sodium, s_secret, epoch, link, out var opened).ShouldBeTrue();
        opened.ShouldBe(older);
        EpochLink.TryOpen(TestKeys.Sodium, older, epoch, link, out _).ShouldBeFalse();
        EpochLink.TryOpen(TestKeys.Sodium, s_secret, TestKeys.Entry("another"), link, out _).ShouldBeFalse();
        EpochLink.TryOpen(TestKeys.Sodium, s_secret, epoch, link.AsSpan(1), out _).ShouldBeFalse();
        link[^1] ^= 1;
        EpochLink.TryOpen(TestKeys.Sodium, s_secret, epoch, link, out opened).ShouldBeFalse();
        opened.ShouldBe(default);
    }

    [Fact]
    public void A_commitment_is_of_one_secret_and_one_conversation()
    {
        var commitment = EpochCommitment.Of(TestKeys.Sodium, s_conversation, s_secret);
        EpochCommitment.Of(TestKeys.Sodium, s_conversation, TestKeys.Named("another")).ShouldNotBe(commitment);
        EpochCommitment.Of(TestKeys.Sodium, new ConversationId(TestKeys.Named("another")), s_secret).ShouldNotBe(commitment);
    }

    private static (Bytes32 Public, byte[] Secret)[] Leaves(int count) =>
        [.. Enumerable.Range(0, count).Select(i => TestKeys.Agreement($"leaf {i}"))];

    private static bool Open(EpochBoxes boxes, int index, (Bytes32 Public, byte[] Secret) leaf, out Bytes32 secret) =>
        EpochBox.TryOpen(TestKeys.Sodium, s_conversation, leaf.Secret, leaf.Public, boxes.Ephemeral, boxes[index].Span, out secret);
}
