using System.Globalization;
using System.Text;
using System.Text.Json;
using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Cli;

/// <summary>A report as one line of JSON.</summary>
internal static class ReportJson
{
    /// <param name="report">What came of a run.</param>
    /// <param name="more">Writes further fields.</param>
    public static string Write(RunReport report, Action<Utf8JsonWriter>? more = null)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("result", NameOf(report.Result));
            writer.WriteString("invariant", report.Invariant);
            writer.WriteNumber("seed", report.Seed);
            writer.WriteString("scenario", report.Scenario);
            writer.WriteNumber("events", report.Events);
            writer.WriteNumber("virtualSeconds", Math.Round(report.VirtualTime.TotalSeconds, 6));
            writer.WriteNumber("wallSeconds", Math.Round(report.WallTime.TotalSeconds, 6));
            writer.WriteNumber("eventsPerSecond", PerSecond(report.Events, report.WallTime));
            writer.WriteString("traceHash", HashOf(report.TraceHash));
            WriteMarks(writer, KnownMarks.Missed(report.Marks));
            writer.WriteStartObject("metrics");
            foreach (var (name, value) in report.Metrics.OrderBy(metric => metric.Key, StringComparer.Ordinal))
            {
                writer.WriteNumber(name, value);
            }

            writer.WriteEndObject();
            WriteRefusals(writer, report.Refusals);
            if (report.Explained.Count > 0)
            {
                writer.WriteStartArray("explained");
                foreach (var kind in report.Explained)
                {
                    writer.WriteStringValue(kind);
                }

                writer.WriteEndArray();
            }

            if (report.Problem is not null)
            {
                writer.WriteString("problem", report.Problem);
            }

            more?.Invoke(writer);

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    public static string NameOf(SimulationResult result) => result.ToString().ToLowerInvariant();

    public static string HashOf(ulong hash) => hash.ToString("x16", CultureInfo.InvariantCulture);

    public static double PerSecond(long events, TimeSpan time) => time > TimeSpan.Zero ? Math.Round(events / time.TotalSeconds) : 0;

    /// <summary>An object: for each reason how often it was right and wrong to refuse.</summary>
    public static void WriteRefusals(Utf8JsonWriter writer, IEnumerable<JudgedRefusals> refusals)
    {
        writer.WriteStartObject("refusals");
        foreach (var judged in refusals)
        {
            writer.WriteStartArray(judged.Reason);
            writer.WriteNumberValue(judged.Right);
            writer.WriteNumberValue(judged.Wrong);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    public static void WriteMarks(Utf8JsonWriter writer, IEnumerable<string> marks)
    {
        writer.WriteStartArray("marksMissed");
        foreach (var mark in marks)
        {
            writer.WriteStringValue(mark);
        }

        writer.WriteEndArray();
    }
}
