using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Links;

/// <summary>
/// The 32 bytes with which each side opens its secret stream: they bind it to the handshake and to the sender's role, so
/// that a stream cannot be reflected to its sender.
/// </summary>
internal static class StreamIdentity
{
    public const int Size = 32;

    /// <summary>BLAKE2b-256(key = handshake hash, namespace of the role); the namespace is BLAKE2b-256(BLAKE2b-256(name) ‖ role).</summary>
    public static void Compute(ICryptography cryptography, ReadOnlySpan<byte> handshakeHash, bool initiator, Span<byte> identity)
    {
        Span<byte> name = stackalloc byte[Size];
        Span<byte> space = stackalloc byte[Size];
        cryptography.Blake2b("hyperswarm/secret-stream"u8, name);
        cryptography.Blake2bJoined(name, [initiator ? (byte)0 : (byte)1], digest: space);
        cryptography.Blake2b(space, digest: identity, key: handshakeHash);
    }
}
