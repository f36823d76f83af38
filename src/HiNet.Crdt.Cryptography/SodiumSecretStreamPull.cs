using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Cryptography.Native;

namespace HiNet.Crdt.Cryptography;

/// <summary>
/// The opening half. A message that does not authenticate changes nothing, so the one that was due still opens. A tag other than
/// TAG_MESSAGE is refused: nobody who speaks our links sends one.
/// </summary>
internal sealed unsafe class SodiumSecretStreamPull : ISecretStreamPull
{
    private readonly Lock _gate = new();
    private readonly StreamStateHandle _state;

    internal SodiumSecretStreamPull(ReadOnlySpan<byte> key, ReadOnlySpan<byte> header)
    {
        Require.Size(key, Sodium.KeySize);
        Require.Size(header, Sodium.StreamHeaderSize);
        _state = new StreamStateHandle();
        fixed (byte* k = key, h = header)
        {
            Require.Done(Sodium.StreamInitPull(_state.Pointer, h, k));
        }
    }

    public bool Pull(ReadOnlySpan<byte> sealedText, Span<byte> plaintext)
    {
        if (sealedText.Length < Sodium.StreamOverhead)
        {
            plaintext.Clear();
            return false;
        }

        Require.Overhead(plaintext, sealedText, Sodium.StreamOverhead);
        Require.Apart(sealedText, plaintext);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_state.IsClosed, this);
            byte tag;
            int opened;
            fixed (byte* p = plaintext, s = sealedText)
            {
                opened = Sodium.StreamPull(_state.Pointer, p, null, &tag, s, (ulong)sealedText.Length, null, 0);
            }

            GC.KeepAlive(_state);
            if (opened == 0 && tag == Sodium.StreamTagMessage)
            {
                return true;
            }
        }

        plaintext.Clear();
        return false;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _state.Dispose();
        }
    }
}
