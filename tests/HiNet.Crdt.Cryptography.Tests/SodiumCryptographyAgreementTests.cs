namespace HiNet.Crdt.Cryptography.Tests;

public sealed class SodiumCryptographyAgreementTests
{
    private readonly SodiumCryptography _cryptography = SodiumCryptography.Instance;

    [Fact]
    public void X25519_is_as_RFC_7748_section_5_2_has_it()
    {
        var shared = new byte[32];
        _cryptography.X25519(
            "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4".Hex(),
            "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c".Hex(),
            shared).ShouldBeTrue();
        Convert.ToHexStringLower(shared).ShouldBe("c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
    }

    [Fact]
    public void Two_X25519_pairs_agree_as_RFC_7748_section_6_1_has_it()
    {
        var alice = "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a".Hex();
        var bob = "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb".Hex();
        byte[] alicePublic = new byte[32], bobPublic = new byte[32], ofAlice = new byte[32], ofBob = new byte[32];
        _cryptography.X25519Public(alice, alicePublic);
        _cryptography.X25519Public(bob, bobPublic);
        _cryptography.X25519(alice, bobPublic, ofAlice).ShouldBeTrue();
        _cryptography.X25519(bob, alicePublic, ofBob).ShouldBeTrue();

        Convert.ToHexStringLower(alicePublic).ShouldBe("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
        Convert.ToHexStringLower(bobPublic).ShouldBe("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
        Convert.ToHexStringLower(ofAlice).ShouldBe("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
        ofBob.ShouldBe(ofAlice);
    }

    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")]
    public void X25519_with_a_point_of_small_order_is_refused_and_gives_no_secret(string point)
    {
        var shared = Enumerable.Repeat((byte)0xaa, 32).ToArray();
        _cryptography.X25519(Enumerable.Repeat((byte)7, 32).ToArray(), point.Hex(), shared).ShouldBeFalse();
        shared.ShouldBe(new byte[32]);
    }

    /// <summary>The agreement of links: SHA-512 of the seed, its first half clamped, times the other's Ed25519 key.</summary>
    [Fact]
    public void Ed25519_agreement_without_clamping_gives_the_known_answer_on_both_sides()
    {
        var first = Enumerable.Repeat((byte)1, 32).ToArray();
        var second = Enumerable.Repeat((byte)2, 32).ToArray();
        const string firstPublic = "8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c";
        const string secondPublic = "8139770ea87d175f56a35466c34c7ecccb8d8a91b4ee37a25df60f5b8fc9b394";
        const string shared = "5612509e82825296cbaaae306ffe1088cbbe200de8ba23dad06f67e607f861df";

        byte[] derived = new byte[32], secretKey = new byte[64];
        _cryptography.Ed25519FromSeed(first, derived, secretKey);
        Convert.ToHexStringLower(derived).ShouldBe(firstPublic);
        _cryptography.Ed25519FromSeed(second, derived, secretKey);
        Convert.ToHexStringLower(derived).ShouldBe(secondPublic);

        Convert.ToHexStringLower(Agree(first, secondPublic)).ShouldBe(shared);
        Convert.ToHexStringLower(Agree(second, firstPublic)).ShouldBe(shared);
    }

    [Theory]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    [InlineData("0200000000000000000000000000000000000000000000000000000000000000")]
    public void Ed25519_scalar_multiplication_refuses_a_bad_point(string point)
    {
        var result = Enumerable.Repeat((byte)0xaa, 32).ToArray();
        _cryptography.ScalarMultEd25519(Enumerable.Repeat((byte)8, 32).ToArray(), point.Hex(), result).ShouldBeFalse();
        result.ShouldBe(new byte[32]);
    }

    private byte[] Agree(byte[] seed, string publicKey)
    {
        var scalar = new byte[64];
        _cryptography.Sha512(seed, scalar);
        scalar[0] &= 248;
        scalar[31] = (byte)((scalar[31] & 127) | 64);
        var result = new byte[32];
        _cryptography.ScalarMultEd25519(scalar.AsSpan(0, 32), publicKey.Hex(), result).ShouldBeTrue();
        return result;
    }
}
