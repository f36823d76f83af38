namespace HiNet.Crdt.Core.Log;

/// <summary>
/// What an entry says about itself; the sealed body lies beside it, bound by its hash, so that it can be erased while the
/// header still verifies. Immutable. <c>specs/01-log.md</c>, "Header"; encoded by <see cref="EntryCodec"/>.
/// </summary>
public sealed record EntryHeader
{
    /// <summary>The version of this format.</summary>
    public const uint CurrentVersion = 1;

    /// <summary>The suite of this version: X25519, XChaCha20-Poly1305 and BLAKE2b for bodies and epochs.</summary>
    public const uint CurrentSuite = 1;

    private readonly EntryId[] _parents = [];

    /// <summary>Fixes the header's format, the hash that makes the id, and the signature.</summary>
    public uint Version { get; init; } = CurrentVersion;

    /// <summary>Fixes how bodies are sealed. An unknown suite is kept, ordered and relayed. At least 1.</summary>
    public uint Suite { get; init; } = CurrentSuite;

    /// <summary>Zero in a group's genesis, whose hash it is.</summary>
    public ConversationId Conversation { get; init; }

    /// <summary>Who wrote it.</summary>
    public required DeviceId Device { get; init; }

    /// <summary>The place in the device's chain; the first is 0.</summary>
    public ulong Seq { get; init; }

    /// <summary>The device's entry before this one; null at seq 0 only.</summary>
    public EntryId? Previous { get; init; }

    /// <summary>Heads of other devices: at most 16, ascending, distinct, without <see cref="Previous"/>. An array is taken over, not copied.</summary>
    public IReadOnlyList<EntryId> Parents
    {
        get => _parents;
        init => _parents = value as EntryId[] ?? [.. value];
    }

    /// <summary>Above every predecessor's.</summary>
    public HybridTimestamp Hlc { get; init; }

    /// <summary>One more than the deepest predecessor's; 0 without any.</summary>
    public ulong Depth { get; init; }

    /// <summary><see cref="AuthorityHash"/> of the heads of authority entries in the past.</summary>
    public required Bytes32 Authority { get; init; }

    /// <summary>One of <see cref="EntryKind"/>, or unknown. At least 1.</summary>
    public required uint Kind { get; init; }

    /// <summary>The epoch entry whose secret seals the body; null for control entries.</summary>
    public EntryId? Epoch { get; init; }

    /// <summary>Of the sealed body, in bytes.</summary>
    public uint BodyLength { get; init; }

    /// <summary>BLAKE2b-256 of the sealed body; zero when <see cref="BodyLength"/> is 0.</summary>
    public Bytes32 BodyHash { get; init; }

    /// <summary>Whether the body is under the control key rather than an epoch; so for unknown kinds too.</summary>
    public bool IsControl => Epoch is null;

    /// <summary>Whether the entry has predecessors: <see cref="Previous"/> or <see cref="Parents"/>.</summary>
    public bool HasPredecessors => Previous is not null || _parents.Length > 0;

    internal ReadOnlySpan<EntryId> ParentSpan => _parents;

    /// <summary>Equal in every field; parents by value.</summary>
    public bool Equals(EntryHeader? other) =>
        other is not null
        && Version == other.Version && Suite == other.Suite && Conversation == other.Conversation
        && Device == other.Device && Seq == other.Seq && Previous == other.Previous
        && ParentSpan.SequenceEqual(other._parents)
        && Hlc == other.Hlc && Depth == other.Depth && Authority == other.Authority
        && Kind == other.Kind && Epoch == other.Epoch
        && BodyLength == other.BodyLength && BodyHash == other.BodyHash;

    /// <inheritdoc/>
    public override int GetHashCode() => Device.GetHashCode() ^ Seq.GetHashCode() ^ Hlc.GetHashCode() ^ BodyHash.GetHashCode();
}
