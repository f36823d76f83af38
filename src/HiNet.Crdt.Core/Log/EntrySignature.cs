using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Log;

/// <summary>
/// A device's Ed25519 signature over the id of an entry of its chain, domain-separated. It vouches for the entry and for
/// the part of the chain before it that <see cref="SegmentRule"/> says.
/// </summary>
public static class EntrySignature
{
    private static int MessageSize => Domains.EntrySignature.Length + Bytes32.Size;

    /// <summary>The signed bytes: the domain, then the id.</summary>
    public static byte[] Message(EntryId id)
    {
        var message = new byte[MessageSize];
        Write(message, id);
        return message;
    }

    /// <summary>The signature, 64 bytes, under the device's expanded secret key (64 bytes).</summary>
    public static byte[] Sign(ICryptography cryptography, ReadOnlySpan<byte> deviceSecretKey, EntryId id)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        Span<byte> message = stackalloc byte[MessageSize];
        Write(message, id);
        var signature = new byte[EntryLimits.SignatureBytes];
        cryptography.Sign(deviceSecretKey, message, signature);
        return signature;
    }

    /// <summary>Whether <paramref name="device"/> signed <paramref name="id"/>; false for a signature of another length.</summary>
    public static bool Verify(ICryptography cryptography, DeviceId device, EntryId id, ReadOnlySpan<byte> signature)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        if (signature.Length != EntryLimits.SignatureBytes)
        {
            return false;
        }

        Span<byte> key = stackalloc byte[Bytes32.Size];
        device.CopyTo(key);
        Span<byte> message = stackalloc byte[MessageSize];
        Write(message, id);
        return cryptography.Verify(key, message, signature);
    }

    private static void Write(Span<byte> message, EntryId id)
    {
        Domains.EntrySignature.CopyTo(message);
        id.CopyTo(message[Domains.EntrySignature.Length..]);
    }
}
