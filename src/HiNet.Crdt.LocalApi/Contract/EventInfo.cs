namespace HiNet.Crdt.LocalApi.Contract;

/// <summary>
/// One event. <see cref="Event"/> names its kind (the type's name in kebab-case) and thereby which of the other fields are
/// present; absent fields are left out of the JSON.
/// </summary>
public sealed record EventInfo
{
    /// <summary>For example <c>message-added</c>.</summary>
    public required string Event { get; init; }

    /// <summary>Go on behind this one with <c>from</c>. Absent for events of the node, which are not kept.</summary>
    public string? Cursor { get; init; }

    /// <summary>Where. Absent for events that concern the node alone.</summary>
    public string? Conversation { get; init; }

    /// <summary>By the author's clock, UTC.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>The id of a new message.</summary>
    public string? Id { get; init; }

    /// <summary>The id of the message that was changed, deleted or reacted to.</summary>
    public string? Message { get; init; }

    /// <summary>The identity of whoever wrote it.</summary>
    public string? Author { get; init; }

    /// <summary>The name to show for the author.</summary>
    public string? AuthorName { get; init; }

    /// <summary>A device's key.</summary>
    public string? Device { get; init; }

    /// <summary>The text of a new or edited message.</summary>
    public string? Text { get; init; }

    /// <summary>The message that a new message answers.</summary>
    public string? ReplyTo { get; init; }

    /// <summary>queued, stored, delivered or read.</summary>
    public string? State { get; init; }

    /// <summary>True for a new message whose text is not the first version (any more).</summary>
    public bool? Edited { get; init; }

    /// <summary>True for a new message that has been deleted since.</summary>
    public bool? Deleted { get; init; }

    /// <summary>True for a message that stands before ones already seen.</summary>
    public bool? Late { get; init; }

    /// <summary>A reaction.</summary>
    public string? Emoji { get; init; }

    /// <summary>The identity of whoever acted on a member, received or read.</summary>
    public string? By { get; init; }

    /// <summary>The name to show for <see cref="By"/>.</summary>
    public string? ByName { get; init; }

    /// <summary>Everything up to this message is read.</summary>
    public string? UpTo { get; init; }

    /// <summary>The identity of the member concerned.</summary>
    public string? Member { get; init; }

    /// <summary>The name to show for the member.</summary>
    public string? MemberName { get; init; }

    /// <summary>Who a group began with.</summary>
    public IReadOnlyList<PersonInfo>? Members { get; init; }

    /// <summary>The member's role from now on.</summary>
    public string? Role { get; init; }

    /// <summary>The group that an invitation is for.</summary>
    public string? Group { get; init; }

    /// <summary>The name of a group, conversation or contact.</summary>
    public string? Name { get; init; }

    /// <summary>The place in a device's chain at which it forked.</summary>
    public ulong? Seq { get; init; }

    /// <summary>One of two entries in one place.</summary>
    public string? First { get; init; }

    /// <summary>The other of two entries in one place.</summary>
    public string? Second { get; init; }

    /// <summary>An entry's id.</summary>
    public string? Entry { get; init; }

    /// <summary>direct or group; for an unsupported entry its number.</summary>
    public string? Kind { get; init; }

    /// <summary>A node's key.</summary>
    public string? Node { get; init; }

    /// <summary>One sentence about a node event.</summary>
    public string? Detail { get; init; }
}
