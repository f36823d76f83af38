using System.Text;
using System.Text.Json;

namespace HiNet.Crdt.Simulation.Scenarios;

/// <summary>A JSON value that knows the line it began on, which the framework's own documents do not.</summary>
internal sealed class JsonValue
{
    private JsonValue(int line, string path, JsonTokenType type)
    {
        Line = line;
        Path = path;
        Type = type;
    }

    public int Line { get; }

    /// <summary>Such as <c>faults[2].partition</c>; empty for the whole.</summary>
    public string Path { get; }

    public JsonTokenType Type { get; }

    public List<(string Name, JsonValue Value)> Fields { get; } = [];

    public List<JsonValue> Items { get; } = [];

    public string Text { get; private set; } = string.Empty;

    /// <summary>Reads one document of at most 64 levels.</summary>
    /// <exception cref="ScenarioException">It is no JSON, or a field occurs twice.</exception>
    public static JsonValue Parse(string text, string what = "a scenario", string fields = "\"nodes\" and \"duration\"")
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.AsSpan().Trim(" \t\r\n"u8).IsEmpty)
        {
            throw new ScenarioException($"line 1: the file is empty; {what} is an object with at least {fields}.");
        }

        var reader = new Utf8JsonReader(bytes);
        try
        {
            reader.Read();
            var value = Read(ref reader, bytes, string.Empty);
            if (reader.Read())
            {
                throw new ScenarioException($"line {LineOf(bytes, reader.TokenStartIndex)}: there is something behind the end of {what}; allowed is one object.");
            }

            return value;
        }
        catch (JsonException problem)
        {
            throw new ScenarioException($"line {problem.LineNumber + 1}: this is not JSON ({Sentence(problem.Message)}); allowed is one object with the fields of {what}.");
        }
    }

    /// <summary>What a problem with this value is said about.</summary>
    public ScenarioException Problem(string found, string allowed) =>
        new($"line {Line}, field {(Path.Length == 0 ? "(whole file)" : Path)}: {found}; allowed is {allowed}.");

    private static JsonValue Read(ref Utf8JsonReader reader, byte[] bytes, string path)
    {
        var value = new JsonValue(LineOf(bytes, reader.TokenStartIndex), path, reader.TokenType);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var name = reader.GetString()!;
                    var line = LineOf(bytes, reader.TokenStartIndex);
                    reader.Read();
                    var field = Read(ref reader, bytes, path.Length == 0 ? name : path + "." + name);
                    if (value.Fields.Exists(other => other.Name == name))
                    {
                        throw new ScenarioException($"line {line}, field {field.Path}: the field occurs twice; allowed is once.");
                    }

                    value.Fields.Add((name, field));
                }

                break;
            case JsonTokenType.StartArray:
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    value.Items.Add(Read(ref reader, bytes, $"{path}[{value.Items.Count}]"));
                }

                break;
            case JsonTokenType.String:
                value.Text = reader.GetString()!;
                break;
            default:
                value.Text = Encoding.UTF8.GetString(reader.ValueSpan);
                break;
        }

        return value;
    }

    private static int LineOf(byte[] bytes, long position) => 1 + bytes.AsSpan(0, (int)position).Count((byte)'\n');

    // The framework's messages end in a position of its own, which counts lines from 0.
    private static string Sentence(string message)
    {
        var end = message.IndexOf(" LineNumber", StringComparison.Ordinal);
        return (end < 0 ? message : message[..end]).TrimEnd('.');
    }
}
