namespace HiNet.Crdt.Core.Engine.Replicas;

/// <summary>An epoch entry that is applied.</summary>
internal sealed class EpochState(EntryId id, ulong arrival, Bytes32 recipients)
{
    public EntryId Id { get; } = id;

    public ulong Arrival { get; } = arrival;

    /// <summary>Digest of the devices it is sealed to.</summary>
    public Bytes32 Recipients { get; } = recipients;

    /// <summary>Its secret is held here.</summary>
    public bool IsHeld { get; set; }

    /// <summary>A later epoch that saw it has taken its place.</summary>
    public bool IsSuperseded { get; set; }
}
