using System.Text;
using HiNet.Crdt.Benchmarks.Framework;

namespace HiNet.Crdt.Benchmarks.Reports;

/// <summary>The rows as a Markdown table, then every figure with its spread; the same text goes to the terminal.</summary>
internal static class MarkdownReport
{
    private static readonly string[] RowHeads = ["work", "ours", "reference", "unit", "ratio", "bar", "goal", "met"];
    private static readonly string[] FigureHeads = ["measurement", "figure", "median", "lowest", "highest", "runs"];

    public static string Create(Machine machine, IReadOnlyList<RowResult> results, IEnumerable<KeyValuePair<Metric, Series>> measured)
    {
        var report = new StringBuilder();
        report.AppendLine($"Medians, both sides in turn. {machine.Describe()}").AppendLine();
        AppendTable(report, RowHeads, results.Select(Cells));
        report.AppendLine();
        AppendTable(report, FigureHeads, measured.Select(pair => (string[])
        [
            pair.Key.Measurement, pair.Key.Value, Figures.Format(pair.Value.Median), Figures.Format(pair.Value.Lowest), Figures.Format(pair.Value.Highest),
            $"{pair.Value.Values.Count}",
        ]));

        string[] missing = [.. results.SelectMany(result => result.Missing).Distinct()];
        if (missing.Length > 0)
        {
            report.AppendLine().AppendLine("Missing:").AppendLine();
            foreach (var reason in missing)
            {
                report.AppendLine($"- {reason}");
            }
        }

        return report.ToString();
    }

    private static string[] Cells(RowResult result) =>
    [
        result.Row.Title,
        Figures.Format(result.Ours?.Median),
        Figures.Format(result.Reference?.Median),
        result.Row.Unit,
        Figures.Format(result.Ratio),
        result.Row.Bar?.ToString() ?? "–",
        result.Row.Goal?.ToString() ?? "–",
        result.IsMet switch { true => "yes", false => "no", null => "–" },
    ];

    private static void AppendTable(StringBuilder report, string[] heads, IEnumerable<string[]> rows)
    {
        string[][] lines = [.. rows];
        int[] widths = [.. heads.Select((head, column) => lines.Select(line => line[column].Length).Append(head.Length).Max())];
        AppendLine(report, heads, widths);
        AppendLine(report, [.. widths.Select(width => new string('-', width))], widths);
        foreach (var line in lines)
        {
            AppendLine(report, line, widths);
        }
    }

    private static void AppendLine(StringBuilder report, string[] cells, int[] widths) =>
        report.Append("| ").AppendJoin(" | ", cells.Select((cell, column) => cell.PadRight(widths[column]))).AppendLine(" |");
}
