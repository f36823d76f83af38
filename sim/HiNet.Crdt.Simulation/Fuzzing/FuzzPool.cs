using System.Collections;
using HiNet.Crdt.Core.Log;

namespace HiNet.Crdt.Simulation.Fuzzing;

/// <summary>All that was written in a case, in the order of writing, and what lies behind each of it.</summary>
internal sealed class FuzzPool(FuzzScene scene)
{
    private readonly List<FuzzEntry> _entries = [];
    private readonly Dictionary<EntryId, FuzzEntry> _byId = [];
    private readonly Dictionary<EntryId, byte[]> _epochs = [];

    public IReadOnlyList<FuzzEntry> Entries => _entries;

    /// <summary>Epochs whose secrets are known, oldest first.</summary>
    public List<EntryId> Epochs { get; } = [];

    public FuzzEntry? Find(EntryId id) => _byId.GetValueOrDefault(id);

    public byte[]? SecretOf(EntryId epoch) => _epochs.GetValueOrDefault(epoch);

    /// <summary>Takes an entry and hands it to the scribe; null when it is there already.</summary>
    public FuzzEntry? Add(Entry entry, FuzzDevice writer, FuzzOperation? operation, bool hasBody = true, byte[]? epochSecret = null)
    {
        if (_byId.ContainsKey(entry.Id))
        {
            return null;
        }

        var past = PastOf(Predecessors(entry.Header));
        past.Length = _entries.Count + 1;
        past[_entries.Count] = true;
        var added = new FuzzEntry(_entries.Count, entry, writer, operation, hasBody, past);
        _entries.Add(added);
        _byId.Add(entry.Id, added);
        if (epochSecret is not null)
        {
            _epochs[entry.Id] = epochSecret;
            Epochs.Add(entry.Id);
        }

        return added;
    }

    /// <summary>One of those entries that fit, by number modulo their count; null when none does.</summary>
    public FuzzEntry? Pick(int target, Func<FuzzEntry, bool> fits)
    {
        List<FuzzEntry> fitting = [.. _entries.Where(fits)];
        return fitting.Count == 0 ? null : fitting[^(1 + (target % fitting.Count))];
    }

    /// <summary>What a header with these predecessors has to name: authority entries behind it that no other one has behind it.</summary>
    public Bytes32 AuthorityOf(IEnumerable<EntryId> predecessors)
    {
        var past = PastOf(predecessors);
        var authority = _entries.Take(past.Length).Where(entry => past[entry.Number] && EntryKind.IsAuthority(entry.Header.Kind)).ToList();
        var heads = authority.Where(entry => !authority.Exists(later => later != entry && IsBehind(entry, later))).Select(entry => entry.Id);
        return AuthorityHash.Of(scene.Cryptography, [.. heads.Order()]);
    }

    public static IEnumerable<EntryId> Predecessors(EntryHeader header) =>
        header.Previous is { } previous ? header.Parents.Prepend(previous) : header.Parents;

    public static bool IsBehind(FuzzEntry earlier, FuzzEntry later) => earlier.Number < later.Past.Length && later.Past[earlier.Number];

    private BitArray PastOf(IEnumerable<EntryId> ids)
    {
        var past = new BitArray(_entries.Count);
        foreach (var id in ids)
        {
            if (Find(id) is { } found)
            {
                for (var number = 0; number < found.Past.Length; number++)
                {
                    past[number] |= found.Past[number];
                }
            }
        }

        return past;
    }
}
