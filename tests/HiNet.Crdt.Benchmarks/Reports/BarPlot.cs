using System.Net;
using HiNet.Crdt.Benchmarks.Framework;

namespace HiNet.Crdt.Benchmarks.Reports;

/// <summary>One row as a bar plot: ours, the reference, the spread of the runs as whiskers, and the bar as a dashed line.</summary>
internal static class BarPlot
{
    private const int Width = 720;
    private const int LabelWidth = 250;
    private const int PlotWidth = 350;
    private const int Top = 44;
    private const int LineHeight = 34;
    private const int BarHeight = 20;

    public static string? Create(RowResult result)
    {
        List<(string Label, Series Series, string Colour)> bars = [];
        if (result.Ours is { } ours)
        {
            bars.Add(("HiNet.Crdt", ours, "#2f6f9f"));
        }

        if (result.Reference is { } reference)
        {
            bars.Add((result.Row.Reference!.Value.Measurement, reference, "#9aa5ad"));
        }

        if (bars.Count == 0)
        {
            return null;
        }

        var bound = result.Row.Bar is { } bar ? (result.Row.Reference is null ? bar.Bound : bar.Bound * result.Reference?.Median) : null;
        var scale = PlotWidth / Math.Max(bars.Max(entry => entry.Series.Highest), bound ?? 0);
        var bottom = Top + (bars.Count * LineHeight);
        var svg = new SvgText(Width, bottom + 26, $"{result.Row.Title} ({result.Row.Unit})");
        for (var line = 0; line < bars.Count; line++)
        {
            AppendBar(svg, bars[line].Label, bars[line].Series, bars[line].Colour, Top + (line * LineHeight), scale);
        }

        if (bound is { } value)
        {
            var x = LabelWidth + (value * scale);
            svg.Append($"<line x1=\"{x:0.0}\" y1=\"{Top - 8}\" x2=\"{x:0.0}\" y2=\"{bottom}\" stroke=\"#b5482f\" stroke-dasharray=\"4 3\"/>");
            svg.Append($"<text x=\"{x:0.0}\" y=\"{bottom + 16}\" text-anchor=\"middle\" fill=\"#b5482f\">bar: {Figures.Format(value)}</text>");
        }

        return svg.End();
    }

    private static void AppendBar(SvgText svg, string label, Series series, string colour, int top, double scale)
    {
        var middle = top + (BarHeight / 2);
        var (low, high) = (LabelWidth + (series.Lowest * scale), LabelWidth + (series.Highest * scale));
        svg.Append($"<text x=\"{LabelWidth - 10}\" y=\"{middle + 5}\" text-anchor=\"end\" fill=\"#1c2429\">{WebUtility.HtmlEncode(label)}</text>");
        svg.Append($"<rect x=\"{LabelWidth}\" y=\"{top}\" width=\"{series.Median * scale:0.0}\" height=\"{BarHeight}\" fill=\"{colour}\"/>");
        svg.Append($"<line x1=\"{low:0.0}\" y1=\"{middle}\" x2=\"{high:0.0}\" y2=\"{middle}\" stroke=\"#1c2429\"/>");
        svg.Append($"<text x=\"{high + 8:0.0}\" y=\"{middle + 5}\" fill=\"#1c2429\">{Figures.Format(series.Median)}</text>");
    }
}
