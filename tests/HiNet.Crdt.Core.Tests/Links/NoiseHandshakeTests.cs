using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Links;
using HiNet.Crdt.Cryptography;

namespace HiNet.Crdt.Core.Tests.Links;

public sealed class NoiseHandshakeTests
{
    private static readonly SodiumCryptography s_cryptography = SodiumCryptography.Instance;

    [Fact]
    public void Agreement_on_two_keys_gives_the_vectors_point()
    {
        var vector = LinkVectors.Root.GetProperty("agreement");
        using var a = NodeKeyPair.FromSeed(s_cryptography, vector.Hex("aSeed"));
        using var b = NodeKeyPair.FromSeed(s_cryptography, vector.Hex("bSeed"));
        a.Id.ToArray().ShouldBe(vector.Hex("aPublic"));
        b.Id.ToArray().ShouldBe(vector.Hex("bPublic"));
        var shared = new byte[32];
        a.TryAgree(b.PublicKey, shared).ShouldBeTrue();
        shared.ShouldBe(vector.Hex("shared"));
        b.TryAgree(a.PublicKey, shared).ShouldBeTrue();
        shared.ShouldBe(vector.Hex("shared"));
    }

    [Fact]
    public void A_handshake_with_the_vectors_seeds_has_the_vectors_bytes_hash_and_keys()
    {
        var vector = LinkVectors.Root.GetProperty("handshake");
        var (initiator, responder) = Pair();
        var first = new byte[NoiseHandshake.FirstSize];
        var second = new byte[NoiseHandshake.SecondSize];
        var third = new byte[NoiseHandshake.ThirdSize];

        initiator.WriteFirst(first);
        first.ShouldBe(vector.Hex("first"));
        responder.ReadFirst(first);
        responder.TryWriteSecond(second).ShouldBeTrue();
        second.ShouldBe(vector.Hex("second"));
        initiator.TryReadSecond(second).ShouldBeTrue();
        initiator.TryWriteThird(third).ShouldBeTrue();
        third.ShouldBe(vector.Hex("third"));
        responder.TryReadThird(third).ShouldBeTrue();

        foreach (var side in new[] { initiator, responder })
        {
            side.Hash.ToArray().ShouldBe(vector.Hex("hash"));
            var (initiatorKey, responderKey) = (new byte[32], new byte[32]);
            side.Split(initiatorKey, responderKey);
            initiatorKey.ShouldBe(vector.Hex("initiatorKey"));
            responderKey.ShouldBe(vector.Hex("responderKey"));
        }

        initiator.RemoteStatic.ToArray().ShouldBe(LinkVectors.Root.GetProperty("agreement").Hex("bPublic"));
        responder.RemoteStatic.ToArray().ShouldBe(LinkVectors.Root.GetProperty("agreement").Hex("aPublic"));
    }

    [Fact]
    public void Stream_identities_are_the_vectors()
    {
        var hash = LinkVectors.Root.GetProperty("handshake").Hex("hash");
        var identity = new byte[StreamIdentity.Size];
        StreamIdentity.Compute(s_cryptography, hash, initiator: true, identity);
        identity.ShouldBe(LinkVectors.Root.GetProperty("streamIdentity").Hex("initiator"));
        StreamIdentity.Compute(s_cryptography, hash, initiator: false, identity);
        identity.ShouldBe(LinkVectors.Root.GetProperty("streamIdentity").Hex("responder"));
    }

    [Fact]
    public void Frames_of_the_vectors_secret_streams_open()
    {
        foreach (var stream in LinkVectors.Root.GetProperty("secretStreams").EnumerateArray())
        {
            using var pull = s_cryptography.CreatePull(stream.Hex("key"), stream.Hex("header"));
            foreach (var frame in stream.GetProperty("frames").EnumerateArray())
            {
                var expected = frame.Hex("plain");
                var plaintext = new byte[expected.Length];
                pull.Pull(frame.Hex("cipher"), plaintext).ShouldBeTrue();
                plaintext.ShouldBe(expected);
            }
        }
    }

