namespace HiNet.Crdt.Benchmarks.Ours;

internal static class Percentiles
{
    /// <summary>The smallest value that a share of all values does not exceed.</summary>
    public static double Of(IEnumerable<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
    }
}
