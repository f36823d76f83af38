using System.Buffers;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Links;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Tests.Support;
using HiNet.Crdt.Cryptography;

namespace HiNet.Crdt.Core.Tests.Links;

/// <summary>What is wiped and disposed of when it has served, and what happens where keys do not agree.</summary>
public sealed class LinkSecretsTests
{
    private static readonly SodiumCryptography s_sodium = SodiumCryptography.Instance;

    private readonly Watch _initiator = new(0);
    private readonly Watch _responder = new(100);

    [Fact]
    public void The_seed_of_the_ephemeral_pair_is_wiped_at_once_and_its_scalar_with_the_handshake()
    {
        using var keys = NodeKeyPair.FromSeed(s_sodium, LinkEnd.Seed(1));
        var handshake = new NoiseHandshake(_initiator, keys);
        var seed = _initiator.Secrets.Drawn.ShouldHaveSingleItem();
        _initiator.Secrets.ShouldHaveWiped(seed);
        _initiator.Secrets.CountOf(Scalar(seed)).ShouldBe(0);
        var wiped = _initiator.Secrets.Wiped.Count;
        handshake.Dispose();
        _initiator.Secrets.CountOf(Scalar(seed)).ShouldBe(1);
        _initiator.Secrets.Wiped.Skip(wiped).Select(secret => secret.Length).ShouldBe([32, 64, 32]);
    }

    [Fact]
    public void The_points_on_which_both_sides_agree_are_wiped()
    {
        var (initiator, responder) = Machines();
        Establish(initiator, responder);
        using var initiatorEphemeral = NodeKeyPair.FromSeed(s_sodium, _initiator.Secrets.Drawn[0]);
        using var responderEphemeral = NodeKeyPair.FromSeed(s_sodium, _responder.Secrets.Drawn[0]);
        byte[][] points =
        [
            Agreed(initiatorEphemeral, responderEphemeral), Agreed(initiatorEphemeral, responder.Keys), Agreed(initiator.Keys, responderEphemeral),
        ];
        _initiator.Secrets.ShouldHaveWiped(points);
        _responder.Secrets.ShouldHaveWiped(points);
    }

    [Fact]
    public void Transport_keys_are_wiped_when_the_streams_have_taken_them()
    {
        var (initiatorKey, responderKey) = TransportKeys();
        var (initiator, responder) = Machines();
        initiator.Start();
        responder.Receive(initiator.TakeOutput());
        initiator.Receive(responder.TakeOutput());
        Counts(_initiator).ShouldBe((1, 1));
        _initiator.Secrets.CountOf(Scalar(_initiator.Secrets.Drawn[0])).ShouldBe(1);

        responder.Receive(initiator.TakeOutput());
        Counts(_responder).ShouldBe((2, 1));
        _responder.Secrets.CountOf(Scalar(_responder.Secrets.Drawn[0])).ShouldBe(1);
        initiator.Receive(responder.TakeOutput());
        Counts(_initiator).ShouldBe((1, 2));

        (int, int) Counts(Watch watch) => (watch.Secrets.CountOf(initiatorKey), watch.Secrets.CountOf(responderKey));
    }

