using FsCheck;
using FsCheck.Fluent;

namespace HiNet.Crdt.Cryptography.Tests;

public sealed class SodiumCryptographySignTests
{
    private readonly SodiumCryptography _cryptography = SodiumCryptography.Instance;

    /// <summary>RFC 8032, 7.1, tests 1 to 3.</summary>
    [Theory]
    [InlineData(
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")]
    [InlineData(
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")]
    [InlineData(
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a")]
    public void Ed25519_is_as_RFC_8032_has_it(string seed, string publicKey, string message, string signature)
    {
        var derived = new byte[32];
        var secretKey = new byte[64];
        var signed = new byte[64];
        _cryptography.Ed25519FromSeed(seed.Hex(), derived, secretKey);
        _cryptography.Sign(secretKey, message.Hex(), signed);

        Convert.ToHexStringLower(derived).ShouldBe(publicKey);
        Convert.ToHexStringLower(signed).ShouldBe(signature);
        _cryptography.Verify(derived, message.Hex(), signed).ShouldBeTrue();
    }

    [Fact]
    public void Any_flipped_bit_in_message_or_signature_or_key_is_refused()
    {
        var publicKey = new byte[32];
        var secretKey = new byte[64];
        _cryptography.Ed25519FromSeed(new byte[32], publicKey, secretKey);
        Prop.ForAll<byte[], int>((message, bit) =>
        {
            var all = new byte[32 + 64 + message.Length];
            publicKey.CopyTo(all, 0);
            _cryptography.Sign(secretKey, message, all.AsSpan(32, 64));
            message.CopyTo(all, 96);
            var valid = VerifyJoined(all);
            all.FlipBit(bit);
            return valid && !VerifyJoined(all);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    public void A_key_of_small_order_or_malformed_verifies_nothing(string publicKey)
    {
        // With A of small order, R = A's multiple and S = 0 would verify in a lax implementation.
        var signature = new byte[64];
        signature[0] = 1;
        _cryptography.Verify(publicKey.Hex(), "message"u8, signature).ShouldBeFalse();
    }

    private bool VerifyJoined(ReadOnlySpan<byte> all) => _cryptography.Verify(all[..32], all[96..], all[32..96]);
}
