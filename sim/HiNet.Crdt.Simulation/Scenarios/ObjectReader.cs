using System.Globalization;
using System.Text.Json;

namespace HiNet.Crdt.Simulation.Scenarios;

/// <summary>Reads the fields of one JSON object strictly: each is asked for by name, and one that nobody asked for is a mistake.</summary>
internal sealed class ObjectReader
{
    private readonly JsonValue _value;
    private readonly List<string> _asked = [];

    public ObjectReader(JsonValue value)
    {
        if (value.Type != JsonTokenType.StartObject)
        {
            throw value.Problem("this is no object", "an object");
        }

        _value = value;
    }

    public JsonValue? Find(string name)
    {
        _asked.Add(name);
        return _value.Fields.Find(field => field.Name == name).Value;
    }

    public JsonValue Require(string name, string allowed) =>
        Find(name) ?? throw _value.Problem($"the field \"{name}\" is missing", allowed);

    /// <summary>Every field has been asked for.</summary>
    public void End()
    {
        foreach (var (name, value) in _value.Fields)
        {
            if (!_asked.Contains(name))
            {
                throw value.Problem($"\"{name}\" is unknown here", string.Join(", ", _asked));
            }
        }
    }

    public static TimeSpan Time(JsonValue value)
    {
        const string Allowed = "a time such as \"500ms\", \"60s\", \"5m\", \"2h\" or \"3d\", not negative";
        if (value.Type == JsonTokenType.String)
        {
            var text = value.Text;
            var digits = text.Length - (text.EndsWith("ms", StringComparison.Ordinal) ? 2 : 1);
            var milliseconds = (digits > 0 ? text[digits..] : string.Empty) switch
            {
                "ms" => 1d,
                "s" => 1000d,
                "m" => 60_000d,
                "h" => 3_600_000d,
                "d" => 86_400_000d,
                _ => 0d,
            };
            if (milliseconds > 0
                && double.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number * milliseconds <= TimeSpan.FromDays(3650).TotalMilliseconds)
            {
                return TimeSpan.FromMicroseconds(Math.Round(number * milliseconds * 1000));
            }
        }

        throw value.Problem(Quote(value) + " is no time", Allowed);
    }

    public static double Probability(JsonValue value) => Number(value, 0, 1, "a probability, a number from 0 to 1");

    public static double Number(JsonValue value, double least, double most, string allowed) =>
        value.Type == JsonTokenType.Number
        && double.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && number >= least
        && number <= most
            ? number
            : throw value.Problem(Quote(value) + " does not fit", allowed);

    public static long Whole(JsonValue value, long least, long most, string allowed) =>
        value.Type == JsonTokenType.Number
        && long.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        && number >= least
        && number <= most
            ? number
            : throw value.Problem(Quote(value) + " does not fit", allowed);

    public static int Node(JsonValue value, int nodes) =>
        (int)Whole(value, 0, nodes - 1, nodes == 1 ? "node 0, the only one" : $"a node from 0 to {nodes - 1}");

    public static void True(JsonValue value)
    {
        if (value.Type != JsonTokenType.True)
        {
            throw value.Problem(Quote(value) + " does not fit", "true");
        }
    }

    public static IReadOnlyList<JsonValue> Array(JsonValue value, string allowed) =>
        value.Type == JsonTokenType.StartArray ? value.Items : throw value.Problem("this is no array", allowed);

    public static string String(JsonValue value, string allowed) =>
        value.Type == JsonTokenType.String ? value.Text : throw value.Problem(Quote(value) + " does not fit", allowed);

    public static string Quote(JsonValue value) => value.Type switch
    {
        JsonTokenType.String => $"\"{value.Text}\"",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        _ => value.Text,
    };
}
