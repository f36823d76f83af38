namespace HiNet.Crdt;

/// <summary>A message as it reads now: after the edits, deletions and reactions that this node has.</summary>
public sealed record Message
{
    /// <summary>The entry that brought it.</summary>
    public required EntryId Id { get; init; }

    /// <summary>Who wrote it.</summary>
    public required Person Author { get; init; }

    /// <summary>The device it was written on.</summary>
    public required DeviceId Device { get; init; }

    /// <summary>When, by the writer's clock, corrected to lie after everything the writer had seen.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The newest text; null when deleted, unsupported, or not readable here (yet).</summary>
    public string? Text { get; init; }

    /// <summary>True when <see cref="Text"/> is not the first version.</summary>
    public bool IsEdited { get; init; }

    /// <summary>True when its author deleted it: the text is gone from this node's disk.</summary>
    public bool IsDeleted { get; init; }

    /// <summary>True when it came later than messages that stand after it.</summary>
    public bool IsLate { get; init; }

    /// <summary>True when a newer version of the software is needed to show it.</summary>
    public bool IsUnsupported { get; init; }

    /// <summary>The message this one answers.</summary>
    public EntryId? ReplyTo { get; init; }

    /// <summary>By emoji, in order of first use.</summary>
    public IReadOnlyList<Reaction> Reactions { get; init; } = [];

    /// <summary>How far it has come.</summary>
    public MessageState State { get; init; }

    /// <summary>One for each other member.</summary>
    public IReadOnlyList<Receipt> Receipts { get; init; } = [];
}
