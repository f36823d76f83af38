using System.Text.Json;
using HiNet.Crdt.Benchmarks.Framework;

namespace HiNet.Crdt.Benchmarks.Reports;

/// <summary>Everything that was measured, run by run, for scripts.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string Create(Machine machine, IReadOnlyList<RowResult> results, IEnumerable<KeyValuePair<Metric, Series>> measured) =>
        JsonSerializer.Serialize(
            new
            {
                machine,
                rows = results.Select(result => new
                {
                    result.Row.Id,
                    result.Row.Title,
                    result.Row.Unit,
                    ours = result.Ours?.Median,
                    reference = result.Reference?.Median,
                    referenceName = result.Row.Reference?.Measurement,
                    result.Ratio,
                    bar = result.Row.Bar?.ToString(),
                    goal = result.Row.Goal?.ToString(),
                    met = result.IsMet,
                    result.Missing,
                }),
                measurements = measured.Select(pair => new { name = pair.Key.Measurement, figure = pair.Key.Value, pair.Value.Median, runs = pair.Value.Values }),
            },
            Format);
}
