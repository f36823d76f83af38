using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Identity;

/// <summary>
/// Says that a device belongs to a person: the identity's root key vouches for the first device, each device for the next,
/// over at most four steps. Well formed when made or decoded; whether the signatures hold is <see cref="IsValid"/>'s to say.
/// <c>specs/07-identity.md</c>, "Device certificate".
/// </summary>
public sealed class DeviceCertificate
{
    /// <summary>Steps of the longest chain.</summary>
    public const int MaxLinks = 4;

    /// <summary>An encoded certificate, in bytes: that of four steps.</summary>
    public const int MaxBytes = 68 + (MaxLinks * 102);

    private const int SignatureSize = 64;

    private readonly CertificateLink[] _links;

    private DeviceCertificate(IdentityId identity, Bytes32 agreement, CertificateLink[] links)
    {
        Identity = identity;
        Agreement = agreement;
        _links = links;
    }

    /// <summary>The person.</summary>
    public IdentityId Identity { get; }

    /// <summary>The person's X25519 public key, from which <see cref="PairSecret"/> comes.</summary>
    public Bytes32 Agreement { get; }

    /// <summary>One to four steps; the last is the device that this certificate is about.</summary>
    public IReadOnlyList<CertificateLink> Links => _links;

    /// <summary>The certified device.</summary>
    public DeviceId Device => _links[^1].Device;

    /// <summary>Vouches for a person's first device with the root key.</summary>
    public static DeviceCertificate Issue(
        ICryptography cryptography,
        IdentityId identity,
        Bytes32 agreement,
        ReadOnlySpan<byte> rootSecretKey,
        DeviceId device)
    {
        var signature = CertificateSignature.Sign(cryptography, rootSecretKey, identity, agreement, identity.Value, device, 0);
        return new DeviceCertificate(identity, agreement, [new CertificateLink(device, signature)]);
    }

    /// <summary>Vouches for another device of the same person with the secret key of <see cref="Device"/>.</summary>
    /// <exception cref="InvalidOperationException">The chain has four steps already, or the device is on it.</exception>
    public DeviceCertificate Extend(ICryptography cryptography, ReadOnlySpan<byte> issuerSecretKey, DeviceId device)
    {
        if (_links.Length == MaxLinks)
        {
            throw new InvalidOperationException($"A certificate has at most {MaxLinks} steps.");
        }

        if (_links.Any(link => link.Device == device))
        {
            throw new InvalidOperationException("The device is on the certificate already.");
        }

        var signature = CertificateSignature.Sign(cryptography, issuerSecretKey, Identity, Agreement, Device.Value, device, _links.Length);
        return new DeviceCertificate(Identity, Agreement, [.. _links, new CertificateLink(device, signature)]);
    }

    /// <summary>Whether every step is signed by the one before. Costs a verification a step.</summary>
    public bool IsValid(ICryptography cryptography)
    {
        var issuer = Identity.Value;
        for (var position = 0; position < _links.Length; position++)
        {
            if (!CertificateSignature.Verify(cryptography, Identity, Agreement, issuer, _links[position], position))
            {
                return false;
            }

            issuer = _links[position].Device.Value;
        }

        return true;
    }

    /// <summary>The one encoding, protobuf <c>Certificate</c>.</summary>
    public byte[] Encode() => ToMessage().ToByteArray();

    /// <summary>Reads what <see cref="Encode"/> wrote; false for anything malformed, too long, or with a device on it twice.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out DeviceCertificate? certificate)
    {
        certificate = null;
        return CanonicalProtobuf.TryParse(Certificate.Parser, bytes, MaxBytes, out var message)
            && TryFrom(message, out certificate);
    }

    /// <summary>BLAKE2b-256 over the domain and <see cref="Encode"/>: what a card refers to.</summary>
    public Bytes32 Digest(ICryptography cryptography) => DomainHash.Of(cryptography, Domains.CertificateDigest, Encode());

    internal Certificate ToMessage()
    {
        var message = new Certificate
        {
            Identity = CanonicalProtobuf.Field(Identity.Value),
            Agreement = CanonicalProtobuf.Field(Agreement),
        };
        message.Steps.AddRange(_links.Select(link => new CertificateStep
        {
            Device = CanonicalProtobuf.Field(link.Device.Value),
            Signature = UnsafeByteOperations.UnsafeWrap(link.Signature),
        }));
        return message;
    }

    internal static bool TryFrom(Certificate? message, [NotNullWhen(true)] out DeviceCertificate? certificate)
    {
        certificate = null;
        if (message is not { Steps.Count: >= 1 and <= MaxLinks }
            || !CanonicalProtobuf.TryRead(message.Identity, out var identity)
            || !CanonicalProtobuf.TryRead(message.Agreement, out var agreement))
        {
            return false;
        }

        var links = new CertificateLink[message.Steps.Count];
        for (var i = 0; i < links.Length; i++)
        {
            if (!CanonicalProtobuf.TryRead(message.Steps[i].Device, out var device)
                || message.Steps[i].Signature.Length != SignatureSize
                || links.Take(i).Any(link => link.Device.Value == device))
            {
                return false;
            }

            links[i] = new CertificateLink(new DeviceId(device), message.Steps[i].Signature.Memory);
        }

        certificate = new DeviceCertificate(new IdentityId(identity), agreement, links);
        return true;
    }
}
