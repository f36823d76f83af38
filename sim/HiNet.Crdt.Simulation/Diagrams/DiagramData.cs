using System.Globalization;
using System.Text;
using System.Text.Json;
using HiNet.Crdt.Simulation.Adversaries;
using HiNet.Crdt.Simulation.Failures;
using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Diagrams;

/// <summary>
/// What the page's script draws, as JSON. Times are in virtual seconds. The writer escapes everything that could end a script
/// element, so texts of a scenario stay texts.
/// </summary>
internal sealed class DiagramData(Failure failure, RunReport report, RunRecording recording)
{
    private const int MostPieces = 3_000;
    private const int MostEntries = 1_500;
    private const long Unit = 1_000_000;

    /// <summary>Pieces up to so many bytes are heartbeats and the like; those of one second are drawn as one.</summary>
    private const int SmallPiece = 64;

    private readonly Scenario _scenario = failure.Scenario!;
    private readonly double _end = report.VirtualTime.TotalSeconds;

    public string Write(IReadOnlyList<int> involved)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteNumber("nodes", _scenario.Nodes);
            writer.WriteNumber("end", _end);
            writer.WriteNumber("duration", _scenario.Duration.TotalSeconds);
            writer.WriteString("result", report.Result.ToString().ToLowerInvariant());
            writer.WriteString("invariant", report.Invariant);
            writer.WriteStartObject("adversaries");
            foreach (var adversary in _scenario.Adversaries)
            {
                writer.WriteString(adversary.Node.ToString(CultureInfo.InvariantCulture), AdversaryNames.Of(adversary.Kind));
            }

            writer.WriteEndObject();
            writer.WriteStartArray("involved");
            foreach (var node in involved)
            {
                writer.WriteNumberValue(node);
            }

            writer.WriteEndArray();
            WriteList(writer, "downs", recording.Downs, down =>
                Numbers(writer, down.Node, Seconds(down.From), down.To is { } to ? Seconds(to) : _end, down.LosesPower ? 1 : 0));
            WriteList(writer, "bands", Bands.Of(_scenario, _end), band => WriteBand(writer, band));
            WriteList(writer, "acts", Acts(), act => WriteText(writer, act.Node, act.At, act.Text));
            WriteEntries(writer);
            WritePieces(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    // Crashes and starts are drawn as they came, which is not always when they were asked for.
    private IEnumerable<(int Node, double At, string Text)> Acts() =>
        _scenario.Operations.Where(operation => operation.At.TotalSeconds <= _end && !recording.IsDown(operation.Node, operation.At.Ticks / TimeSpan.TicksPerMicrosecond))
            .Select(operation => (operation.Node, operation.At.TotalSeconds, Wording.Of(operation)))
            .Concat(_scenario.Faults.Where(fault => fault.At.TotalSeconds <= _end && fault.Kind is FaultKind.StepClock or FaultKind.DiskFull or FaultKind.ReadError or FaultKind.Backup or FaultKind.Restore)
                .Select(fault => (fault.Node, fault.At.TotalSeconds, Wording.Of(fault))))
            .OrderBy(act => act.TotalSeconds);

    private void WriteEntries(Utf8JsonWriter writer)
    {
        writer.WriteNumber("entriesLeftOut", Math.Max(0, recording.Entries.Count - MostEntries));
        WriteList(writer, "entries", recording.Entries.TakeLast(MostEntries), entry =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("author", entry.Author);
            writer.WriteString("name", entry.Name);
            writer.WriteBoolean("message", entry.IsMessage);
            WriteList(writer, "stored", entry.Stored, stored => Numbers(writer, stored.Node, Seconds(stored.At)));
            writer.WriteEndObject();
        });
    }

    private void WritePieces(Utf8JsonWriter writer)
    {
        // A failure to agree is about what was written, not about the silence in which it was noticed.
        var focus = report.Result == SimulationResult.Liveness ? _scenario.Duration.TotalSeconds + 5 : _end;
        var arrows = Arrows();
        var shown = arrows.Where(arrow => Seconds(arrow.At) <= focus).TakeLast(MostPieces).ToList();
        writer.WriteNumber("piecesLeftOut", arrows.Count - shown.Count);
        WriteList(writer, "pieces", shown, arrow =>
            Numbers(writer, arrow.From, arrow.To, Seconds(arrow.At), arrow.Arrived, arrow.Bytes, arrow.Count));
    }

    // Small pieces of one direction and one second become one arrow.
    private List<(int From, int To, long At, double Arrived, long Bytes, int Count)> Arrows()
    {
        List<(int From, int To, long At, double Arrived, long Bytes, int Count)> arrows = [];
        Dictionary<(int, int, long, bool), int> small = [];
        foreach (var piece in recording.Pieces)
        {
            var key = (piece.From, piece.To, piece.At / Unit, piece.Arrived is null);
            var arrived = ArrivalOf(piece);
            if (piece.Length > SmallPiece)
            {
                arrows.Add((piece.From, piece.To, piece.At, arrived, piece.Length, 1));
            }
            else if (small.TryGetValue(key, out var index))
            {
                arrows[index] = arrows[index] with { Bytes = arrows[index].Bytes + piece.Length, Count = arrows[index].Count + 1 };
            }
            else
            {
                small.Add(key, arrows.Count);
                arrows.Add((piece.From, piece.To, piece.At, arrived, piece.Length, 1));
            }
        }

        return arrows;
    }

    // What was still under way at the end is drawn towards where it would have come; -1: it was stopped, or nobody was there any more.
    private double ArrivalOf(RecordedPiece piece) =>
        piece.Arrived is { } arrived ? Seconds(arrived) : Seconds(piece.Due) > _end ? Seconds(piece.Due) : -1;

    private static void WriteBand(Utf8JsonWriter writer, Band band)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", band.Kind);
        writer.WriteNumber("from", band.From);
        writer.WriteNumber("to", band.To);
        writer.WriteString("text", band.Text);
        WriteList(writer, "groups", band.Groups, group => Numbers(writer, [.. group.Select(node => (double)node)]));
        writer.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter writer, int node, double at, string text)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(node);
        writer.WriteNumberValue(at);
        writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    private static void WriteList<T>(Utf8JsonWriter writer, string name, IEnumerable<T> items, Action<T> write)
    {
        writer.WriteStartArray(name);
        foreach (var item in items)
        {
            write(item);
        }

        writer.WriteEndArray();
    }

    private static void Numbers(Utf8JsonWriter writer, params double[] numbers)
    {
        writer.WriteStartArray();
        foreach (var number in numbers)
        {
            writer.WriteNumberValue(number);
        }

        writer.WriteEndArray();
    }

    private static double Seconds(long microseconds) => microseconds / (double)Unit;
}
