using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Links;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Cryptography;

namespace HiNet.Crdt.Core.Tests.Links;

/// <summary>An initiator that speaks the secret stream properly and puts any plaintext into it.</summary>
internal sealed class RawPeer
{
    private readonly SodiumCryptography _cryptography = SodiumCryptography.Instance;
    private readonly ISecretStreamPush _push;
    private readonly ISecretStreamPull _pull;

    public RawPeer(LinkEnd responder)
    {
        Remote = responder;
        using var keys = NodeKeyPair.FromSeed(_cryptography, LinkEnd.Seed(1));
        using var handshake = new NoiseHandshake(_cryptography, keys);
        var first = new byte[NoiseHandshake.FirstSize];
        handshake.WriteFirst(first);
        responder.Receive(Frame(first));
        handshake.TryReadSecond(responder.TakeOutput().AsSpan(3)).ShouldBeTrue();
        var third = new byte[NoiseHandshake.ThirdSize];
        handshake.TryWriteThird(third).ShouldBeTrue();
        var (ours, theirs) = (new byte[32], new byte[32]);
        handshake.Split(ours, theirs);
        var opening = new byte[56];
        StreamIdentity.Compute(_cryptography, handshake.Hash, initiator: true, opening.AsSpan(0, 32));
        _push = _cryptography.CreatePush(ours, opening.AsSpan(32));
        responder.Receive(Frame(third));
        responder.Receive(Frame(opening));
        _pull = _cryptography.CreatePull(theirs, responder.TakeOutput().AsSpan(3 + 32, 24));
    }

    public LinkEnd Remote { get; }

    public static byte[] Frame(ReadOnlySpan<byte> body) =>
        [(byte)body.Length, (byte)(body.Length >> 8), (byte)(body.Length >> 16), .. body];

    public byte[] Seal(ReadOnlySpan<byte> plaintext)
    {
        var body = new byte[plaintext.Length + 17];
        _push.Push(plaintext, body);
        return Frame(body);
    }

    public void Send(ReadOnlySpan<byte> plaintext) => Remote.Receive(Seal(plaintext));

    public void SendHex(string plaintext) => Send(Convert.FromHexString(plaintext));

    /// <summary>The plaintexts that the other end has sent since the last call, in hex.</summary>
    public List<string> Take()
    {
        var plaintexts = new List<string>();
        var bytes = Remote.TakeOutput().AsSpan();
        while (!bytes.IsEmpty)
        {
            var length = bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
            var plaintext = new byte[length - 17];
            _pull.Pull(bytes.Slice(3, length), plaintext).ShouldBeTrue();
            plaintexts.Add(Convert.ToHexStringLower(plaintext));
            bytes = bytes[(3 + length)..];
        }

        return plaintexts;
    }
}
