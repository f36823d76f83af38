using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace HiNet.Crdt.Cryptography.Tests;

public sealed class SodiumCryptographyBlindTests
{
    private readonly SodiumCryptography _cryptography = SodiumCryptography.Instance;

    /// <summary>Made by another implementation; <c>specs/vectors/blinding.json</c>.</summary>
    [Fact]
    public void Blinded_keys_and_their_signatures_are_as_the_vectors_have_them()
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vectors", "blinding.json"));
        using var file = JsonDocument.Parse(text);
        foreach (var vector in file.RootElement.GetProperty("vectors").EnumerateArray())
        {
            byte[] Bytes(string name) => vector.GetProperty(name).GetString()!.Hex();
            var (publicKey, secretKey) = Keys(Bytes("seed"));
            publicKey.ShouldBe(Bytes("publicKey"));
            Blind(publicKey, Bytes("factor")).ShouldBe(Bytes("blindedKey"));
            Sign(secretKey, Bytes("factor"), Bytes("message")).ShouldBe(Bytes("signature"));
            _cryptography.Verify(Bytes("blindedKey"), Bytes("message"), Bytes("signature")).ShouldBeTrue();
        }
    }

    /// <summary>Tor's test vectors for its onion services (src/test/ed25519_vectors.inc): seed, parameter, blinded public key.</summary>
    [Theory]
    [InlineData("26c76712d89d906e6672dafa614c42e5cb1caac8c6568e4d2493087db51f0d36", "54a513898b471d1d448a2f3c55c1de2c0ef718c447b04497eeb999ed32027823", "722d6da6348e618967ef782e71061e27163a8b35f21856475d9d2023f65b6495")]
    [InlineData("fba7a5366b5cb98c2667a18783f5cf8f4f8d1a2ce939ad22a6e685edde85128d", "831e9b5325b5d31b7ae6197e9c7a7baf2ec361e08248bce055908971047a2347", "1dffa0586da6cbfcff2024eedf4fc6c818242d9a82dbbe635d6da1b975a1160d")]
    [InlineData("67e3aa7a14fac8445d15e45e38a523481a69ae35513c9e4143eb1c2196729a0e", "ac78a1d46faf3bfbbdc5af5f053dc6dc9023ed78236bec1760dadfd0b2603760", "5ed81f98fed5a6acda4ea6da2c34fab0ab359d950c510c256473f1f33ff438b4")]
    [InlineData("d51385942033a76dc17f089a59e6a5a7fe80d9c526ae8ddd8c3a506b99d3d0a6", "f9c84dc0ac31571507993df94da1b3d28684a12ad14e67d0a068aba5c53019fc", "6e6f92a54fb282120c46d9603df41135f025bc1f58f283809d04be96aeb04040")]
    [InlineData("5c8eac469bb3f1b85bc7cd893f52dc42a9ab66f1b02b5ce6a68e9b175d3bb433", "b1fe79d1dec9bc108df69f6612c72812755751f21ecc5af99663b30be8b9081f", "cda236f28edc4c7e02d18007b8dab49d669265b0f7aefb1824d7cc8e73a2cd63")]
    [InlineData("eda433d483059b6d1ff8b7cfbd0fe406bfb23722c8f3c8252629284573b61b86", "81f1512b63ab5fb5c1711a4ec83d379c420574aedffa8c3368e1c3989a3a0084", "367b03b17b67ca7329b89a520bdab91782402a41cd67264e34b5541a4b3f875b")]
    [InlineData("4377c40431c30883c5fbd9bc92ae48d1ed8a47b81d13806beac5351739b5533d", "97f45142597c473a4b0e9a12d64561133ad9e1155fe5a9807fe6af8a93557818", "8d486b03ac4e3b486b7a1d563706c7fdac75aee789a7cf6f22789eedeff61a31")]
    [InlineData("c6bbcce615839756aed2cc78b1de13884dd3618f48367a17597a16c1cd7a290b", "3f44f6a5a92cde816635dfc12ade70539871078d2ff097278be2a555c9859cd0", "9f297ff0aa2ceda91c5ab1b6446f12533d145940de6d850dc323417afde0cb78")]
    public void A_public_key_is_blinded_as_Tor_blinds_it(string seed, string parameter, string blinded)
    {
        // Tor's function takes a parameter and hashes the factor out of it.
        var factor = new byte[64];
        _cryptography.Sha512([.. "Derive temporary signing key"u8, .. parameter.Hex()], factor);
        Convert.ToHexStringLower(Blind(Keys(seed.Hex()).PublicKey, factor[..32])).ShouldBe(blinded);
    }

    [Fact]
    public void What_the_blinded_secret_signs_the_blinded_public_key_verifies_and_no_other() =>
        Prop.ForAll(Seeds, Seeds, ArbMap.Default.ArbFor<byte[]>(), (seed, factor, message) =>
        {
            var (publicKey, secretKey) = Keys(seed);
            var blinded = Blind(publicKey, factor);
            var signature = Sign(secretKey, factor, message);
            _cryptography.Verify(blinded, message, signature).ShouldBeTrue();
            _cryptography.Verify(publicKey, message, signature).ShouldBeFalse();
            _cryptography.Verify(blinded, [.. message, 0], signature).ShouldBeFalse();
            signature.FlipBit(seed[0] + (2 * factor[0]));
            _cryptography.Verify(blinded, message, signature).ShouldBeFalse();
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Another_factor_gives_another_key_and_another_nonce() => Prop.ForAll(Seeds, Seeds, Seeds, (seed, one, other) =>
    {
        if (Clamped(one).SequenceEqual(Clamped(other)))
        {
            return;
        }

        var (publicKey, secretKey) = Keys(seed);
        Blind(publicKey, one).ShouldNotBe(Blind(publicKey, other));

        // One nonce under two keys of known ratio would give away the secret scalar.
        var message = seed;
        Sign(secretKey, one, message)[..32].ShouldNotBe(Sign(secretKey, other, message)[..32]);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Blinding_twice_is_the_same_in_either_order()
    {
        var (publicKey, _) = Keys(new byte[32]);
        byte[] one = [.. Enumerable.Repeat((byte)0x11, 32)], other = [.. Enumerable.Repeat((byte)0xee, 32)];
        Blind(Blind(publicKey, one), other).ShouldBe(Blind(Blind(publicKey, other), one));
    }

    [Fact]
    public void A_public_half_that_is_not_the_seeds_does_not_bend_the_signature()
    {
        var (publicKey, secretKey) = Keys(new byte[32]);
        byte[] bent = [.. secretKey[..32], .. Keys([.. Enumerable.Repeat((byte)1, 32)]).PublicKey];
        var factor = new byte[32];
        Sign(bent, factor, [1]).ShouldBe(Sign(secretKey, factor, [1]));
        _cryptography.Verify(Blind(publicKey, factor), [1], Sign(bent, factor, [1])).ShouldBeTrue();
    }

    [Theory]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")] // the identity
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000080")]
    [InlineData("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")]
    [InlineData("40a4cf5c611d737a2f1c6fcca84d9cabfed80987f186a5a6c57e629bff1af27f")] // of the group, not of the main subgroup
    [InlineData("0200000000000000000000000000000000000000000000000000000000000000")] // not on the curve
    [InlineData("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")] // not canonical
    public void A_bad_point_is_refused_and_gives_no_key(string point)
    {
        var blinded = Enumerable.Repeat((byte)0xaa, 32).ToArray();
        _cryptography.BlindPublicKey(point.Hex(), Enumerable.Repeat((byte)7, 32).ToArray(), blinded).ShouldBeFalse();
        blinded.ShouldBe(new byte[32]);
    }

    private static Arbitrary<byte[]> Seeds { get; } =
        Gen.Choose(0, 255).ArrayOf(32).Select(values => values.Select(value => (byte)value).ToArray()).ToArbitrary();

    private static byte[] Clamped(byte[] factor) =>
        [(byte)(factor[0] & 248), .. factor[1..31], (byte)(factor[31] & 63)];

    private (byte[] PublicKey, byte[] SecretKey) Keys(byte[] seed)
    {
        byte[] publicKey = new byte[32], secretKey = new byte[64];
        _cryptography.Ed25519FromSeed(seed, publicKey, secretKey);
        return (publicKey, secretKey);
    }

    private byte[] Blind(byte[] publicKey, byte[] factor)
    {
        var blinded = new byte[32];
        _cryptography.BlindPublicKey(publicKey, factor, blinded).ShouldBeTrue();
        return blinded;
    }

    private byte[] Sign(byte[] secretKey, byte[] factor, byte[] message)
    {
        var signature = new byte[64];
        _cryptography.SignBlinded(secretKey, factor, message, signature);
        return signature;
    }
}
