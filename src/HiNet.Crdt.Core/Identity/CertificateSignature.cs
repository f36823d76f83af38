using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Identity;

/// <summary>The signature of one certificate step: over domain, identity, agreement key, issuer, subject and position (one byte).</summary>
internal static class CertificateSignature
{
    private const int SignatureSize = 64;

    private static int MessageSize => Domains.CertificateLink.Length + (4 * Bytes32.Size) + 1;

    internal static byte[] Sign(
        ICryptography cryptography,
        ReadOnlySpan<byte> issuerSecretKey,
        IdentityId identity,
        Bytes32 agreement,
        Bytes32 issuer,
        DeviceId subject,
        int position)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        Span<byte> message = stackalloc byte[MessageSize];
        Write(message, identity, agreement, issuer, subject, position);
        var signature = new byte[SignatureSize];
        cryptography.Sign(issuerSecretKey, message, signature);
        return signature;
    }

    internal static bool Verify(
        ICryptography cryptography,
        IdentityId identity,
        Bytes32 agreement,
        Bytes32 issuer,
        CertificateLink link,
        int position)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        Span<byte> message = stackalloc byte[MessageSize];
        Write(message, identity, agreement, issuer, link.Device, position);
        Span<byte> key = stackalloc byte[Bytes32.Size];
        issuer.CopyTo(key);
        return cryptography.Verify(key, message, link.Signature.Span);
    }

    private static void Write(Span<byte> message, IdentityId identity, Bytes32 agreement, Bytes32 issuer, DeviceId subject, int position)
    {
        Domains.CertificateLink.CopyTo(message);
        var rest = message[Domains.CertificateLink.Length..];
        identity.CopyTo(rest);
        agreement.CopyTo(rest[32..]);
        issuer.CopyTo(rest[64..]);
        subject.CopyTo(rest[96..]);
        rest[128] = (byte)position;
    }
}
