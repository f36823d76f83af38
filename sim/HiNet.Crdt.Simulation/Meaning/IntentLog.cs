using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Simulation.Invariants;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Meaning;

/// <summary>
/// What every entry was meant to say, from what people asked of their nodes and from nothing that nodes show: an answer to a
/// command names the entry that it became. A command whose node died before it answered may have happened or not. Commands
/// of one life happen in the order in which they were given, so of those that are lost the first ones became the entries that
/// nobody claims: as many as there are. Nodes write receipts by themselves, too; the body of one that nobody claims tells which
/// kind it is, and nothing else is taken from what nodes store.
/// <para>
/// Adversaries' attackers tell what they write. Their engines write receipts, and what was asked of them before a crash, which
/// nobody tells: there the honest nodes' disks say what it means, in <see cref="DiskIntents"/>.
/// </para>
/// </summary>
internal sealed class IntentLog(InvariantChecker checker)
{
    private readonly Dictionary<EntryId, Intent> _intents = [];
    private readonly Dictionary<EntryId, List<EntryId>> _deletions = [];
    private readonly SortedDictionary<int, List<AskedCommand>> _asked = [];
    private readonly List<UnclaimedEntry> _unclaimed = [];

    /// <summary>Rises with everything that becomes known.</summary>
    public long Version { get; private set; }

    public Arrivals Arrivals { get; } = new();

    public PeopleLog People { get; } = new(checker);

    /// <summary>Epochs without a box for one of those who should have one, as who made them says.</summary>
    public SortedSet<EntryId> Withheld { get; } = [];

    /// <summary>Null while it is not known, or for ever when it says nothing to people.</summary>
    public Intent? Of(EntryId entry) => _intents.GetValueOrDefault(entry);

    /// <summary>The entries that ask to delete a message, those that have reached nobody yet included.</summary>
    public IReadOnlyList<EntryId> DeletionsOf(EntryId message) => _deletions.GetValueOrDefault(message) ?? (IReadOnlyList<EntryId>)[];

    /// <summary>Someone who wrote an entry by hand says what it means.</summary>
    public void Told(EntryId entry, Intent intent) => Know(entry, intent);

    public void Submitted(NodeProcess process, NodeCommand command)
    {
        People.Submitted(process, command);
        if (CommandIntent.Of(command, process.Home.Self.Id) is { } meant)
        {
            AskedOf(process).Add(new AskedCommand(command, meant, process.Generation));
        }
    }

    public void Completed(NodeProcess process, NodeCommand command, NodeResult result)
    {
        People.Completed(process, command, result);
        var asked = AskedOf(process).Find(other => ReferenceEquals(other.Command, command));
        if (asked is null)
        {
            return;
        }

        AskedOf(process).RemoveAll(other => ReferenceEquals(other, asked));
        EntryId? entry = result switch
        {
            NodeResult.Written written => written.Entry,
            NodeResult.Opened opened => new EntryId(opened.Conversation.Value),
            _ => null,
        };
        if (entry is { } id)
        {
            Know(id, asked.Meant.Intent);
            _unclaimed.RemoveAll(unclaimed => unclaimed.Entry.Id == id);
        }
    }

    public void Applied(NodeProcess process, LedgerEntry entry, byte[] row)
    {
        var applied = entry.Entry;
        Arrivals.Add(process.Index, applied.Conversation, entry);
        if (applied.Device == process.Home.Device && !_intents.ContainsKey(applied.Id)
            && (CommandIntent.IsAskedFor(applied.Kind) || applied.Kind == EntryKind.Receipt))
        {
            _unclaimed.Add(new UnclaimedEntry(process, process.Generation, applied, row));
        }
    }

    /// <summary>
    /// Gives the entries of lives that are over to the commands that were lost with them. In words, what an honest device wrote that
    /// nobody asked for; null for nothing.
    /// </summary>
    public string? Settle()
    {
        for (var i = 0; i < _unclaimed.Count; i++)
        {
            var unclaimed = _unclaimed[i];
            if (unclaimed.Process.IsUp && unclaimed.Process.Generation == unclaimed.Generation && !IsAutomatic(unclaimed))
            {
                continue;
            }

            _unclaimed.RemoveAt(i--);
            if (Claim(unclaimed) is { } problem)
            {
                return problem;
            }
        }

        foreach (var process in checker.Processes)
        {
            AskedOf(process).RemoveAll(asked => !process.IsUp || asked.Generation != process.Generation);
        }

        return null;
    }

    // A receipt says by its body whether a person asked for it; with commands under way one does not look yet.
    private bool IsAutomatic(UnclaimedEntry unclaimed) =>
        unclaimed.Entry.Kind == EntryKind.Receipt && !AskedOf(unclaimed.Process).Exists(asked => asked.Meant.Kind == EntryKind.Receipt);

    private string? Claim(UnclaimedEntry unclaimed)
    {
        var (process, generation, entry, _) = unclaimed;
        var conversation = entry.Kind == EntryKind.Genesis ? default : entry.Conversation;
        if (unclaimed.IsAcknowledgement())
        {
            Know(entry.Id, new Intent.Acknowledge());
            return null;
        }

        var lost = AskedOf(process).Find(asked =>
            asked.Generation == generation && asked.Meant.Conversation == conversation && asked.Meant.Kind == entry.Kind);
        if (lost is null && !checker.IsReliable(process))
        {
            // It was asked for in the past that the home has forgotten.
            return null;
        }

        if (lost is null)
        {
            return $"node {process.Index} wrote entry {entry.Id} of kind {entry.Kind} in {entry.Conversation}, which its person did not ask for";
        }

        AskedOf(process).RemoveAll(other => ReferenceEquals(other, lost));
        Know(entry.Id, lost.Meant.Intent);
        return null;
    }

    private void Know(EntryId entry, Intent intent)
    {
        _intents[entry] = intent;
        foreach (var target in intent is Intent.Delete delete ? delete.Targets : [])
        {
            if (!_deletions.TryGetValue(target, out var deletions))
            {
                _deletions.Add(target, deletions = []);
            }

            deletions.Add(entry);
        }

        Version++;
    }

    private List<AskedCommand> AskedOf(NodeProcess process)
    {
        if (!_asked.TryGetValue(process.Index, out var list))
        {
            _asked.Add(process.Index, list = []);
        }

        return list;
    }
}
