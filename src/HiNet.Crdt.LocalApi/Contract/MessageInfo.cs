namespace HiNet.Crdt.LocalApi.Contract;

/// <summary>A message as it reads now; one line of a history.</summary>
public sealed record MessageInfo
{
    /// <summary>64 hex digits.</summary>
    public required string Id { get; init; }

    /// <summary>The author's identity.</summary>
    public required string Author { get; init; }

    /// <summary>The reader's name for the author, else the author's own.</summary>
    public required string AuthorName { get; init; }

    /// <summary>The device it was written on.</summary>
    public required string Device { get; init; }

    /// <summary>By the author's clock, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The newest text; null when deleted, unsupported or not readable here (yet).</summary>
    public string? Text { get; init; }

    /// <summary>True when the text is not the first version.</summary>
    public bool Edited { get; init; }

    /// <summary>True when its author deleted it.</summary>
    public bool Deleted { get; init; }

    /// <summary>True when it came later than messages that stand after it.</summary>
    public bool Late { get; init; }

    /// <summary>True when a newer version of the software is needed to show it.</summary>
    public bool Unsupported { get; init; }

    /// <summary>By emoji, in order of first use.</summary>
    public IReadOnlyList<ReactionInfo> Reactions { get; init; } = [];

    /// <summary>The message this one answers, or null.</summary>
    public string? ReplyTo { get; init; }

    /// <summary>queued, stored, delivered or read.</summary>
    public required string State { get; init; }

    /// <summary>One for each other member.</summary>
    public IReadOnlyList<ReceiptInfo> Receipts { get; init; } = [];
}
