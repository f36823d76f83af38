using System.Text.Json;

namespace HiNet.Crdt.Simulation.Traces;

/// <summary>Reads causal histories: one JSON object a line, <c>{"id", "parents", "author", "time", "text"}</c>. Lines may come in any order.</summary>
public static class CausalTraceReader
{
    private const string Allowed = "{\"id\": 17, \"parents\": [15, 16], \"author\": \"a004\", \"time\": 1544801672000, \"text\": \"...\"}";

    /// <summary>Reads a whole history.</summary>
    /// <exception cref="TraceFormatException">A line is malformed, an id occurs twice, a parent is missing, or parents form a cycle.</exception>
    public static CausalTrace Read(TextReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        List<TraceLine> lines = [];
        var number = 0;
        while (reader.ReadLine() is { } text)
        {
            number++;
            if (!string.IsNullOrWhiteSpace(text))
            {
                lines.Add(Parse(text, number));
            }
        }

        return lines.Count > 0 ? Order(lines) : throw new TraceFormatException($"line 1: the file is empty; allowed is a line for each entry, such as {Allowed}.");
    }

    /// <summary>Lines as a history.</summary>
    /// <exception cref="TraceFormatException">An id occurs twice, a parent is missing, or parents form a cycle.</exception>
    internal static CausalTrace Order(IReadOnlyList<TraceLine> lines)
    {
        Dictionary<long, int> byId = [];
        foreach (var line in lines)
        {
            if (!byId.TryAdd(line.Id, byId.Count))
            {
                throw new TraceFormatException($"line {line.Number}: the id {line.Id} occurs twice; allowed is once.");
            }
        }

        return Order(lines, byId);
    }

    private static CausalTrace Order(IReadOnlyList<TraceLine> lines, Dictionary<long, int> byId)
    {
        var waitsFor = new int[lines.Count];
        var children = new List<int>[lines.Count];
        for (var i = 0; i < lines.Count; i++)
        {
            foreach (var parent in lines[i].Parents)
            {
                if (!byId.TryGetValue(parent, out var index))
                {
                    throw new TraceFormatException($"line {lines[i].Number}: entry {lines[i].Id} names the parent {parent}, which is not in the file.");
                }

                (children[index] ??= []).Add(i);
                waitsFor[i]++;
            }
        }

        // Whatever is ready comes out in the order of the file.
        SortedSet<int> ready = [];
        for (var i = 0; i < lines.Count; i++)
        {
            if (waitsFor[i] == 0)
            {
                ready.Add(i);
            }
        }

        List<string> authors = [];
        Dictionary<string, int> authorIndex = [];
        List<TraceEntry> entries = [];
        var places = new int[lines.Count];
        while (ready.Count > 0)
        {
            var next = ready.Min;
            ready.Remove(next);
            var line = lines[next];
            if (!authorIndex.TryGetValue(line.Author, out var author))
            {
                authorIndex.Add(line.Author, author = authors.Count);
                authors.Add(line.Author);
            }

            places[next] = entries.Count;
            entries.Add(new TraceEntry(line.Id, [.. line.Parents.Select(parent => places[byId[parent]])], author, line.Text));
            foreach (var child in children[next] ?? [])
            {
                if (--waitsFor[child] == 0)
                {
                    ready.Add(child);
                }
            }
        }

        return entries.Count == lines.Count ? new CausalTrace(authors, entries) : throw Cycle(lines, byId, waitsFor);
    }

    // Whoever still waits lies on a cycle or behind one; going back from parent to waiting parent ends on it.
    private static TraceFormatException Cycle(IReadOnlyList<TraceLine> lines, Dictionary<long, int> byId, int[] waitsFor)
    {
        var at = Array.FindIndex(waitsFor, waits => waits > 0);
        HashSet<int> seen = [];
        while (seen.Add(at))
        {
            at = lines[at].Parents.Select(parent => byId[parent]).First(parent => waitsFor[parent] > 0);
        }

        return new TraceFormatException($"line {lines[at].Number}: entry {lines[at].Id} is its own ancestor; allowed are parents that were written before.");
    }

    private static TraceLine Parse(string text, int number)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty("id", out var id) && id.TryGetInt64(out var value)
                && root.TryGetProperty("parents", out var parents) && parents.ValueKind == JsonValueKind.Array
                && root.TryGetProperty("author", out var author) && author.ValueKind == JsonValueKind.String
                && root.TryGetProperty("text", out var words) && words.ValueKind == JsonValueKind.String)
            {
                return new TraceLine(number, value, [.. parents.EnumerateArray().Select(parent => parent.GetInt64()).Distinct()], author.GetString()!, words.GetString()!);
            }
        }
        catch (Exception problem) when (problem is JsonException or FormatException or InvalidOperationException)
        {
            // Said below, with what is allowed.
        }

        throw new TraceFormatException($"line {number}: this is no entry of a trace; allowed is {Allowed}.");
    }
}
