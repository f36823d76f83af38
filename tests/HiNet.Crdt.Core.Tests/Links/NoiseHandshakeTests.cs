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
