using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Identity;

/// <summary>
/// BLAKE2b-256 over a domain and a message, keyed or not. The port's two overloads differ in what their second span means,
/// so a span that could be written to would silently become the digest; here every part has its own type or name.
/// </summary>
internal static class DomainHash
{
    internal static Bytes32 Of(ICryptography cryptography, ReadOnlySpan<byte> domain, ReadOnlySpan<byte> message)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        Span<byte> hash = stackalloc byte[Bytes32.Size];
        cryptography.Blake2bJoined(first: domain, second: message, digest: hash);
        return new Bytes32(hash);
    }

    internal static Bytes32 Keyed(ICryptography cryptography, ReadOnlySpan<byte> key, ReadOnlySpan<byte> domain, ReadOnlySpan<byte> message)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        Span<byte> hash = stackalloc byte[Bytes32.Size];
        cryptography.Blake2bJoined(first: domain, second: message, digest: hash, key: key);
        var result = new Bytes32(hash);
        cryptography.Wipe(hash);
        return result;
    }
}
