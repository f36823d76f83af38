using System.Globalization;

namespace HiNet.Crdt.Benchmarks.Framework;

/// <summary>What a row aims for: a bound on its ratio to the reference or, without a reference, on the figure itself.</summary>
internal sealed record Bar(double Bound, bool IsFloor)
{
    public static Bar AtLeast(double bound) => new(bound, IsFloor: true);

    public static Bar AtMost(double bound) => new(bound, IsFloor: false);

    /// <summary>Whether a value is on the right side.</summary>
    public bool IsMetBy(double value) => IsFloor ? value >= Bound : value <= Bound;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsFloor ? '≥' : '≤')} {Bound:0.##}");
}
