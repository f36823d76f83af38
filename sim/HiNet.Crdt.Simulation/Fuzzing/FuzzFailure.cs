using System.Globalization;
using System.Text;
using HiNet.Crdt.Simulation.Failures;
using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Fuzzing;

/// <summary>A case to which an oracle objected, with its operations written out: it stays what it is when generators change.</summary>
public sealed record FuzzFailure
{
    /// <summary>The version of the file format that this build writes and reads.</summary>
    public const int Format = 1;

    private const int MostOperations = 100_000;
    private const string What = "a fuzz failure";

    /// <summary>What the case was given to.</summary>
    public required string Target { get; init; }

    /// <summary>The seed of everything that is not an operation.</summary>
    public required ulong Seed { get; init; }

    /// <summary>What kind of failure it is.</summary>
    public required SimulationResult Result { get; init; }

    /// <summary>The oracle that objected.</summary>
    public required string Oracle { get; init; }

    /// <summary>What was seen, in one sentence.</summary>
    public required string Problem { get; init; }

    /// <summary>The product's version that found it.</summary>
    public required string Product { get; init; }

    /// <summary>The commit that it was built from, 40 hex digits; null where the build did not know.</summary>
    public string? Commit { get; init; }

    internal IReadOnlyList<FuzzOperation> Operations { get; init; } = [];

    /// <summary>How many operations the case has.</summary>
    public int Count => Operations.Count;

    /// <summary>Whether a run of the case went wrong in the same way.</summary>
    public bool IsShownBy(FuzzReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return report.Result == Result && report.Oracle == Oracle;
    }

    /// <summary>The text of a file, one operation a line.</summary>
    public string Write()
    {
        var text = new StringBuilder("{\n");
        text.Append(CultureInfo.InvariantCulture, $"  \"fuzz\": {Format},\n  \"product\": {JsonText.Quote(Product)},\n");
        if (Commit is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"  \"commit\": {JsonText.Quote(Commit)},\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"  \"target\": {JsonText.Quote(Target)},\n  \"seed\": {Seed},\n");
        text.Append(CultureInfo.InvariantCulture, $"  \"result\": {JsonText.Quote(FuzzNames.Of(Result))},\n  \"oracle\": {JsonText.Quote(Oracle)},\n  \"problem\": {JsonText.Quote(Problem)},\n");
        text.Append("  \"operations\": [");
        text.AppendJoin(",", Operations.Select(operation => "\n    " + Line(operation)));
        return text.Append("\n  ]\n}\n").ToString();
    }

    /// <summary>Reads what <see cref="Write"/> wrote, strictly.</summary>
    /// <exception cref="FailureFormatException">It is of another format version, or something in it is not allowed; the message names line and field.</exception>
    public static FuzzFailure Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            var reader = new ObjectReader(JsonValue.Parse(json, What, "\"fuzz\", \"target\", \"seed\" and \"operations\""));
            ObjectReader.Whole(reader.Require("fuzz", "the format's version"), Format, Format, $"{Format}, the format that this build reads");
            var target = reader.Require("target", "a target of the fuzzer");
            var name = ObjectReader.String(target, "a target of the fuzzer");
            if (!Fuzzer.Targets.Contains(name))
            {
                throw target.Problem($"\"{name}\" is no target", string.Join(", ", Fuzzer.Targets));
            }

            var seed = reader.Require("seed", "a seed");
            var failure = new FuzzFailure
            {
                Target = name,
                Seed = ulong.TryParse(seed.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw seed.Problem("this is no seed", "a whole number below 2^64"),
                Result = Named<SimulationResult>(reader.Require("result", "a result")),
                Oracle = Text(reader, "oracle"),
                Problem = Text(reader, "problem"),
                Product = Text(reader, "product"),
                Commit = reader.Find("commit") is { } commit ? ObjectReader.String(commit, "a commit") : null,
                Operations = [.. ObjectReader.Array(reader.Require("operations", "a list of operations"), "a list of operations").Take(MostOperations).Select(Operation)],
            };
            reader.End();
            return failure;
        }
        catch (ScenarioException problem)
        {
            throw new FailureFormatException(problem.Message);
        }
    }

    private static string Line(FuzzOperation operation)
    {
        var line = new StringBuilder($"{{ \"do\": \"{FuzzNames.Of(operation.Kind)}\"");
        Field("past", operation.Past == FuzzPast.Everything ? null : $"\"{FuzzNames.Of(operation.Past)}\"");
        Field("twist", operation.Twist == FuzzTwist.None ? null : $"\"{FuzzNames.Of(operation.Twist)}\"");
        Field("who", Number(operation.Who));
        Field("target", Number(operation.Target));
        Field("size", Number(operation.Size));
        return line.Append(" }").ToString();

        void Field(string name, string? value) => line.Append(value is null ? string.Empty : $", \"{name}\": {value}");

        static string? Number(int value) => value == 0 ? null : value.ToString(CultureInfo.InvariantCulture);
    }

    private static FuzzOperation Operation(JsonValue value)
    {
        var reader = new ObjectReader(value);
        var operation = new FuzzOperation(
            Named<FuzzKind>(reader.Require("do", "a kind of operation")),
            Number("who"),
            reader.Find("past") is { } past ? Named<FuzzPast>(past) : FuzzPast.Everything,
            reader.Find("twist") is { } twist ? Named<FuzzTwist>(twist) : FuzzTwist.None,
            Number("target"),
            Number("size"));
        reader.End();
        return operation;

        int Number(string name) => reader.Find(name) is { } found ? (int)ObjectReader.Whole(found, 0, 1_000_000, "a whole number from 0 to 1000000") : 0;
    }

    private static string Text(ObjectReader reader, string name) => ObjectReader.String(reader.Require(name, "a text"), "a text");

    private static T Named<T>(JsonValue value)
        where T : struct, Enum
    {
        var allowed = string.Join(", ", Enum.GetValues<T>().Select(FuzzNames.Of));
        return FuzzNames.TryParse<T>(ObjectReader.String(value, allowed), out var named) ? named : throw value.Problem($"\"{value.Text}\" is unknown", allowed);
    }
}
