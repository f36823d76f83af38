using System.Globalization;
using System.Net;
using HiNet.Crdt.Benchmarks.Framework;
using HiNet.Crdt.Benchmarks.Slopes;

namespace HiNet.Crdt.Benchmarks.Reports;

/// <summary>One slope as a line: sizes on a logarithmic axis, so that what grows with their logarithm is straight; figures from nothing up.</summary>
internal static class GrowthPlot
{
    private const int Width = 560;
    private const int Height = 300;
    private const int Left = 60;
    private const int Right = 40;
    private const int Top = 52;
    private const int Bottom = 52;

    /// <summary>Null with fewer than two points.</summary>
    public static string? Create(Slope slope, IReadOnlyDictionary<Metric, Series> measured)
    {
        var points = slope.Points
            .Where(point => measured.ContainsKey(point.Figure))
            .Select(point => (point.Size, Value: measured[point.Figure].Median))
            .ToList();
        if (points.Count < 2)
        {
            return null;
        }

        var highest = Math.Max(points.Max(point => point.Value), double.Epsilon);
        var span = Math.Log((double)points[^1].Size / points[0].Size);
        List<(double X, double Y)> places =
        [
            .. points.Select(point => (
                Left + ((Width - Left - Right) * Math.Log((double)point.Size / points[0].Size) / span),
                Height - Bottom - ((Height - Top - Bottom) * point.Value / highest))),
        ];
        var svg = new SvgText(Width, Height, $"{slope.Title} ({slope.Unit})");
        svg.Append($"<line x1=\"{Left}\" y1=\"{Height - Bottom}\" x2=\"{Width - Right}\" y2=\"{Height - Bottom}\" stroke=\"#9aa5ad\"/>");
        var line = string.Join(' ', places.Select(place => string.Create(CultureInfo.InvariantCulture, $"{place.X:0.0},{place.Y:0.0}")));
        svg.Append($"<polyline points=\"{line}\" fill=\"none\" stroke=\"#2f6f9f\" stroke-width=\"2\"/>");
        for (var i = 0; i < points.Count; i++)
        {
            var (x, y) = places[i];
            svg.Append($"<circle cx=\"{x:0.0}\" cy=\"{y:0.0}\" r=\"4\" fill=\"#2f6f9f\"/>");
            svg.Append($"<text x=\"{x:0.0}\" y=\"{y - 10:0.0}\" text-anchor=\"middle\" fill=\"#1c2429\">{Figures.Format(points[i].Value)}</text>");
            svg.Append($"<text x=\"{x:0.0}\" y=\"{Height - Bottom + 18}\" text-anchor=\"middle\" fill=\"#1c2429\">{points[i].Size:N0}</text>");
        }

        svg.Append($"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 12}\" text-anchor=\"middle\" fill=\"#5b666d\">{WebUtility.HtmlEncode(slope.Of)}</text>");
        return svg.End();
    }
}
