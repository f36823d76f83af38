using HiNet.Crdt.Simulation.Network;
using HiNet.Crdt.Simulation.Nodes;
using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Diagrams;

/// <summary>
/// Keeps what a picture of a run shows: who was up when, what went over the links, where entries came from and arrived. Of the
/// links' traffic and of the log the newest part is kept, since what matters lies before the failure.
/// </summary>
/// <param name="told">Told of each line of the log in words, with nodes, conversations and entries by their names. Null costs nothing.</param>
internal sealed class RunRecording(Action<TimeSpan, int, string>? told = null) : IRunObserver
{
    private const int MostPieces = 200_000;
    private const int MostLines = 100_000;

    private readonly Dictionary<(LinkEnd, long), RecordedPiece> _underWay = [];
    private readonly Dictionary<DeviceId, int> _authors = [];
    private readonly Dictionary<EntryId, RecordedEntry> _byId = [];

    private int _conversations;

    public List<(int Node, long From, long? To, bool LosesPower)> Downs { get; } = [];

    public List<(int Node, long At)> Starts { get; } = [];

    public Queue<RecordedPiece> Pieces { get; } = new();

    public List<RecordedEntry> Entries { get; } = [];

    public Queue<(long At, int Node, string Text)> Log { get; } = new();

    /// <summary>Ids in hex, and whose they are.</summary>
    public Dictionary<string, string> Names { get; } = [];

    /// <summary>Whether a node is down at a time in virtual microseconds.</summary>
    public bool IsDown(int node, long at) => Downs.Exists(down => down.Node == node && down.From < at && (down.To ?? long.MaxValue) > at);

    public void Line(TimeSpan time, int node, string text)
    {
        Log.Enqueue((time.Ticks / TimeSpan.TicksPerMicrosecond, node, text));
        if (Log.Count > MostLines)
        {
            Log.Dequeue();
        }

        told?.Invoke(time, node, Wording.Of(text, Names));
    }

    /// <summary>Tells of what was found wrong with the names that the log has for everything.</summary>
    public RunReport End(RunReport report)
    {
        if (report.Problem is { } problem)
        {
            Line(report.VirtualTime, -1, problem);
        }

        return report;
    }

    // An empty piece is the end of a stream.
    public void Sent(LinkEnd sender, long piece, int length, long now, long due)
    {
        if (length == 0)
        {
            return;
        }

        var sent = new RecordedPiece(sender.Host.Index, sender.Remote.Host.Index, now, due, length);
        _underWay[(sender, piece)] = sent;
        Pieces.Enqueue(sent);
        if (Pieces.Count > MostPieces)
        {
            Pieces.Dequeue();
        }
    }

    public void Delivered(LinkEnd sender, long piece, long now)
    {
        if (_underWay.Remove((sender, piece), out var sent))
        {
            sent.Arrived = now;
        }
    }

    public void Booted(NodeProcess process, long now)
    {
        var node = process.Index;
        Starts.Add((node, now));
        _authors[process.Home.Device] = node;
        foreach (var id in new[] { process.Home.Node.ToString(), process.Home.Device.ToString(), process.Home.Self.Id.ToString() })
        {
            Names[id] = $"node {node}";
        }

        var down = Downs.FindLastIndex(one => one.Node == node && one.To is null);
        if (down >= 0)
        {
            Downs[down] = Downs[down] with { To = now };
        }
    }

    public void Crashed(int node, bool losesPower, long now) => Downs.Add((node, now, null, losesPower));

    public void Applied(int node, AppliedEntry entry, long now)
    {
        if (!_byId.TryGetValue(entry.Id, out var known))
        {
            var conversation = entry.Conversation.ToString();
            if (Names.TryAdd(conversation, $"conversation {_conversations + 1}"))
            {
                _conversations++;
            }

            known = new RecordedEntry(Entries.Count + 1, _authors.GetValueOrDefault(entry.Device, -1), Names[conversation], entry.IsMessage);
            _byId.Add(entry.Id, known);
            Entries.Add(known);

            // A conversation's id is that of its first entry; a problem that names it means the conversation.
            Names.TryAdd(entry.Id.ToString(), known.Name);
        }

        known.Stored.Add((node, now));
        Line(
            TimeSpan.FromMicroseconds(now),
            node,
            node == known.Author ? $"has {known.Name} on its disk" : $"stores {known.Name}" + (known.Author >= 0 ? $" of node {known.Author}" : " of an unknown device"));
    }
}

/// <summary>A piece of a stream on its way.</summary>
internal sealed class RecordedPiece(int from, int to, long sent, long due, int length)
{
    public int From => from;

    public int To => to;

    public long At => sent;

    public int Length => length;

    public long Due => due;

    public long? Arrived { get; set; }
}

/// <summary>An entry, and where it was stored when.</summary>
internal sealed class RecordedEntry(int number, int author, string conversation, bool isMessage)
{
    public int Author => author;

    public string Conversation => conversation;

    public bool IsMessage => isMessage;

    public string Name => (isMessage ? "message " : "entry ") + number;

    public List<(int Node, long At)> Stored { get; } = [];
}
