using FsCheck;
using FsCheck.Fluent;

namespace HiNet.Crdt.Cryptography.Tests;

public sealed class SodiumCryptographyAeadTests
{
    private const string Key = "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f";
    private const string Associated = "50515253c0c1c2c3c4c5c6c7";
    private const string ChaChaNonce = "070000004041424344454647";
    private const string XChaChaNonce = "404142434445464748494a4b4c4d4e4f5051525354555657";

    private readonly SodiumCryptography _cryptography = SodiumCryptography.Instance;

    private static ReadOnlySpan<byte> Plaintext =>
        "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it."u8;

    [Fact]
    public void ChaCha20_Poly1305_is_as_RFC_8439_section_2_8_2_has_it()
    {
        var sealedText = new byte[Plaintext.Length + 16];
        _cryptography.SealChaCha(Key.Hex(), ChaChaNonce.Hex(), Associated.Hex(), Plaintext, sealedText);
        Convert.ToHexStringLower(sealedText).ShouldBe(
            "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
            + "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b6116"
            + "1ae10b594f09e26a7e902ecbd0600691");

        var opened = new byte[Plaintext.Length];
        _cryptography.OpenChaCha(Key.Hex(), ChaChaNonce.Hex(), Associated.Hex(), sealedText, opened).ShouldBeTrue();
        opened.AsSpan().SequenceEqual(Plaintext).ShouldBeTrue();
    }

    [Fact]
    public void XChaCha20_Poly1305_is_as_the_draft_appendix_A_3_1_has_it()
    {
        var sealedText = new byte[Plaintext.Length + 16];
        _cryptography.SealXChaCha(Key.Hex(), XChaChaNonce.Hex(), Associated.Hex(), Plaintext, sealedText);
        Convert.ToHexStringLower(sealedText).ShouldBe(
            "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452"
            + "2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff921f9664c97637da9768812f615c68b13b52e"
            + "c0875924c1c7987947deafd8780acf49");

        var opened = new byte[Plaintext.Length];
        _cryptography.OpenXChaCha(Key.Hex(), XChaChaNonce.Hex(), Associated.Hex(), sealedText, opened).ShouldBeTrue();
        opened.AsSpan().SequenceEqual(Plaintext).ShouldBeTrue();
    }

    [Fact]
    public void XChaCha_opens_what_it_sealed_and_refuses_any_flipped_bit() =>
        RefusesAnyFlippedBit(24, _cryptography.SealXChaCha, _cryptography.OpenXChaCha);

    [Fact]
    public void ChaCha_opens_what_it_sealed_and_refuses_any_flipped_bit() =>
        RefusesAnyFlippedBit(12, _cryptography.SealChaCha, _cryptography.OpenChaCha);

    [Fact]
    public void A_text_is_sealed_and_opened_in_place()
    {
        var buffer = new byte[Plaintext.Length + 16];
        Plaintext.CopyTo(buffer);
        _cryptography.SealXChaCha(Key.Hex(), XChaChaNonce.Hex(), [], buffer.AsSpan(0, Plaintext.Length), buffer);
        _cryptography.OpenXChaCha(Key.Hex(), XChaChaNonce.Hex(), [], buffer, buffer.AsSpan(0, Plaintext.Length)).ShouldBeTrue();
        buffer.AsSpan(0, Plaintext.Length).SequenceEqual(Plaintext).ShouldBeTrue();
    }

    [Fact]
    public void A_text_shorter_than_a_tag_does_not_authenticate()
    {
        for (var length = 0; length < 16; length++)
        {
            _cryptography.OpenXChaCha(Key.Hex(), XChaChaNonce.Hex(), [], new byte[length], []).ShouldBeFalse();
            _cryptography.OpenChaCha(Key.Hex(), ChaChaNonce.Hex(), [], new byte[length], []).ShouldBeFalse();
        }
    }

    /// <summary>Key, nonce, associated data and sealed text in one array, so that a flip may hit any of them.</summary>
    private static void RefusesAnyFlippedBit(int nonceSize, Seal seal, Open open)
    {
        Prop.ForAll<byte[], byte[], int>((associated, part, bit) =>
        {
            // Some over the length at which the call without a transition ends.
            var plaintext = Enumerable.Repeat(part, 1 + (Math.Abs(bit) % 30)).SelectMany(bytes => bytes).ToArray();
            var sealedAt = 32 + nonceSize + associated.Length;
            var all = new byte[sealedAt + plaintext.Length + 16];
            new Random(bit).NextBytes(all.AsSpan(0, 32 + nonceSize));
            associated.CopyTo(all, 32 + nonceSize);
            seal(all.AsSpan(0, 32), all.AsSpan(32, nonceSize), associated, plaintext, all.AsSpan(sealedAt));

            var opened = new byte[plaintext.Length];
            var intact = OpenJoined(all, opened) && opened.AsSpan().SequenceEqual(plaintext);
            all.FlipBit(bit);
            return intact && !OpenJoined(all, opened) && !opened.AsSpan().ContainsAnyExcept((byte)0);

            bool OpenJoined(byte[] joined, byte[] result) => open(
                joined.AsSpan(0, 32), joined.AsSpan(32, nonceSize), joined.AsSpan(32 + nonceSize, associated.Length), joined.AsSpan(sealedAt), result);
        }).QuickCheckThrowOnFailure();
    }

    private delegate void Seal(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plaintext, Span<byte> sealedText);

    private delegate bool Open(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> sealedText, Span<byte> plaintext);
}
