using System.Globalization;
using System.Net;
using System.Text;
using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Diagrams;

/// <summary>For a conversation that did not converge: which entries arrived where, and where they are missing.</summary>
internal static class MissingEntries
{
    private const int MostRows = 12;
    private const int MostNodes = 16;

    /// <summary>A table; empty when no conversation is named or nothing of it is missing.</summary>
    public static string Table(RunRecording recording, RunReport report, string problem, IReadOnlyList<int> involved)
    {
        var entries = recording.Entries.Where(entry => report.Result == SimulationResult.Liveness && problem.EndsWith(entry.Conversation, StringComparison.Ordinal)).ToList();
        int[] nodes = [.. entries.SelectMany(entry => entry.Stored.Select(stored => stored.Node)).Concat(entries.Count > 0 ? involved : []).Distinct().Order().Take(MostNodes)];
        List<RecordedEntry> missing = [.. entries.Where(entry => nodes.Any(node => !Holds(entry, node)))];
        if (missing.Count == 0)
        {
            return string.Empty;
        }

        var text = new StringBuilder("<h2>What is missing where</h2>\n<div class=\"wide\"><table>\n<tr><th></th>");
        text.AppendJoin(string.Empty, nodes.Select(node => $"<th class=\"n{node % 8}\">node {node}</th>")).Append("</tr>\n");
        foreach (var entry in missing.Take(MostRows))
        {
            text.Append(CultureInfo.InvariantCulture, $"<tr><td>{WebUtility.HtmlEncode(entry.Name)} of node {entry.Author}</td>");
            text.AppendJoin(string.Empty, nodes.Select(node => Cell(entry, node))).Append("</tr>\n");
        }

        text.Append("</table></div>\n");
        return missing.Count > MostRows ? text.Append(CultureInfo.InvariantCulture, $"<p class=\"left\">and {missing.Count - MostRows:N0} more</p>\n").ToString() : text.ToString();
    }

    private static bool Holds(RecordedEntry entry, int node) => entry.Stored.Exists(stored => stored.Node == node);

    private static string Cell(RecordedEntry entry, int node) => Holds(entry, node)
        ? string.Create(CultureInfo.InvariantCulture, $"<td>{entry.Stored.First(stored => stored.Node == node).At / 1e6:0.000} s</td>")
        : "<td class=\"never\">never</td>";
}
