namespace HiNet.Crdt.Core.Identity;

/// <summary>
/// What every hash, signature and derived key begins with, so that bytes made for one purpose mean nothing for another.
/// No tag is the beginning of another. Listed in <c>specs/01-log.md</c>, <c>specs/07-identity.md</c>,
/// <c>specs/06-encryption.md</c>, <c>specs/08-cryptography.md</c>, <c>specs/12-dht.md</c>, <c>specs/13-records.md</c> and <c>specs/14-mdns.md</c>.
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

    /// <summary>Keyed hash: the tag by which holders of a secret recognise each other on a LAN.</summary>
    public static ReadOnlySpan<byte> LanTag => "hinet/v1/lan-tag"u8;

    /// <summary>Associated data: a secret sealed at rest.</summary>
    public static ReadOnlySpan<byte> StoredSecret => "hinet/v1/stored-secret"u8;

    /// <summary>Signed: a slot of the DHT, by its writer's blinded key.</summary>
    public static ReadOnlySpan<byte> DhtSlot => "hinet/v1/dht-slot"u8;

    /// <summary>Keyed hash: what the nonces of a blinded key's signatures come from.</summary>
    public static ReadOnlySpan<byte> BlindedNonce => "hinet/v1/blinded-nonce"u8;

    /// <summary>Keyed hash: what the records of a conversation's members derive from, of an epoch's secret.</summary>
    public static ReadOnlySpan<byte> RendezvousEpoch => "hinet/v1/rendezvous-epoch"u8;

    /// <summary>Keyed hash: what the records of two contacts derive from, of their pair secret.</summary>
    public static ReadOnlySpan<byte> RendezvousPair => "hinet/v1/rendezvous-pair"u8;

    /// <summary>Keyed hash: what the records of an invite's two sides derive from, of its secret.</summary>
    public static ReadOnlySpan<byte> RendezvousInvite => "hinet/v1/rendezvous-invite"u8;

    /// <summary>Keyed hash: how late in its day a period of records begins.</summary>
    public static ReadOnlySpan<byte> RecordShift => "hinet/v1/record-shift"u8;

    /// <summary>Keyed hash: where the records of a period are.</summary>
    public static ReadOnlySpan<byte> RecordTarget => "hinet/v1/record-target"u8;

    /// <summary>Keyed hash: what the records of a period are sealed under, and their nonces come from.</summary>
    public static ReadOnlySpan<byte> RecordKeys => "hinet/v1/record-keys"u8;

    /// <summary>Keyed hash: what the factors of a period come from.</summary>
    public static ReadOnlySpan<byte> RecordBlinding => "hinet/v1/record-blinding"u8;

    /// <summary>Keyed hash: a device's factor and the mask of its sequence numbers.</summary>
    public static ReadOnlySpan<byte> RecordDevice => "hinet/v1/record-device"u8;

    /// <summary>Keyed hash: by which two nodes with a rendezvous secret in common recognise each other on a LAN.</summary>
    public static ReadOnlySpan<byte> LanSecret => "hinet/v1/lan-secret"u8;

    /// <summary>Keyed hash: a rendezvous secret's name inside one node.</summary>
    public static ReadOnlySpan<byte> MeetingTopic => "hinet/v1/meeting-topic"u8;

    /// <summary>Hashed: a node key, to the node's id in the DHT.</summary>
    public static ReadOnlySpan<byte> DhtNodeId => "hinet/v1/dht-node-id"u8;

    /// <summary>Keyed hash: what two nodes authenticate their datagrams with.</summary>
    public static ReadOnlySpan<byte> DhtPair => "hinet/v1/dht-pair"u8;

    /// <summary>Keyed hash: the token that proves a round trip to an address.</summary>
    public static ReadOnlySpan<byte> DhtToken => "hinet/v1/dht-token"u8;

    /// <summary>Hashed: a contact of the DHT, to what it is named by where it is known.</summary>
    public static ReadOnlySpan<byte> DhtContact => "hinet/v1/dht-contact"u8;

    /// <summary>Hashed: which slots a node of the DHT holds at a target.</summary>
    public static ReadOnlySpan<byte> DhtHeld => "hinet/v1/dht-held"u8;

    /// <summary>Hashed: the key of a public slot, to its target.</summary>
    public static ReadOnlySpan<byte> DhtKey => "hinet/v1/dht-key"u8;

    /// <summary>Keyed hash: the key that a device writes a public slot under, of its secret seed.</summary>
    public static ReadOnlySpan<byte> DhtWriter => "hinet/v1/dht-writer"u8;
}
