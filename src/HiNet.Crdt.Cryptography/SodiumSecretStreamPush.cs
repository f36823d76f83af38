using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Cryptography.Native;

namespace HiNet.Crdt.Cryptography;

/// <summary>
/// The sealing half. The gate costs some nanoseconds and makes sure that two threads can never seal two messages under one nonce,
/// and that none uses the state after its disposal.
/// </summary>
internal sealed unsafe class SodiumSecretStreamPush : ISecretStreamPush
{
    private readonly Lock _gate = new();
    private readonly StreamStateHandle _state;

    internal SodiumSecretStreamPush(ReadOnlySpan<byte> key, Span<byte> header)
    {
        Require.Size(key, Sodium.KeySize);
        Require.Size(header, Sodium.StreamHeaderSize);
        _state = new StreamStateHandle();
        fixed (byte* k = key, h = header)
        {
            Require.Done(Sodium.StreamInitPush(_state.Pointer, h, k));
        }
    }

    private SodiumSecretStreamPush(StreamStateHandle state) => _state = state;

    /// <summary>Both halves begin in the same state, so the receiving half's start with a given header is the sending half's too.</summary>
    internal static SodiumSecretStreamPush From(ReadOnlySpan<byte> key, ReadOnlySpan<byte> header)
    {
        Require.Size(key, Sodium.KeySize);
        Require.Size(header, Sodium.StreamHeaderSize);
        var state = new StreamStateHandle();
        fixed (byte* k = key, h = header)
        {
            Require.Done(Sodium.StreamInitPull(state.Pointer, h, k));
        }

        return new SodiumSecretStreamPush(state);
    }

    public void Push(ReadOnlySpan<byte> plaintext, Span<byte> sealedText)
    {
        Require.Overhead(plaintext, sealedText, Sodium.StreamOverhead);
        Require.Apart(plaintext, sealedText);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_state.IsClosed, this);
            fixed (byte* p = plaintext, s = sealedText)
            {
                Require.Done(Sodium.StreamPush(_state.Pointer, s, null, p, (ulong)plaintext.Length, null, 0, Sodium.StreamTagMessage));
            }

            GC.KeepAlive(_state);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _state.Dispose();
        }
    }
}