    [Fact]
    public void The_key_that_waits_for_the_remotes_opening_is_wiped_when_the_link_ends_before()
    {
        var (_, responderKey) = TransportKeys();
        var (initiator, responder) = Machines();
        initiator.Start();
        responder.Receive(initiator.TakeOutput());
        initiator.Receive(responder.TakeOutput());
        _initiator.Secrets.CountOf(responderKey).ShouldBe(1);
        initiator.Machine.EndStream(initiator);
        _initiator.Secrets.CountOf(responderKey).ShouldBe(2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_ephemeral_scalar_is_wiped_when_the_link_ends_within_the_handshake(bool isDisposed)
    {
        var (initiator, _) = Machines();
        initiator.Start();
        var scalar = Scalar(_initiator.Secrets.Drawn[0]);
        _initiator.Secrets.CountOf(scalar).ShouldBe(0);
        End(initiator, isDisposed);
        _initiator.Secrets.CountOf(scalar).ShouldBe(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Both_secret_streams_are_disposed_of_with_the_link(bool isDisposed)
    {
        var (initiator, responder) = Machines();
        Establish(initiator, responder);
        (_initiator.OpenPushes, _initiator.OpenPulls).ShouldBe((1, 1));
        End(initiator, isDisposed);
        (_initiator.OpenPushes, _initiator.OpenPulls).ShouldBe((0, 0));
    }

    // The responder agrees on ee and es, and the initiator on ee, es and se.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_responder_that_cannot_agree_ends_the_handshake_and_gives_the_frames_room_back(int refused)
    {
        var (initiator, said) = (new LinkEnd(true, 1), new LinkEnd(false, 2));
        using var machine = Machine(_responder, isInitiator: false, 2);
        initiator.Start();
        _responder.Refused = refused;
        var first = initiator.TakeOutput();
        var room = NextOfPool(128);
        machine.Receive(first, said.Now, said);
        NextOfPool(128).ShouldBeSameAs(room);
        ShouldHaveFailed(said, "the first handshake frame holds no usable key");
    }

    [Theory]
    [InlineData(1, "the second handshake frame does not authenticate")]
    [InlineData(2, "the second handshake frame does not authenticate")]
    [InlineData(3, "the second handshake frame holds no usable key")]
    public void An_initiator_that_cannot_agree_ends_the_handshake_and_gives_the_frames_room_back(int refused, string expected)
    {
        var (said, responder) = (new LinkEnd(true, 1), new LinkEnd(false, 2));
        using var machine = Machine(_initiator, isInitiator: true, 1);
        machine.Start(said.Now, said);
        responder.Receive(said.TakeOutput());
        _initiator.Refused = refused;
        var second = responder.TakeOutput();
        var room = NextOfPool(128);
        machine.Receive(second, said.Now, said);
        NextOfPool(128).ShouldBeSameAs(room);
        ShouldHaveFailed(said, expected);
    }

    private static LinkMachine Machine(Watch watch, bool isInitiator, byte seed) =>
        new(watch, NodeKeyPair.FromSeed(watch, LinkEnd.Seed(seed)), isInitiator, LinkOptions.Default, new Instant(1_000_000));

    private static void ShouldHaveFailed(LinkEnd said, string detail)
    {
        said.Closed!.Reason.ShouldBe(LinkCloseReason.HandshakeFailed);
        said.Closed!.Detail.ShouldBe(detail);
        said.TakeOutput().ShouldBeEmpty();
        said.Effects.OfType<LinkEffect.LinkEstablished>().ShouldBeEmpty();
    }

    private (LinkEnd Initiator, LinkEnd Responder) Machines() =>
        (new LinkEnd(true, 1, cryptography: _initiator), new LinkEnd(false, 2, cryptography: _responder));

    private static void Establish(LinkEnd initiator, LinkEnd responder)
    {
        initiator.Start();
        responder.Receive(initiator.TakeOutput());
        initiator.Receive(responder.TakeOutput());
        responder.Receive(initiator.TakeOutput());
        initiator.Receive(responder.TakeOutput());
        initiator.Machine.IsEstablished.ShouldBeTrue();
    }

    private static void End(LinkEnd end, bool isDisposed)
    {
        if (isDisposed)
        {
            end.Machine.Dispose();
        }
        else
        {
            end.Machine.EndStream(end);
        }
    }

    /// <summary>The keys of the two machines' link: the same seeds give the same ones.</summary>
    private static (byte[] Initiator, byte[] Responder) TransportKeys()
    {
        using var initiatorKeys = NodeKeyPair.FromSeed(s_sodium, LinkEnd.Seed(1));
        using var responderKeys = NodeKeyPair.FromSeed(s_sodium, LinkEnd.Seed(2));
        using var initiator = new NoiseHandshake(new CountedSecrets(0), initiatorKeys);
        using var responder = new NoiseHandshake(new CountedSecrets(100), responderKeys);
        var message = new byte[NoiseHandshake.SecondSize];
        initiator.WriteFirst(message.AsSpan(0, NoiseHandshake.FirstSize));
        responder.ReadFirst(message.AsSpan(0, NoiseHandshake.FirstSize));
        responder.TryWriteSecond(message).ShouldBeTrue();
        initiator.TryReadSecond(message).ShouldBeTrue();
        initiator.TryWriteThird(message.AsSpan(0, NoiseHandshake.ThirdSize)).ShouldBeTrue();
        var (initiatorKey, responderKey) = (new byte[32], new byte[32]);
        initiator.Split(initiatorKey, responderKey);
        return (initiatorKey, responderKey);
    }

    private static byte[] Scalar(byte[] seed)
    {
        var digest = new byte[64];
        s_sodium.Sha512(seed, digest);
        digest[0] &= 248;
        digest[31] = (byte)((digest[31] & 127) | 64);
        return digest[..32];
    }

    private static byte[] Agreed(NodeKeyPair own, NodeKeyPair remote)
    {
        var shared = new byte[32];
        own.TryAgree(remote.PublicKey, shared).ShouldBeTrue();
        return shared;
    }

    // What this thread gave back last is what it is given first.
    private static byte[] NextOfPool(int size)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        ArrayPool<byte>.Shared.Return(buffer);
        return buffer;
    }

    /// <summary>Counts the secret streams that are not disposed of yet, and refuses one agreement where told to.</summary>
    private sealed class Watch(ulong first) : ICryptography
    {
        private int _agreements;

        public CountedSecrets Secrets { get; } = new(first);

        /// <summary>Which agreement fails, from 1; 0 for none.</summary>
        public int Refused { get; set; }

        public int OpenPushes { get; private set; }

        public int OpenPulls { get; private set; }

        public bool ScalarMultEd25519(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> point, Span<byte> result) =>
            ++_agreements != Refused && Secrets.ScalarMultEd25519(scalar, point, result);

        public ISecretStreamPush CreatePush(ReadOnlySpan<byte> key, Span<byte> header)
        {
            OpenPushes++;
            return new Pushing(Secrets.CreatePush(key, header), () => OpenPushes--);
        }

        public ISecretStreamPull CreatePull(ReadOnlySpan<byte> key, ReadOnlySpan<byte> header)
        {
            OpenPulls++;
            return new Pulling(Secrets.CreatePull(key, header), () => OpenPulls--);
        }

        public void FillSecret(Span<byte> secret) => Secrets.FillSecret(secret);

        public void Blake2b(ReadOnlySpan<byte> message, Span<byte> digest, ReadOnlySpan<byte> key = default) => Secrets.Blake2b(message, digest, key);

        public void Blake2bJoined(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> digest, ReadOnlySpan<byte> key = default) =>
            Secrets.Blake2bJoined(first, second, digest, key);

        public void Sha512(ReadOnlySpan<byte> message, Span<byte> digest) => Secrets.Sha512(message, digest);

        public void Ed25519FromSeed(ReadOnlySpan<byte> seed, Span<byte> publicKey, Span<byte> secretKey) =>
            Secrets.Ed25519FromSeed(seed, publicKey, secretKey);

        public void Sign(ReadOnlySpan<byte> secretKey, ReadOnlySpan<byte> message, Span<byte> signature) =>
            Secrets.Sign(secretKey, message, signature);

        public bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
            Secrets.Verify(publicKey, message, signature);

        public bool BlindPublicKey(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> factor, Span<byte> blinded) =>
            Secrets.BlindPublicKey(publicKey, factor, blinded);

        public void SignBlinded(ReadOnlySpan<byte> secretKey, ReadOnlySpan<byte> factor, ReadOnlySpan<byte> message, Span<byte> signature) =>
            Secrets.SignBlinded(secretKey, factor, message, signature);

        public void X25519Public(ReadOnlySpan<byte> secretKey, Span<byte> publicKey) => Secrets.X25519Public(secretKey, publicKey);

        public bool X25519(ReadOnlySpan<byte> secretKey, ReadOnlySpan<byte> publicKey, Span<byte> shared) =>
            Secrets.X25519(secretKey, publicKey, shared);

        public void SealXChaCha(
            ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plaintext, Span<byte> sealedText) =>
            Secrets.SealXChaCha(key, nonce, associated, plaintext, sealedText);

        public bool OpenXChaCha(
            ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> sealedText, Span<byte> plaintext) =>
            Secrets.OpenXChaCha(key, nonce, associated, sealedText, plaintext);

        public void SealChaCha(
            ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plaintext, Span<byte> sealedText) =>
            Secrets.SealChaCha(key, nonce, associated, plaintext, sealedText);

        public bool OpenChaCha(
            ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> sealedText, Span<byte> plaintext) =>
            Secrets.OpenChaCha(key, nonce, associated, sealedText, plaintext);

        public void Wipe(Span<byte> secret) => Secrets.Wipe(secret);
    }

    private sealed class Pushing(ISecretStreamPush inner, Action disposed) : ISecretStreamPush
    {
        public void Push(ReadOnlySpan<byte> plaintext, Span<byte> sealedText) => inner.Push(plaintext, sealedText);

        public void Dispose()
        {
            inner.Dispose();
            disposed();
        }
    }

    private sealed class Pulling(ISecretStreamPull inner, Action disposed) : ISecretStreamPull
    {
        public bool Pull(ReadOnlySpan<byte> sealedText, Span<byte> plaintext) => inner.Pull(sealedText, plaintext);

        public void Dispose()
        {
            inner.Dispose();
            disposed();
        }
    }
}
