using System.Text.Json;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>Who wrote what, having seen what.</summary>
internal sealed class CausalTrace
{
    public required IReadOnlyList<Line> Lines { get; init; }

    public required IReadOnlyList<string> Authors { get; init; }

    public static CausalTrace Read(string path)
    {
        var lines = new List<Line>();
        foreach (var text in File.ReadLines(path))
        {
            using var json = JsonDocument.Parse(text);
            var root = json.RootElement;
            lines.Add(new Line(
                root.GetProperty("id").GetInt32(),
                [.. root.GetProperty("parents").EnumerateArray().Select(p => p.GetInt32())],
                root.GetProperty("author").GetString()!,
                root.GetProperty("text").GetString()!));
        }

        return new CausalTrace { Lines = lines, Authors = [.. lines.Select(l => l.Author).Distinct()] };
    }

    internal sealed record Line(int Id, IReadOnlyList<int> Parents, string Author, string Text);
}