    [Fact]
    public void A_remote_key_that_is_no_point_fails_without_an_exception()
    {
        var (_, responder) = Pair();
        responder.ReadFirst(new byte[32]);
        responder.TryWriteSecond(new byte[NoiseHandshake.SecondSize]).ShouldBeFalse();
    }

    // Whoever seals a key that is no point needs no key of his own to seal what follows, unless the handshake ends there.
    [Fact]
    public void A_static_key_of_the_initiator_that_is_no_point_fails_although_it_is_sealed_well()
    {
        var (_, responder) = Pair();
        using var ephemeral = NodeKeyPair.FromSeed(s_cryptography, LinkEnd.Seed(9));
        using var symmetric = new NoiseSymmetricState(s_cryptography, "Noise_XX_Ed25519_ChaChaPoly_BLAKE2b");
        symmetric.MixHash(ephemeral.PublicKey);
        symmetric.MixHash([]);
        responder.ReadFirst(ephemeral.PublicKey);
        var second = new byte[NoiseHandshake.SecondSize];
        responder.TryWriteSecond(second).ShouldBeTrue();
        symmetric.MixHash(second.AsSpan(0, 32));
        Mix(symmetric, ephemeral, second.AsSpan(0, 32));
        var remote = new byte[32];
        symmetric.TryDecryptAndHash(second.AsSpan(32, 48), remote).ShouldBeTrue();
        Mix(symmetric, ephemeral, remote);
        symmetric.TryDecryptAndHash(second.AsSpan(80), []).ShouldBeTrue();

        var third = new byte[NoiseHandshake.ThirdSize];
        symmetric.EncryptAndHash(new byte[32], third.AsSpan(0, 48));
        symmetric.EncryptAndHash([], third.AsSpan(48));
        responder.TryReadThird(third).ShouldBeFalse();
    }

    [Fact]
    public void A_static_key_of_the_responder_that_is_no_point_fails_although_it_is_sealed_well()
    {
        var (initiator, _) = Pair();
        using var ephemeral = NodeKeyPair.FromSeed(s_cryptography, LinkEnd.Seed(9));
        using var symmetric = new NoiseSymmetricState(s_cryptography, "Noise_XX_Ed25519_ChaChaPoly_BLAKE2b");
        var first = new byte[NoiseHandshake.FirstSize];
        initiator.WriteFirst(first);
        symmetric.MixHash(first);
        symmetric.MixHash([]);

        var second = new byte[NoiseHandshake.SecondSize];
        ephemeral.PublicKey.CopyTo(second);
        symmetric.MixHash(ephemeral.PublicKey);
        Mix(symmetric, ephemeral, first);
        symmetric.EncryptAndHash(new byte[32], second.AsSpan(32, 48));
        symmetric.EncryptAndHash([], second.AsSpan(80));
        initiator.TryReadSecond(second).ShouldBeFalse();
    }

    private static void Mix(NoiseSymmetricState symmetric, NodeKeyPair own, ReadOnlySpan<byte> remote)
    {
        var shared = new byte[32];
        own.TryAgree(remote, shared).ShouldBeTrue();
        symmetric.MixKey(shared);
    }

    internal static (NoiseHandshake Initiator, NoiseHandshake Responder) Pair()
    {
        var vector = LinkVectors.Root.GetProperty("handshake");
        return (
            new NoiseHandshake(
                new FixedSecrets(vector.Hex("initiatorEphemeralSeed")),
                NodeKeyPair.FromSeed(s_cryptography, vector.Hex("initiatorStaticSeed"))),
            new NoiseHandshake(
                new FixedSecrets(vector.Hex("responderEphemeralSeed")),
                NodeKeyPair.FromSeed(s_cryptography, vector.Hex("responderStaticSeed"))));
    }
}
