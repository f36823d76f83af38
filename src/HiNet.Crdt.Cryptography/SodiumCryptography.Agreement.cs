using HiNet.Crdt.Cryptography.Native;

namespace HiNet.Crdt.Cryptography;

public sealed unsafe partial class SodiumCryptography
{
    /// <inheritdoc/>
    /// <remarks>The result is zeroed when the answer is false.</remarks>
    public bool ScalarMultEd25519(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> point, Span<byte> result)
    {
        Require.Size(scalar, ScalarSize);
        Require.Size(point, PointSize);
        Require.Size(result, PointSize);
        Require.Apart(scalar, result);
        fixed (byte* n = scalar, p = point, q = result)
        {
            if (Sodium.Ed25519NoClamp(q, n, p) == 0)
            {
                return true;
            }
        }

        result.Clear();
        return false;
    }

    /// <inheritdoc/>
    public void X25519Public(ReadOnlySpan<byte> secretKey, Span<byte> publicKey)
    {
        Require.Size(secretKey, ScalarSize);
        Require.Size(publicKey, PointSize);
        Require.Apart(secretKey, publicKey);
        fixed (byte* n = secretKey, q = publicKey)
        {
            Require.Done(Sodium.X25519Public(q, n));
        }
    }

    /// <inheritdoc/>
    /// <remarks>The result is zeroed when the answer is false.</remarks>
    public bool X25519(ReadOnlySpan<byte> secretKey, ReadOnlySpan<byte> publicKey, Span<byte> shared)
    {
        Require.Size(secretKey, ScalarSize);
        Require.Size(publicKey, PointSize);
        Require.Size(shared, PointSize);
        Require.Apart(secretKey, shared);
        fixed (byte* n = secretKey, p = publicKey, q = shared)
        {
            if (Sodium.X25519(q, n, p) == 0)
            {
                return true;
            }
        }

        shared.Clear();
        return false;
    }
}
