using System.Globalization;
using System.Text;
using HiNet.Crdt.Simulation.Scenarios;
using HiNet.Crdt.Simulation.Traces;

namespace HiNet.Crdt.Simulation.Failures;

/// <summary>Writes failure files, as <c>specs/11-failures.md</c> has them. Equal failures give equal bytes.</summary>
public static class FailureWriter
{
    /// <summary>The failure as one JSON object, ending in a line feed.</summary>
    public static string Write(Failure failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        var text = new StringBuilder("{\n");
        Field(text, "format", JsonText.Number(Failure.Format));
        Field(text, "product", JsonText.Quote(failure.Product));
        Field(text, "commit", Optional(failure.Commit));
        Field(text, "name", JsonText.Quote(failure.Name));
        Field(text, "seed", failure.Seed.ToString(CultureInfo.InvariantCulture));
        Field(text, "result", JsonText.Quote(failure.Result.ToString().ToLowerInvariant()));
        Field(text, "invariant", Optional(failure.Invariant));
        Field(text, "at", JsonText.Time(failure.At));
        Field(text, "problem", JsonText.Quote(failure.Problem));
        Field(text, "traceHash", JsonText.Quote(failure.TraceHash.ToString("x16", CultureInfo.InvariantCulture)));
        Field(text, "planted", Optional(failure.Planted));
        Field(text, "foundBy", Optional(failure.FoundBy));
        if (failure.Scenario is { } scenario)
        {
            text.Append("  \"scenario\": ");
            ScenarioWriter.Append(text, scenario, "  ");
        }
        else if (failure.Trace is { } trace)
        {
            Append(text, trace);
        }

        return text.Append("\n}\n").ToString();
    }

    private static string? Optional(string? value) => value is null ? null : JsonText.Quote(value);

    private static void Field(StringBuilder text, string name, string? value)
    {
        if (value is not null)
        {
            text.Append("  \"").Append(name).Append("\": ").Append(value).Append(",\n");
        }
    }

    private static void Append(StringBuilder text, FailedTrace trace)
    {
        var entries = trace.History.Entries;
        text.Append("  \"trace\": {\n    \"replicas\": ").Append(trace.Replicas).Append(",\n    \"entries\": [\n");
        text.AppendJoin(",\n", entries.Select(entry => "      " + Line(trace.History, entry)));
        text.Append("\n    ]\n  }");
    }

    private static string Line(CausalTrace history, TraceEntry entry) => string.Create(
        CultureInfo.InvariantCulture,
        $"{{ \"id\": {entry.Id}, \"parents\": [{string.Join(", ", entry.Parents.Select(parent => history.Entries[parent].Id))}], \"author\": {JsonText.Quote(history.Authors[entry.Author])}, \"text\": {JsonText.Quote(entry.Text)} }}");
}
