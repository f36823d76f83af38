using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Authority;

/// <summary>
/// The authority entries of one conversation and the sets of them that entries have in their past. They are few beside the
/// messages, so they stay in memory; a set is one bit an operation. A state is as long as the list of members, and there are as many
/// as entries: those last asked for are kept, and any other is folded anew.
/// </summary>
public sealed class AuthorityGraph
{
    private readonly ICryptography _cryptography;
    private readonly IReadOnlyList<IdentityId> _founders;
    private readonly List<AuthorityOperation> _operations = [];
    private readonly Dictionary<EntryId, int> _indexes = [];
    private readonly List<AuthoritySet> _inclusive = [];
    private readonly Dictionary<Bytes32, AuthoritySet> _sets = [];
    private readonly Cost _cost;

    /// <summary>Sets whose state is kept, the one asked for last at the end.</summary>
    private readonly LinkedList<AuthoritySet> _folded = [];

    /// <summary>Members and devices of their states.</summary>
    private long _sizeKept;

    /// <param name="cryptography">For the names of sets.</param>
    /// <param name="founders">Members before the first entry.</param>
    /// <param name="cost">Counts what is done here; null when nobody asks.</param>
    public AuthorityGraph(ICryptography cryptography, IReadOnlyList<IdentityId> founders, Cost? cost = null)
    {
        _cost = cost ?? new Cost();
        _cryptography = cryptography;
        _founders = founders;
        Empty = Intern([], []);
    }

    /// <summary>Members and devices that all states together have which are kept at once: some 20 MB.</summary>
    public const int SizeKept = 200_000;

    /// <summary>States that are kept whatever their size.</summary>
    public const int LeastKept = 8;

    /// <summary>The past of a genesis.</summary>
    public AuthoritySet Empty { get; }

    public int Count => _operations.Count;

    /// <summary>Bytes that are kept, about: operations, sets, and the states that were folded.</summary>
    public long KeptBytes
    {
        get
        {
            var bytes = _operations.Count * 400L;
            foreach (var set in _sets.Values)
            {
                bytes += 120 + (set.Closure.Length * 8L) + (set.Heads.Count * 32L);
                bytes += set.State is { } state ? (state.Members.Count * 120L) + (state.Devices.Count * 80L) : 0;
            }

            return bytes;
        }
    }

    public bool TryGetSet(Bytes32 hash, out AuthoritySet? set) => _sets.TryGetValue(hash, out set);

    /// <summary>Adds an entry whose past is <paramref name="past"/>; returns the set that it and its past form.</summary>
    public AuthoritySet Add(AuthorityOperation operation, AuthoritySet past)
    {
        var index = _operations.Count;
        _operations.Add(operation);
        _indexes[operation.Id] = index;
        var closure = new ulong[(index / 64) + 1];
        past.Closure.CopyTo(closure, 0);
        closure[index / 64] |= 1UL << (index % 64);

        // Whoever writes an authority entry has merged every head that they saw, so it alone is maximal in its closure.
        var set = Intern([operation.Id], closure);
        _inclusive.Add(set);
        return set;
    }

    /// <summary>The set of an authority entry and its past.</summary>
    public AuthoritySet Inclusive(EntryId id) => _inclusive[_indexes[id]];

    /// <summary>The set that entries with these two sets in their past have in theirs.</summary>
    public AuthoritySet Union(AuthoritySet left, AuthoritySet right)
    {
        if (ReferenceEquals(left, right) || right.Heads.Count == 0)
        {
            return left;
        }

        if (left.Heads.Count == 0)
        {
            return right;
        }

        var closure = new ulong[Math.Max(left.Closure.Length, right.Closure.Length)];
        left.Closure.CopyTo(closure, 0);
        for (var i = 0; i < right.Closure.Length; i++)
        {
            closure[i] |= right.Closure[i];
        }

        var heads = new SortedSet<EntryId>(left.Heads);
        heads.UnionWith(right.Heads);
        EntryId[] all = [.. heads];
        _cost.Count(CostKind.Authority, (long)all.Length * all.Length);
        EntryId[] maximal = [.. all.Where(head => !all.Any(other => other != head && Contains(Inclusive(other), head)))];
        return Intern(maximal, closure);
    }

    /// <summary>The set with these maximal entries, all of which are in the graph: for sets read back from the store.</summary>
    public AuthoritySet FromHeads(IEnumerable<EntryId> heads) =>
        heads.Select(Inclusive).Aggregate(Empty, Union);

    public AuthorityState StateOf(AuthoritySet set)
    {
        if (set.Place is { } place)
        {
            if (place.Next is not null)
            {
                _folded.Remove(place);
                _folded.AddLast(place);
            }

            return set.State!;
        }

        set.State = Fold(set);
        set.Place = _folded.AddLast(set);
        _sizeKept += SizeOf(set.State);
        while (_sizeKept > SizeKept && _folded.Count > LeastKept)
        {
            var oldest = _folded.First!.Value;
            _folded.RemoveFirst();
            _sizeKept -= SizeOf(oldest.State!);
            (oldest.State, oldest.Place) = (null, null);
        }

        return set.State;
    }

    private static long SizeOf(AuthorityState state) => 1 + state.Members.Count + state.Devices.Count;

    private AuthorityState Fold(AuthoritySet set)
    {
        _cost.Count(CostKind.Authority, _operations.Count);
        var operations = new List<AuthorityOperation>();
        for (var i = 0; i < _operations.Count; i++)
        {
            if (Has(set, i))
            {
                operations.Add(_operations[i]);
            }
        }

        return AuthorityFold.Fold(_founders, operations, IsBefore);
    }

    private bool IsBefore(AuthorityOperation earlier, AuthorityOperation later)
    {
        _cost.Count(CostKind.Authority);
        return Contains(Inclusive(later.Id), earlier.Id) && earlier.Id != later.Id;
    }

    private bool Contains(AuthoritySet set, EntryId id) => Has(set, _indexes[id]);

    private static bool Has(AuthoritySet set, int index) =>
        index / 64 < set.Closure.Length && (set.Closure[index / 64] & (1UL << (index % 64))) != 0;

    private AuthoritySet Intern(EntryId[] heads, ulong[] closure)
    {
        var hash = AuthorityHash.Of(_cryptography, heads);
        if (!_sets.TryGetValue(hash, out var set))
        {
            _sets[hash] = set = new AuthoritySet(heads, hash, closure);
        }

        return set;
    }
}
