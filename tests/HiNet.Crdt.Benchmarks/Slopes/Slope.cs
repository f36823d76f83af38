using HiNet.Crdt.Benchmarks.Framework;

namespace HiNet.Crdt.Benchmarks.Slopes;

/// <summary>One piece of work at several sizes of what it is done on: cost may grow as the work grows, no faster.</summary>
/// <param name="Id">Begins the ids of its rows.</param>
/// <param name="Title">For people.</param>
/// <param name="Of">What the sizes count.</param>
/// <param name="Unit">Of the figures.</param>
/// <param name="Points">Size and figure, ascending.</param>
internal sealed record Slope(string Id, string Title, string Of, string Unit, IReadOnlyList<(int Size, Metric Figure)> Points)
{
    public IEnumerable<Row> Rows => Points.Select(point => new Row
    {
        Id = $"{Id}-{point.Size}",
        Title = $"{Title}, {point.Size:N0} {Of}",
        Unit = Unit,
        Ours = point.Figure,
    });

    /// <summary>
    /// The exponent x with which the cost of one operation grows as size to the power of x, between the smallest and the largest
    /// size: 0 is flat, 1 is linear. Null when either is missing.
    /// </summary>
    public double? Exponent(IReadOnlyDictionary<Metric, Series> measured)
    {
        if (!measured.TryGetValue(Points[0].Figure, out var first) || !measured.TryGetValue(Points[^1].Figure, out var last))
        {
            return null;
        }

        var growth = last.Median / first.Median;
        var cost = Points[0].Figure.Value == Metric.Rate ? 1 / growth : growth;
        return Math.Log(cost) / Math.Log((double)Points[^1].Size / Points[0].Size);
    }
}
