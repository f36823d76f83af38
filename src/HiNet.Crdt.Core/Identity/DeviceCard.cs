using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Google.Protobuf;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Identity;

/// <summary>
/// What others need to write to a device: its certificate, its leaf key and the person's own name, signed by the device.
/// Well formed when made or decoded; whether the signatures hold is <see cref="IsValid"/>'s to say.
/// <c>specs/07-identity.md</c>, "Device card".
/// </summary>
public sealed class DeviceCard
{
    /// <summary>An encoded card, in bytes.</summary>
    public const int MaxBytes = DeviceCertificate.MaxBytes + 3 + 34 + 6 + 2 + PersonName.MaxBytes + 66;

    /// <summary>The highest number of a leaf key that a conversation takes: a device may renew its key so often.</summary>
    public const uint MaxLeafIndex = 4_095;

    private const int SignatureSize = 64;

    private DeviceCard(DeviceCertificate certificate, Bytes32 leafKey, uint leafIndex, string name, ReadOnlyMemory<byte> signature)
    {
        Certificate = certificate;
        LeafKey = leafKey;
        LeafIndex = leafIndex;
        Name = name;
        Signature = signature;
    }

    /// <summary>Says whose device it is.</summary>
    public DeviceCertificate Certificate { get; }

    /// <summary>X25519 public key that epoch secrets are sealed to.</summary>
    public Bytes32 LeafKey { get; }

    /// <summary>Counts the device's leaf keys; a card with a higher one takes the place of an older card.</summary>
    public uint LeafIndex { get; }

    /// <summary>The person's own name; <see cref="PersonName.IsValid"/>.</summary>
    public string Name { get; }

    /// <summary>By the device; 64 bytes.</summary>
    public ReadOnlyMemory<byte> Signature { get; }

    /// <summary>The person.</summary>
    public IdentityId Identity => Certificate.Identity;

    /// <summary>The device.</summary>
    public DeviceId Device => Certificate.Device;

    /// <summary>Signs a card with the secret key (64 bytes) of the certificate's device.</summary>
    /// <exception cref="InvalidNameException">The name is not <see cref="PersonName.IsValid"/>.</exception>
    public static DeviceCard Create(
        ICryptography cryptography,
        DeviceCertificate certificate,
        ReadOnlySpan<byte> deviceSecretKey,
        Bytes32 leafKey,
        uint leafIndex,
        string name)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        ArgumentNullException.ThrowIfNull(certificate);
        PersonName.ThrowIfInvalid(name);
        var signature = new byte[SignatureSize];
        cryptography.Sign(deviceSecretKey, SignedBytes(cryptography, certificate, leafKey, leafIndex, name), signature);
        return new DeviceCard(certificate, leafKey, leafIndex, name, signature);
    }

    /// <summary>Whether certificate and signature hold, and leaf key and agreement key are such that a secret can be sealed to them.</summary>
    public bool IsValid(ICryptography cryptography)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        Span<byte> device = stackalloc byte[Bytes32.Size];
        Device.CopyTo(device);
        return AcceptsSecrets(cryptography, LeafKey)
            && AcceptsSecrets(cryptography, Certificate.Agreement)
            && cryptography.Verify(device, SignedBytes(cryptography, Certificate, LeafKey, LeafIndex, Name), Signature.Span)
            && Certificate.IsValid(cryptography);
    }

    /// <summary>The one encoding, protobuf <c>Card</c>.</summary>
    public byte[] Encode() => ToMessage().ToByteArray();

    /// <summary>Reads what <see cref="Encode"/> wrote; false for anything malformed or too long.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out DeviceCard? card)
    {
        card = null;
        return CanonicalProtobuf.TryParse(Card.Parser, bytes, MaxBytes, out var message) && TryFrom(message, out card);
    }

    internal Card ToMessage() => new()
    {
        Certificate = Certificate.ToMessage(),
        LeafKey = CanonicalProtobuf.Field(LeafKey),
        LeafIndex = LeafIndex,
        Name = Name,
        Signature = UnsafeByteOperations.UnsafeWrap(Signature),
    };

    internal static bool TryFrom(Card? message, [NotNullWhen(true)] out DeviceCard? card)
    {
        card = message is { Signature.Length: SignatureSize }
            && DeviceCertificate.TryFrom(message.Certificate, out var certificate)
            && CanonicalProtobuf.TryRead(message.LeafKey, out var leafKey)
            && PersonName.IsValid(message.Name)
                ? new DeviceCard(certificate, leafKey, message.LeafIndex, message.Name, message.Signature.Memory)
                : null;
        return card is not null;
    }

    // A point of small order gives the same shared secret, zero, with every key, so whether it is one shows with any.
    private static bool AcceptsSecrets(ICryptography cryptography, Bytes32 key)
    {
        Span<byte> anyScalar = stackalloc byte[Bytes32.Size];
        anyScalar.Fill(1);
        Span<byte> point = stackalloc byte[Bytes32.Size];
        key.CopyTo(point);
        Span<byte> shared = stackalloc byte[Bytes32.Size];
        return cryptography.X25519(anyScalar, point, shared);
    }

    private static byte[] SignedBytes(ICryptography cryptography, DeviceCertificate certificate, Bytes32 leafKey, uint leafIndex, string name)
    {
        var domain = Domains.CardSignature;
        var message = new byte[domain.Length + Bytes32.Size + sizeof(uint) + Bytes32.Size + Encoding.UTF8.GetByteCount(name)];
        domain.CopyTo(message);
        var rest = message.AsSpan(domain.Length);
        certificate.Digest(cryptography).CopyTo(rest);
        BinaryPrimitives.WriteUInt32LittleEndian(rest[32..], leafIndex);
        leafKey.CopyTo(rest[36..]);
        Encoding.UTF8.GetBytes(name, rest[68..]);
        return message;
    }
}
