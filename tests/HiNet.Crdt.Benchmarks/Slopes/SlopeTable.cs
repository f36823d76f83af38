using System.Globalization;
using System.Text;
using HiNet.Crdt.Benchmarks.Framework;
using HiNet.Crdt.Benchmarks.Reports;

namespace HiNet.Crdt.Benchmarks.Slopes;

/// <summary>The slopes as a Markdown table.</summary>
internal static class SlopeTable
{
    public static string Create(IEnumerable<KeyValuePair<Metric, Series>> figures)
    {
        var measured = figures.ToDictionary();
        var table = new StringBuilder();
        table.AppendLine().AppendLine("Cost of one operation grows as size to the power of the slope: 0 is flat, 1 is linear.").AppendLine();
        table.AppendLine("| work | sizes | figures | unit | slope |").AppendLine("| - | - | - | - | - |");
        foreach (var slope in EntriesAndMembers.Slopes.Where(slope => slope.Points.Any(point => measured.ContainsKey(point.Figure))))
        {
            var sizes = string.Join(", ", slope.Points.Select(point => point.Size.ToString("N0", CultureInfo.InvariantCulture)));
            var medians = string.Join(", ", slope.Points.Select(point => Figures.Format(measured.GetValueOrDefault(point.Figure)?.Median)));
            table.AppendLine($"| {slope.Title} | {sizes} {slope.Of} | {medians} | {slope.Unit} | {Figures.Format(slope.Exponent(measured))} |");
        }

        return table.ToString();
    }
}
