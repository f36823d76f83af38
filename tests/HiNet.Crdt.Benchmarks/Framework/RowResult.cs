namespace HiNet.Crdt.Benchmarks.Framework;

/// <summary>A row with what was measured; each missing side says why.</summary>
internal sealed record RowResult(Row Row, Series? Ours, Series? Reference, IReadOnlyList<string> Missing)
{
    /// <summary>Ours over the reference, of medians; null when either is missing.</summary>
    public double? Ratio => Ours is { } ours && Reference is { Median: not 0 } reference ? ours.Median / reference.Median : null;

    /// <summary>What the bar is about.</summary>
    public double? Judged => Row.Reference is null ? Ours?.Median : Ratio;

    /// <summary>Null when there is no bar or nothing to judge.</summary>
    public bool? IsMet => Row.Bar is { } bar && Judged is { } judged ? bar.IsMetBy(judged) : null;
}
