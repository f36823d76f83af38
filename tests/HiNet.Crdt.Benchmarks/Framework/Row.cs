namespace HiNet.Crdt.Benchmarks.Framework;

/// <summary>One line of the report: a figure of ours, what it is held against, and the bar.</summary>
internal sealed record Row
{
    /// <summary>Names files and JSON records.</summary>
    public required string Id { get; init; }

    /// <summary>For people.</summary>
    public required string Title { get; init; }

    /// <summary>Of both figures.</summary>
    public required string Unit { get; init; }

    /// <summary>Our figure.</summary>
    public required Metric Ours { get; init; }

    /// <summary>A peer's figure or a limit of the machine, measured in turn with ours; null where the bar is absolute.</summary>
    public Metric? Reference { get; init; }

    /// <summary>What must be reached; null where a row only shows two systems side by side.</summary>
    public Bar? Bar { get; init; }

    /// <summary>What is aimed for beyond the bar.</summary>
    public Bar? Goal { get; init; }
}
