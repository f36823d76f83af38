using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Identity;

/// <summary>
/// The Ed25519 key pair that a node shows on its links. Key agreement on it multiplies Edwards points by
/// clamp(SHA-512(seed)[0..32]), as <c>specs/02-links.md</c> ("Handshake") says.
/// </summary>
public sealed class NodeKeyPair : IDisposable
{
    private readonly ICryptography _cryptography;
    private readonly byte[] _scalar = new byte[32];
    private readonly byte[] _publicKey = new byte[32];

    private NodeKeyPair(ICryptography cryptography, ReadOnlySpan<byte> seed)
    {
        _cryptography = cryptography;
        Span<byte> secret = stackalloc byte[64];
        cryptography.Ed25519FromSeed(seed, _publicKey, secret);
        cryptography.Sha512(seed, secret);
        secret[..32].CopyTo(_scalar);
        _scalar[0] &= 248;
        _scalar[31] = (byte)((_scalar[31] & 127) | 64);
        cryptography.Wipe(secret);
        Id = new NodeId(_publicKey);
    }

    public NodeId Id { get; }

    internal ReadOnlySpan<byte> PublicKey => _publicKey;

    /// <summary>The pair of a 32-byte seed, which is not kept.</summary>
    /// <exception cref="ArgumentException"><paramref name="seed"/> is not 32 bytes long.</exception>
    public static NodeKeyPair FromSeed(ICryptography cryptography, ReadOnlySpan<byte> seed)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        if (seed.Length != 32)
        {
            throw new ArgumentException($"A seed is 32 bytes long, not {seed.Length}.", nameof(seed));
        }

        return new NodeKeyPair(cryptography, seed);
    }

    /// <summary>Overwrites the secret half. Links that are established already keep working; their keys are their own.</summary>
    public void Dispose() => _cryptography.Wipe(_scalar);

    /// <summary>The shared point of this pair and a remote public key; false for a malformed or small-order key.</summary>
    internal bool TryAgree(ReadOnlySpan<byte> remotePublicKey, Span<byte> shared) =>
        _cryptography.ScalarMultEd25519(_scalar, remotePublicKey, shared);
}
