namespace HiNet.Crdt.Benchmarks.Framework;

/// <summary>The figures of repeated runs.</summary>
internal sealed class Series(IReadOnlyList<double> values)
{
    private readonly double[] _sorted = [.. values.Order()];

    /// <summary>In the order of the runs.</summary>
    public IReadOnlyList<double> Values => values;

    public double Median => (_sorted[(_sorted.Length - 1) / 2] + _sorted[_sorted.Length / 2]) / 2;

    public double Lowest => _sorted[0];

    public double Highest => _sorted[^1];
}
