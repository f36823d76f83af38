using System.Buffers.Binary;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Simulation.Cryptography;

/// <summary>Either half of a secret stream: a message opens only in its place.</summary>
internal sealed class SimulatedSecretStream : ISecretStreamPush, ISecretStreamPull
{
    private readonly ulong _kind;
    private readonly byte[] _key;
    private readonly byte[] _nonce = new byte[32];
    private readonly IFrameTap? _tap;
    private ulong _counter;

    internal SimulatedSecretStream(ulong kind, ReadOnlySpan<byte> key, ReadOnlySpan<byte> header, IFrameTap? tap)
    {
        _tap = tap;
        _kind = kind;
        _key = key.ToArray();
        header.CopyTo(_nonce);
    }

    /// <summary>The same at both ends, and another one for each stream.</summary>
    public ulong Number => BinaryPrimitives.ReadUInt64LittleEndian(_nonce);

    public void Push(ReadOnlySpan<byte> plaintext, Span<byte> sealedText)
    {
        _tap?.Sealed(Number, plaintext);
        sealedText[0] = 0;
        SimulatedAead.Seal(_kind, _key, Nonce(), default, plaintext, sealedText[1..]);
        _counter++;
    }

    public bool Pull(ReadOnlySpan<byte> sealedText, Span<byte> plaintext)
    {
        if (sealedText.IsEmpty || sealedText[0] != 0 || !SimulatedAead.Open(_kind, _key, Nonce(), default, sealedText[1..], plaintext))
        {
            plaintext.Clear();
            return false;
        }

        _counter++;
        _tap?.Opened(Number, plaintext);
        return true;
    }

    public void Dispose() => Array.Clear(_key);

    private byte[] Nonce()
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_nonce.AsSpan(24), _counter);
        return _nonce;
    }
}
