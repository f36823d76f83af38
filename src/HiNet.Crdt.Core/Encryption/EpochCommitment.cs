using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Encryption;

/// <summary>
/// Binds an epoch entry to one secret: whoever opens a box compares, so a creator cannot give two recipients different
/// secrets. They can give one of them none. <c>specs/06-encryption.md</c>, "Epochs".
/// </summary>
public static class EpochCommitment
{
    /// <summary>BLAKE2b-256 keyed by the secret, over the domain and the conversation.</summary>
    public static Bytes32 Of(ICryptography cryptography, ConversationId conversation, Bytes32 secret)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        Span<byte> key = stackalloc byte[Bytes32.Size];
        secret.CopyTo(key);
        Span<byte> context = stackalloc byte[Bytes32.Size];
        conversation.CopyTo(context);
        var commitment = DomainHash.Keyed(cryptography, key, Domains.EpochCommitment, context);
        cryptography.Wipe(key);
        return commitment;
    }
}
