using FsCheck;
using FsCheck.Fluent;
using HiNet.Crdt.Core.Encryption;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Encryption;

public sealed class BodyCipherTests
{
    private static readonly byte[] s_secret = TestKeys.Named("secret").ToArray();
    private static readonly byte[] s_prefix = [1, 2, 3, 4];

    [Fact]
    public void A_sealed_body_opens_to_its_text() => Prop.ForAll(
        Generators.Bytes(400).ToArbitrary(),
        Generators.Bytes(EntryLimits.MaxPrefixBytes).ToArbitrary(),
        (text, prefix) =>
        {
            var body = BodyCipher.Seal(TestKeys.Sodium, s_secret, prefix, text);
            body.Length.ShouldBe(text.Length + BodyCipher.Overhead);
            BodyCipher.TryOpen(TestKeys.Sodium, s_secret, prefix, body, out var opened).ShouldBeTrue();
            opened.ShouldBe(text);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_flipped_bit_in_body_prefix_or_secret_is_refused()
    {
        var body = BodyCipher.Seal(TestKeys.Sodium, s_secret, s_prefix, "hello"u8);
        Prop.ForAll(Gen.Choose(0, 2).ToArbitrary(), Gen.Choose(0, 10_000).ToArbitrary(), (part, bit) =>
        {
            byte[][] parts = [s_secret.ToArray(), s_prefix.ToArray(), body.ToArray()];
            bit %= parts[part].Length * 8;
            parts[part][bit / 8] ^= (byte)(1 << (bit % 8));
            BodyCipher.TryOpen(TestKeys.Sodium, parts[0], parts[1], parts[2], out var opened).ShouldBeFalse();
            opened.ShouldBeNull();
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Two_texts_at_one_place_have_two_nonces_and_one_text_has_one_body()
    {
        var one = BodyCipher.Seal(TestKeys.Sodium, s_secret, s_prefix, "one"u8);
        var other = BodyCipher.Seal(TestKeys.Sodium, s_secret, s_prefix, "two"u8);
        other.AsSpan(0, 8).SequenceEqual(one.AsSpan(0, 8)).ShouldBeFalse();
        BodyCipher.Seal(TestKeys.Sodium, s_secret, s_prefix, "one"u8).ShouldBe(one);
    }

    [Fact]
    public void A_body_that_authenticates_under_a_chosen_nonce_is_refused()
    {
        // What a sender gets that follows the construction but for the eight bytes.
        var keys = new byte[64];
        TestKeys.Sodium.Blake2bJoined(HiNet.Crdt.Core.Identity.Domains.BodyKeys, s_prefix, keys, s_secret);
        byte[] sent = [1, 2, 3, 4, 5, 6, 7, 8];
        var sealedText = new byte[5 + 16];
        TestKeys.Sodium.SealXChaCha(keys.AsSpan(0, 32), [.. keys.AsSpan(32, 16), .. sent], s_prefix, "hello"u8, sealedText);
        BodyCipher.TryOpen(TestKeys.Sodium, s_secret, s_prefix, [.. sent, .. sealedText], out _).ShouldBeFalse();
    }

    [Fact]
    public void Lengths_are_bounded()
    {
        var longest = BodyCipher.Seal(TestKeys.Sodium, s_secret, s_prefix, new byte[BodyCipher.MaxPlaintextBytes]);
        longest.Length.ShouldBe(EntryLimits.MaxBodyBytes);
        BodyCipher.TryOpen(TestKeys.Sodium, s_secret, s_prefix, longest, out _).ShouldBeTrue();
        Should.Throw<ArgumentException>(() => BodyCipher.Seal(TestKeys.Sodium, s_secret, s_prefix, new byte[BodyCipher.MaxPlaintextBytes + 1]));
        BodyCipher.TryOpen(TestKeys.Sodium, s_secret, s_prefix, new byte[EntryLimits.MaxBodyBytes + 1], out _).ShouldBeFalse();
        BodyCipher.TryOpen(TestKeys.Sodium, s_secret, s_prefix, new byte[BodyCipher.Overhead - 1], out _).ShouldBeFalse();
        BodyCipher.TryOpen(TestKeys.Sodium, s_secret, s_prefix, [], out _).ShouldBeFalse();
    }

    [Fact]
    public void The_keys_of_a_body_are_wiped_by_whoever_seals_it_and_whoever_opens_it()
    {
        var keys = new byte[64];
        TestKeys.Sodium.Blake2bJoined(HiNet.Crdt.Core.Identity.Domains.BodyKeys, s_prefix, keys, s_secret);
        var (sealing, opening) = (new CountedSecrets(), new CountedSecrets());
        var body = BodyCipher.Seal(sealing, s_secret, s_prefix, "hello"u8);
        BodyCipher.TryOpen(opening, s_secret, s_prefix, body, out _).ShouldBeTrue();
        sealing.ShouldHaveWiped(keys);
        opening.ShouldHaveWiped(keys);
    }
}
