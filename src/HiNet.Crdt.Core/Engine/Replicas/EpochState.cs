namespace HiNet.Crdt.Core.Engine.Replicas;

/// <summary>An epoch entry that is applied.</summary>
internal sealed class EpochState(EntryId id, ulong arrival, Bytes32 recipients, IdentityId author, Bytes32? commitment)
{
    public EntryId Id { get; } = id;

    public ulong Arrival { get; } = arrival;

    /// <summary>Digest of the devices it is sealed to.</summary>
    public Bytes32 Recipients { get; } = recipients;

    public IdentityId Author { get; } = author;

    /// <summary>What its secret is compared with; null when it has no such form, and no secret is right.</summary>
    public Bytes32? Commitment { get; } = commitment;

    /// <summary>Its secret is held here.</summary>
    public bool IsHeld { get; set; }

    /// <summary>A later epoch that saw it has taken its place.</summary>
    public bool IsSuperseded { get; set; }

    /// <summary>A later epoch whose secret is held here has its secret under its own.</summary>
    public bool IsHandedOver { get; set; }

    /// <summary>Something was written under it that could not be read here.</summary>
    public bool HasUnread { get; set; }
}
