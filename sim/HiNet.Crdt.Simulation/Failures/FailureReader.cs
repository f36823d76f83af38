using System.Globalization;
using System.Text.Json;
using HiNet.Crdt.Simulation.Scenarios;
using HiNet.Crdt.Simulation.Traces;

namespace HiNet.Crdt.Simulation.Failures;

/// <summary>Reads failure files, strictly: <c>specs/11-failures.md</c>.</summary>
public static class FailureReader
{
    private const string What = "a failure file";

    /// <summary>Reads one file's text.</summary>
    /// <exception cref="FailureFormatException">It is of another format version, or something in it is not allowed.</exception>
    public static Failure Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            var root = JsonValue.Parse(json, What, "\"format\", \"seed\" and \"scenario\"");
            var reader = new ObjectReader(root);
            CheckFormat(reader);
            return Read(root, reader);
        }
        catch (Exception problem) when (problem is ScenarioException or TraceFormatException)
        {
            throw new FailureFormatException(problem.Message);
        }
    }

    // Before anything else: a file of another format may have other fields.
    private static void CheckFormat(ObjectReader reader)
    {
        var format = ObjectReader.Whole(reader.Require("format", "the number of the file's format"), 1, int.MaxValue, "the number of a format");
        if (format != Failure.Format)
        {
            var writer = reader.Find("product") is { Type: JsonTokenType.String } product ? $"version {product.Text}" : "the version";
            throw new FailureFormatException(
                $"the file is of failure format {format}, and this version ({BuildVersion.Product}) reads format {Failure.Format}: run it with {writer} that wrote it.");
        }
    }

    private static Failure Read(JsonValue root, ObjectReader reader)
    {
        const string Text = "a text";
        var failure = new Failure
        {
            Product = ObjectReader.String(reader.Require("product", Text), Text),
            Commit = reader.Find("commit") is { } commit ? ObjectReader.String(commit, Text) : null,
            Name = ObjectReader.String(reader.Require("name", Text), Text),
            Seed = ReadSeed(reader.Require("seed", "a seed")),
            Result = ReadResult(reader.Require("result", "the kind of failure")),
            Invariant = reader.Find("invariant") is { } invariant ? ObjectReader.String(invariant, "the id of an invariant") : null,
            At = ObjectReader.Time(reader.Require("at", "a time such as \"12.5s\"")),
            Problem = ObjectReader.String(reader.Require("problem", Text), Text),
            TraceHash = ReadHash(reader.Require("traceHash", "16 hex digits")),
            Planted = reader.Find("planted") is { } planted ? ObjectReader.String(planted, "the name of a planted bug") : null,
            FoundBy = reader.Find("foundBy") is { } found ? ObjectReader.String(found, Text) : null,
            Scenario = reader.Find("scenario") is { } scenario ? ScenarioReader.Read(scenario) : null,
            Trace = reader.Find("trace") is { } trace ? ReadTrace(trace) : null,
        };
        reader.End();
        return (failure.Scenario is null) != (failure.Trace is null)
            ? failure
            : throw root.Problem("it holds a scenario and a trace, or neither", "one of scenario, trace");
    }

    private static ulong ReadSeed(JsonValue value) =>
        value.Type == JsonTokenType.Number && ulong.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
            ? seed
            : throw value.Problem(ObjectReader.Quote(value) + " does not fit", "a whole number from 0 to 18,446,744,073,709,551,615");

    private static SimulationResult ReadResult(JsonValue value) => (value.Type == JsonTokenType.String ? value.Text : null) switch
    {
        "safety" => SimulationResult.Safety,
        "liveness" => SimulationResult.Liveness,
        "crash" => SimulationResult.Crash,
        "nondeterminism" => SimulationResult.Nondeterminism,
        _ => throw value.Problem(ObjectReader.Quote(value) + " does not fit", "one of safety, liveness, crash, nondeterminism"),
    };

    private static ulong ReadHash(JsonValue value) =>
        value.Type == JsonTokenType.String && value.Text.Length == 16
        && ulong.TryParse(value.Text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hash)
            ? hash
            : throw value.Problem(ObjectReader.Quote(value) + " does not fit", "16 hex digits");

    private static FailedTrace ReadTrace(JsonValue value)
    {
        var reader = new ObjectReader(value);
        var replicas = (int)ObjectReader.Whole(reader.Require("replicas", "a number of replicas"), 1, 64, "a number of replicas from 1 to 64");
        var list = reader.Require("entries", "an array of entries");
        var entries = ObjectReader.Array(list, "an array of entries");
        reader.End();
        return entries.Count > 0
            ? new FailedTrace(CausalTraceReader.Order([.. entries.Select(ReadEntry)]), replicas)
            : throw list.Problem("the history is empty", "one entry or more");
    }

    private static TraceLine ReadEntry(JsonValue value)
    {
        const string Number = "the number of an entry";
        var reader = new ObjectReader(value);
        var line = new TraceLine(
            value.Line,
            ObjectReader.Whole(reader.Require("id", Number), long.MinValue, long.MaxValue, Number),
            [.. ObjectReader.Array(reader.Require("parents", "an array of numbers"), "an array of numbers")
                .Select(parent => ObjectReader.Whole(parent, long.MinValue, long.MaxValue, Number)).Distinct()],
            ObjectReader.String(reader.Require("author", "a name"), "a name"),
            ObjectReader.String(reader.Require("text", "a text"), "a text"));
        reader.End();
        return line;
    }
}
