using System.Runtime.CompilerServices;
using HiNet.Crdt.Cryptography.Native;

namespace HiNet.Crdt.Cryptography;

public sealed unsafe partial class SodiumCryptography
{
    private const int Blake2bMinimum = 16;
    private const int Blake2bMaximum = 64;
    private const int Sha512Size = 64;

    /// <inheritdoc/>
    public void Blake2b(ReadOnlySpan<byte> message, Span<byte> digest, ReadOnlySpan<byte> key = default)
    {
        Require.Size(digest, Blake2bMinimum, Blake2bMaximum);
        Require.Size(key, 0, Blake2bMaximum);
        fixed (byte* m = message, d = digest, k = key)
        {
            if (message.Length <= Sodium.ShortInput)
            {
                Require.Done(Sodium.Blake2bShort(d, (nuint)digest.Length, m, (ulong)message.Length, k, (nuint)key.Length));
            }
            else
            {
                Require.Done(Sodium.Blake2b(d, (nuint)digest.Length, m, (ulong)message.Length, k, (nuint)key.Length));
            }
        }
    }

    /// <inheritdoc/>
    [SkipLocalsInit]
    public void Blake2bJoined(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> digest, ReadOnlySpan<byte> key = default)
    {
        Require.Size(digest, Blake2bMinimum, Blake2bMaximum);
        Require.Size(key, 0, Blake2bMaximum);
        var room = stackalloc byte[Sodium.Blake2bStateSize + Sodium.Blake2bStateAlignment];
        var state = (byte*)(((nuint)room + Sodium.Blake2bStateAlignment - 1) & ~(nuint)(Sodium.Blake2bStateAlignment - 1));
        fixed (byte* d = digest, k = key)
        {
            Require.Done(Sodium.Blake2bInit(state, k, (nuint)key.Length, (nuint)digest.Length));
            Update(state, first);
            Update(state, second);
            Require.Done(Sodium.Blake2bFinal(state, d, (nuint)digest.Length));
        }
    }

    /// <inheritdoc/>
    public void Sha512(ReadOnlySpan<byte> message, Span<byte> digest)
    {
        Require.Size(digest, Sha512Size);
        fixed (byte* m = message, d = digest)
        {
            Require.Done(Sodium.Sha512(d, m, (ulong)message.Length));
        }
    }

    private static void Update(byte* state, ReadOnlySpan<byte> message)
    {
        fixed (byte* m = message)
        {
            if (message.Length <= Sodium.ShortInput)
            {
                Require.Done(Sodium.Blake2bUpdateShort(state, m, (ulong)message.Length));
            }
            else
            {
                Require.Done(Sodium.Blake2bUpdate(state, m, (ulong)message.Length));
            }
        }
    }
}
