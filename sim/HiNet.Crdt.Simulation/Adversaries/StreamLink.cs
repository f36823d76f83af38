using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Links;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Simulation.Adversaries;

/// <summary>Shakes hands properly and then puts any plaintext into the secret stream, which <see cref="LinkMachine"/> would not do.</summary>
internal sealed class StreamLink(
    AdversaryMachine machine, LinkId id, ICryptography cryptography, NodeKeyPair keys, Func<StreamLink, IEnumerable<byte[]>> plaintexts)
    : HostileLink(machine, id)
{
    private const int HeaderSize = 3;
    private const int SealOverhead = 17;

    private readonly List<byte> _arrived = [];
    private NoiseHandshake? _handshake;
    private ISecretStreamPush? _push;

    public override void Opened(Instant now)
    {
        _handshake = new NoiseHandshake(cryptography, keys);
        var first = new byte[NoiseHandshake.FirstSize];
        _handshake.WriteFirst(first);
        SendRaw(Frame(first));
    }

    public override void Received(ReadOnlyMemory<byte> bytes, Instant now)
    {
        if (_push is not null)
        {
            return;
        }

        _arrived.AddRange(bytes.Span);
        var length = _arrived.Count < HeaderSize ? int.MaxValue : _arrived[0] | (_arrived[1] << 8) | (_arrived[2] << 16);
        if (_arrived.Count - HeaderSize < length)
        {
            return;
        }

        var second = _arrived.GetRange(HeaderSize, length).ToArray();
        var third = new byte[NoiseHandshake.ThirdSize];
        if (!_handshake!.TryReadSecond(second) || !_handshake.TryWriteThird(third))
        {
            Close();
            return;
        }

        Begin(third);
        foreach (var plaintext in plaintexts(this))
        {
            var body = new byte[plaintext.Length + SealOverhead];
            _push!.Push(plaintext, body);
            SendRaw(Frame(body));
        }
    }

    public override void Dispose()
    {
        _handshake?.Dispose();
        _push?.Dispose();
    }

    /// <summary>A frame around a body.</summary>
    public static byte[] Frame(ReadOnlySpan<byte> body) => [(byte)body.Length, (byte)(body.Length >> 8), (byte)(body.Length >> 16), .. body];

    private void Begin(byte[] third)
    {
        var (ours, theirs) = (new byte[32], new byte[32]);
        _handshake!.Split(ours, theirs);
        var opening = new byte[56];
        StreamIdentity.Compute(cryptography, _handshake.Hash, initiator: true, opening.AsSpan(0, 32));
        _push = cryptography.CreatePush(ours, opening.AsSpan(32));
        SendRaw(Frame(third));
        SendRaw(Frame(opening));
    }
}
