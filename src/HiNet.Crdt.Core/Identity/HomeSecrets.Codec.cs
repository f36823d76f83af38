using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Identity;

public sealed partial class HomeSecrets
{
    private const int MaxBytes = DeviceCertificate.MaxBytes + 3 + PersonName.MaxBytes + 2 + (4 * 34) + (MaxLeaves * 42);

    /// <summary>The one encoding, protobuf <c>Home</c>, in the clear: for sealing, and to be wiped after.</summary>
    public byte[] Encode()
    {
        var message = new Home
        {
            Name = Name,
            Certificate = Certificate.ToMessage(),
            AgreementSecret = UnsafeByteOperations.UnsafeWrap(_agreementSecret),
            DeviceSeed = UnsafeByteOperations.UnsafeWrap(_deviceSeed),
            NodeSeed = UnsafeByteOperations.UnsafeWrap(_nodeSeed),
            StorageKey = UnsafeByteOperations.UnsafeWrap(_storageKey),
        };
        message.Leaves.AddRange(_leaves.Select(leaf => new LeafSecretKey
        {
            Index = leaf.Index,
            Secret = UnsafeByteOperations.UnsafeWrap(leaf.Secret),
        }));
        return message.ToByteArray();
    }

    /// <summary>Reads what <see cref="Encode"/> wrote; false for anything malformed, and for keys that are not those of the certificate.</summary>
    public static bool TryDecode(ICryptography cryptography, ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out HomeSecrets? home)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        home = null;
        if (!CanonicalProtobuf.TryParse(Home.Parser, bytes, MaxBytes, out var message)
            || !PersonName.IsValid(message.Name)
            || !DeviceCertificate.TryFrom(message.Certificate, out var certificate)
            || !TryReadLeaves(message, out var leaves)
            || !Secrets(message).All(secret => secret.Length == SecretSize))
        {
            return false;
        }

        var secrets = (
            message.AgreementSecret.ToByteArray(),
            message.DeviceSeed.ToByteArray(),
            message.NodeSeed.ToByteArray(),
            message.StorageKey.ToByteArray());
        var decoded = new HomeSecrets(cryptography, message.Name, certificate, secrets, leaves);
        home = decoded.MatchesCertificate(cryptography) ? decoded : null;
        return home is not null;
    }

    private bool MatchesCertificate(ICryptography cryptography)
    {
        Span<byte> agreement = stackalloc byte[Bytes32.Size];
        cryptography.X25519Public(_agreementSecret, agreement);
        return DerivedDevice == Device && new Bytes32(agreement) == Certificate.Agreement && Certificate.IsValid(cryptography);
    }

    private static IEnumerable<ByteString> Secrets(Home message) =>
        [message.AgreementSecret, message.DeviceSeed, message.NodeSeed, message.StorageKey];

    private static bool TryReadLeaves(Home message, out LeafSecret[] leaves)
    {
        leaves = [.. message.Leaves.Take(MaxLeaves + 1).Select(leaf => new LeafSecret(leaf.Index, leaf.Secret.ToByteArray()))];
        var fits = leaves.Length is >= 1 and <= MaxLeaves && leaves.All(leaf => leaf.Secret.Length == SecretSize);
        for (var i = 1; fits && i < leaves.Length; i++)
        {
            fits = leaves[i - 1].Index < leaves[i].Index;
        }

        return fits;
    }
}
