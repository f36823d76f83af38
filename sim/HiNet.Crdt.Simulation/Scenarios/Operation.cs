namespace HiNet.Crdt.Simulation.Scenarios;

/// <summary>
/// One thing that one person does. It carries all that decides what it does, its draws included, so that any other operation
/// can be left out of a run without changing this one.
/// </summary>
public sealed record Operation
{
    /// <summary>Virtual time from the start.</summary>
    public required TimeSpan At { get; init; }

    /// <summary>Whose node.</summary>
    public required int Node { get; init; }

    /// <summary>What.</summary>
    public required OperationKind Do { get; init; }

    /// <summary>The other node of <see cref="OperationKind.Meet"/>, <see cref="OperationKind.Direct"/> and <see cref="OperationKind.Add"/>.</summary>
    public int Member { get; init; }

    /// <summary>The members of a new group, its creator aside.</summary>
    public IReadOnlyList<int> Members { get; init; } = [];

    /// <summary>Which of the run's conversations, from 0, in the order in which operations name them first.</summary>
    public int Conversation { get; init; }

    /// <summary>The text of a message, an edit or a reaction; null for one that is drawn.</summary>
    public string? Text { get; init; }

    /// <summary>Bytes of UTF-8 that a drawn text has, for texts at the edge of what is allowed; null for a length that is drawn, too.</summary>
    public int? Bytes { get; init; }

    /// <summary>How often it is done at once, 1 to 10,000.</summary>
    public int Times { get; init; } = 1;

    /// <summary>Which of the run's invites <see cref="OperationKind.Invite"/> makes and <see cref="OperationKind.Accept"/> accepts, from 0.</summary>
    public int Invite { get; init; }

    /// <summary>How many people an invite is for.</summary>
    public int Uses { get; init; } = 1;

    /// <summary>
    /// Done when everything has been mended and everyone agrees: then it must be accepted, and reach everyone. <see cref="At"/> counts
    /// from there.
    /// </summary>
    public bool IsAfterwards { get; init; }

    /// <summary>Decides which message an operation is about, and texts.</summary>
    public ulong Pick { get; init; }

    /// <summary>
    /// Whether it was drawn rather than asked for: when it finds nothing to act on, or its node is down, it counts as not attempted.
    /// </summary>
    public bool IsDrawn { get; init; }
}
