namespace HiNet.Crdt.Core.Identity;

/// <summary>
/// What every hash, signature and derived key begins with, so that bytes made for one purpose mean nothing for another.
/// No tag is the beginning of another. Listed in <c>specs/01-log.md</c>, <c>specs/07-identity.md</c>,
/// <c>specs/06-encryption.md</c> and <c>specs/13-records.md</c>.
/// </summary>
public static class Domains
{
    /// <summary>Signed: an entry id, by the device whose chain it ends.</summary>
    public static ReadOnlySpan<byte> EntrySignature => "hinet/v1/entry-signature"u8;

    /// <summary>Hashed: the sorted heads of the authority entries in an entry's past.</summary>
    public static ReadOnlySpan<byte> AuthorityHeads => "hinet/v1/authority-heads"u8;

    /// <summary>Hashed: a frontier.</summary>
    public static ReadOnlySpan<byte> FrontierDigest => "hinet/v1/frontier-digest"u8;

    /// <summary>Hashed: the two identities of a direct conversation.</summary>
    public static ReadOnlySpan<byte> DirectConversation => "hinet/v1/direct-conversation"u8;

    /// <summary>Signed: one link of a device certificate.</summary>
    public static ReadOnlySpan<byte> CertificateLink => "hinet/v1/certificate-link"u8;

    /// <summary>Hashed: a device certificate, for the card that refers to it.</summary>
    public static ReadOnlySpan<byte> CertificateDigest => "hinet/v1/certificate-digest"u8;

    /// <summary>Signed: a device card.</summary>
    public static ReadOnlySpan<byte> CardSignature => "hinet/v1/card-signature"u8;

    /// <summary>Keyed hash: an invite's id, of its secret.</summary>
    public static ReadOnlySpan<byte> InviteId => "hinet/v1/invite-id"u8;

    /// <summary>Keyed hash: the secret that two people share.</summary>
    public static ReadOnlySpan<byte> PairSecret => "hinet/v1/pair-secret"u8;

    /// <summary>Keyed hash: a body's message key, nonce part and synthetic key.</summary>
    public static ReadOnlySpan<byte> BodyKeys => "hinet/v1/body-keys"u8;

    /// <summary>Keyed hash: the key of one box of an epoch.</summary>
    public static ReadOnlySpan<byte> EpochBox => "hinet/v1/epoch-box"u8;

    /// <summary>Keyed hash: the key of an older epoch's secret under a newer one.</summary>
    public static ReadOnlySpan<byte> EpochLink => "hinet/v1/epoch-link"u8;

    /// <summary>Keyed hash: what binds an epoch entry to the one secret that all its boxes hold.</summary>
    public static ReadOnlySpan<byte> EpochCommitment => "hinet/v1/epoch-commitment"u8;

    /// <summary>Associated data: a secret sealed at rest.</summary>
    public static ReadOnlySpan<byte> StoredSecret => "hinet/v1/stored-secret"u8;

    /// <summary>Signed: a slot of the DHT, by its writer's blinded key.</summary>
    public static ReadOnlySpan<byte> DhtSlot => "hinet/v1/dht-slot"u8;

    /// <summary>Hashed: a node key, to the node's id in the DHT.</summary>
    public static ReadOnlySpan<byte> DhtNodeId => "hinet/v1/dht-node-id"u8;

    /// <summary>Keyed hash: what two nodes authenticate their datagrams with.</summary>
    public static ReadOnlySpan<byte> DhtPair => "hinet/v1/dht-pair"u8;

    /// <summary>Keyed hash: the token that proves a round trip to an address.</summary>
    public static ReadOnlySpan<byte> DhtToken => "hinet/v1/dht-token"u8;
}
