using System.Text;
using System.Text.Json;
using HiNet.Crdt.Simulation.Fuzzing;

namespace HiNet.Crdt.Simulation.Cli;

/// <summary>The fuzzer's one line of JSON.</summary>
internal static class FuzzJson
{
    /// <summary>One case that was run again.</summary>
    public static string Write(FuzzReport report, bool isReproduced) => Line(writer =>
    {
        writer.WriteString("result", ReportJson.NameOf(report.Result));
        writer.WriteString("oracle", report.Oracle);
        writer.WriteString("target", report.Target);
        writer.WriteNumber("seed", report.Seed);
        writer.WriteNumber("operations", report.Operations);
        writer.WriteString("hash", ReportJson.HashOf(report.Hash));
        writer.WriteBoolean("reproduced", isReproduced);
        Write(writer, "kinds", report.Kinds);
        Write(writer, "twists", report.Twists);
        Write(writer, "metrics", report.Metrics);
        if (report.Problem is not null)
        {
            writer.WriteString("problem", report.Problem);
        }
    });

    /// <summary>Many cases.</summary>
    public static string Write(FuzzSummary summary, TimeSpan time) => Line(writer =>
    {
        var worst = summary.Failures.FirstOrDefault(report => report.Result == summary.Worst);
        writer.WriteString("result", ReportJson.NameOf(summary.Worst));
        writer.WriteString("oracle", worst?.Oracle);
        writer.WriteString("target", worst?.Target ?? (summary.Targets.Count == 1 ? summary.Targets[0] : "all"));
        writer.WriteNumber("seed", worst?.Seed ?? 0);
        writer.WriteNumber("cases", summary.Cases.Values.Sum());
        writer.WriteNumber("failed", summary.Failures.Count);
        writer.WriteNumber("operations", summary.Operations);
        writer.WriteNumber("wallSeconds", Math.Round(time.TotalSeconds, 3));
        writer.WriteString("hash", ReportJson.HashOf(summary.Hash));
        writer.WriteStartObject("kinds");
        foreach (var (target, kinds) in summary.Kinds)
        {
            Write(writer, target, kinds);
        }

        writer.WriteEndObject();
        Write(writer, "twists", summary.Twists);
        Write(writer, "metrics", summary.Metrics);
        writer.WriteStartObject("marks");
        foreach (var (mark, cases) in summary.Marks)
        {
            writer.WriteNumber(mark, cases);
        }

        writer.WriteEndObject();
        if (worst?.Problem is { } problem)
        {
            writer.WriteString("problem", problem);
        }
    });

    /// <summary>Each as an array: drawn, made, accepted, refused.</summary>
    private static void Write(Utf8JsonWriter writer, string name, IReadOnlyDictionary<string, FuzzTally> table)
    {
        writer.WriteStartObject(name);
        foreach (var (key, tally) in table)
        {
            writer.WriteStartArray(key);
            writer.WriteNumberValue(tally.Drawn);
            writer.WriteNumberValue(tally.Made);
            writer.WriteNumberValue(tally.Accepted);
            writer.WriteNumberValue(tally.Refused);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, IReadOnlyDictionary<string, double> metrics)
    {
        writer.WriteStartObject(name);
        foreach (var (key, value) in metrics)
        {
            writer.WriteNumber(key, value);
        }

        writer.WriteEndObject();
    }

    private static string Line(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
