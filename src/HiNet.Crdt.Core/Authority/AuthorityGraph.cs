using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Authority;

/// <summary>
/// The authority entries of one conversation and the sets of them that entries have in their past. They are few beside the
/// messages, so they stay in memory; a set is one bit an operation. There are as many sets as entries, and a state is as long as the
/// list of members: those last asked for are kept, and any other is made anew.
/// </summary>
/// <remarks>
/// A member may write any number of entries beside each other, none of which has another in its past. So whatever is done for one entry costs at
/// most what grows with their number, never with its square.
/// </remarks>
public sealed class AuthorityGraph
{
    private readonly ICryptography _cryptography;
    private readonly IReadOnlyList<IdentityId> _founders;
    private readonly Cost _cost;
    private readonly List<AuthorityOperation> _operations = [];
    private readonly Dictionary<EntryId, int> _indexes = [];

    /// <summary>The closure of each operation's past; operations with the same past share one array.</summary>
    private readonly List<ulong[]> _pasts = [];

    /// <summary>The name of the set that an operation and its past form, and back.</summary>
    private readonly List<Bytes32> _names = [];
    private readonly Dictionary<Bytes32, int> _named = [];

    /// <summary>Operations that no other has in its past.</summary>
    private readonly SortedSet<EntryId> _heads = [];
    private readonly EffectiveOperations _effective = new();

    /// <summary>Sets that are kept, the one asked for last at the end.</summary>
    private readonly LinkedList<AuthoritySet> _kept = [];
    private readonly Dictionary<Bytes32, LinkedListNode<AuthoritySet>> _sets = [];

    /// <summary>The set of all operations, once somebody has asked for it.</summary>
    private AuthoritySet? _current;

    /// <summary>Bytes of <see cref="_pasts"/>, each array once, and of <see cref="_kept"/>.</summary>
    private long _pastBytes;
    private long _setBytes;

    /// <param name="cryptography">For the names of sets.</param>
    /// <param name="founders">Members before the first entry.</param>
    /// <param name="cost">Counts what is done here; null when nobody asks.</param>
    public AuthorityGraph(ICryptography cryptography, IReadOnlyList<IdentityId> founders, Cost? cost = null)
    {
        _cost = cost ?? new Cost();
        _cryptography = cryptography;
        _founders = founders;
        Empty = _current = new AuthoritySet([], AuthorityHash.Of(cryptography, []), []);
    }

    /// <summary>Bytes of sets and their states that are kept at once.</summary>
    public const long SetBytes = 16L << 20;

    /// <summary>Sets that are kept whatever their size.</summary>
    public const int LeastKept = 8;

    /// <summary>The past of a genesis.</summary>
    public AuthoritySet Empty { get; }

    /// <summary>All operations.</summary>
    public AuthoritySet Current => _current ??= Everything();

    public int Count => _operations.Count;

    /// <summary>Bytes that are kept, about: operations, sets, and the states that were folded.</summary>
    public long KeptBytes => (_operations.Count * 400L) + _pastBytes + _setBytes;

    public bool TryGetSet(Bytes32 hash, out AuthoritySet? set)
    {
        set = hash == Empty.Hash ? Empty
            : _named.TryGetValue(hash, out var index) ? SetOf(index)
            : _sets.TryGetValue(hash, out var node) ? Touched(node)
            : null;
        return set is not null;
    }

    /// <summary>Adds an entry whose past is <paramref name="past"/>; returns the set that it and its past form.</summary>
    public AuthoritySet Add(AuthorityOperation operation, AuthoritySet past)
    {
        var index = _operations.Count;
        _operations.Add(operation);
        _indexes[operation.Id] = index;
        _pasts.Add(past.Closure);
        _pastBytes += past.IsPast ? 0 : past.Closure.Length * 8L;
        past.IsPast = true;
        _effective.Add(operation, index);

        // Whoever writes an authority entry has merged every head that they saw, so it alone is maximal in its closure.
        var name = AuthorityHash.Of(_cryptography, [operation.Id]);
        _names.Add(name);
        _named[name] = index;

        // What is maximal among all, and in this past, is maximal in it.
        _heads.ExceptWith(past.Heads);
        _heads.Add(operation.Id);
        _current = null;
        var set = SetOf(index);
        if (past.State is { } before && set.State is null)
        {
            _cost.Count(CostKind.Authority);
            set.State = AuthorityFold.Extend(before, operation);
            _setBytes += SizeOf(set.State);
            Trim();
        }

        return set;
    }

    /// <summary>The set of an authority entry and its past.</summary>
    public AuthoritySet Inclusive(EntryId id) => SetOf(_indexes[id]);

    /// <summary>The set that entries with these two sets in their past have in theirs.</summary>
    public AuthoritySet Union(AuthoritySet left, AuthoritySet right) => Join([left, right]);

    /// <summary>The set that an entry has in its past whose predecessors have these in theirs.</summary>
    public AuthoritySet Join(IReadOnlyList<AuthoritySet> sets)
    {
        List<AuthoritySet> distinct = [.. sets.Where(set => set.Heads.Count > 0).Distinct()];
        if (distinct.Count < 2)
        {
            return distinct.Count == 0 ? Empty : distinct[0];
        }

        // A head of one is maximal in all unless another has it as no head: then something there is behind it.
        var words = distinct.Max(set => set.Closure.Length);
        var (closure, heads, behind) = (new ulong[words], new ulong[words], new ulong[words]);
        foreach (var set in distinct)
        {
            _cost.Count(CostKind.Authority, set.Heads.Count + set.Closure.Length);
            var own = Bits(set.Heads, set.Closure.Length);
            for (var i = 0; i < set.Closure.Length; i++)
            {
                closure[i] |= set.Closure[i];
                heads[i] |= own[i];
                behind[i] |= set.Closure[i] & ~own[i];
            }
        }

        for (var i = 0; i < words; i++)
        {
            heads[i] &= ~behind[i];
        }

        EntryId[] maximal = [.. Places(heads).Select(index => _operations[index].Id).Order()];
        return maximal is [var single] ? Inclusive(single) : Named(maximal, closure);
    }

    /// <summary>The set with these maximal entries, all of which are in the graph: for sets read back from the store.</summary>
    public AuthoritySet FromHeads(IEnumerable<EntryId> heads)
    {
        EntryId[] maximal = [.. heads.Order()];
        if (maximal.Length < 2)
        {
            return maximal.Length == 0 ? Empty : Inclusive(maximal[0]);
        }

        var closure = new ulong[Words(_operations.Count)];
        foreach (var head in maximal)
        {
            Include(closure, _indexes[head]);
        }

        return Named(maximal, Trimmed(closure));
    }

    /// <summary>One bit for each of the heads of a set, by place in the graph, the lowest bit of each byte first.</summary>
    public byte[] HeadBits(AuthoritySet set)
    {
        var words = Trimmed(Bits(set.Heads, set.Closure.Length));
        var bytes = new byte[words.Length * 8];
        Buffer.BlockCopy(words, 0, bytes, 0, bytes.Length);
        return bytes;
    }

    /// <summary>The heads that <see cref="HeadBits"/> wrote; null where there is no such entry.</summary>
    public IReadOnlyList<EntryId>? HeadsOf(ReadOnlySpan<byte> bits)
    {
        var heads = new List<EntryId>();
        for (var index = 0; index < bits.Length * 8; index++)
        {
            if ((bits[index / 8] & (1 << (index % 8))) == 0)
            {
                continue;
            }

            if (index >= _operations.Count)
            {
                return null;
            }

            heads.Add(_operations[index].Id);
        }

        return heads;
    }

    /// <summary>
    /// Whose device it is in every set that has one of its cards; null when no entry has one, or entries give it to different people, which only
    /// people who share a device can write: then it depends on the set.
    /// </summary>
    public IdentityId? OwnerOf(DeviceId device) => _effective.OwnerOf(device);

    public AuthorityState StateOf(AuthoritySet set)
    {
        if (set.Heads.Count == 0)
        {
            return Empty.State ??= AuthorityFold.Fold(_founders, [], Maximal);
        }

        var kept = _sets.TryGetValue(set.Hash, out var node) ? Touched(node) : Keep(set);
        if (kept.State is null)
        {
            kept.State = Fold(kept);
            _setBytes += SizeOf(kept.State);
            Trim();
        }

        return kept.State!;
    }

    private static long SizeOf(AuthoritySet set) =>
        120 + (set.Closure.Length * 8L) + (set.Heads.Count * 32L) + (set.State is { } state ? SizeOf(state) : 0);

    private static long SizeOf(AuthorityState state) => (state.Standings.Count * 80L) + (state.Members.Count * 120L) + (state.Devices.Count * 80L);

    private static int Words(int operations) => (operations + 63) / 64;

    private static bool Has(ulong[] closure, int index) =>
        index / 64 < closure.Length && (closure[index / 64] & (1UL << (index % 64))) != 0;

    private static ulong[] Trimmed(ulong[] words)
    {
        var length = words.Length;
        while (length > 0 && words[length - 1] == 0)
        {
            length--;
        }

        return words[..length];
    }

    private static IEnumerable<int> Places(ulong[] bits)
    {
        for (var i = 0; i < bits.Length; i++)
        {
            for (var word = bits[i]; word != 0; word &= word - 1)
            {
                yield return (i * 64) + System.Numerics.BitOperations.TrailingZeroCount(word);
            }
        }
    }

    private ulong[] Bits(IReadOnlyList<EntryId> ids, int words)
    {
        var bits = new ulong[words];
        foreach (var id in ids)
        {
            var index = _indexes[id];
            bits[index / 64] |= 1UL << (index % 64);
        }

        return bits;
    }

    /// <summary>Adds an operation and its past.</summary>
    private void Include(ulong[] closure, int index)
    {
        var past = _pasts[index];
        _cost.Count(CostKind.Authority, 1 + past.Length);
        for (var i = 0; i < past.Length; i++)
        {
            closure[i] |= past[i];
        }

        closure[index / 64] |= 1UL << (index % 64);
    }

    private AuthoritySet SetOf(int index)
    {
        if (_sets.TryGetValue(_names[index], out var node))
        {
            return Touched(node);
        }

        var closure = new ulong[Words(index + 1)];
        Include(closure, index);
        return Keep(new AuthoritySet([_operations[index].Id], _names[index], closure));
    }

    private AuthoritySet Everything()
    {
        if (_heads.Count == 1)
        {
            return Inclusive(_heads.Min);
        }

        var closure = new ulong[Words(_operations.Count)];
        Array.Fill(closure, ulong.MaxValue);
        closure[^1] = ulong.MaxValue >> (63 - ((_operations.Count - 1) % 64));
        _cost.Count(CostKind.Authority, _heads.Count + closure.Length);
        return Named([.. _heads], closure);
    }

    private AuthoritySet Named(EntryId[] heads, ulong[] closure)
    {
        var hash = AuthorityHash.Of(_cryptography, heads);
        return _sets.TryGetValue(hash, out var node) ? Touched(node) : Keep(new AuthoritySet(heads, hash, closure));
    }

    private AuthoritySet Touched(LinkedListNode<AuthoritySet> node)
    {
        _kept.Remove(node);
        _kept.AddLast(node);
        return node.Value;
    }

    private AuthoritySet Keep(AuthoritySet set)
    {
        _sets[set.Hash] = _kept.AddLast(set);
        _setBytes += SizeOf(set);
        Trim();
        return set;
    }

    private void Trim()
    {
        while (_setBytes > SetBytes && _kept.Count > LeastKept)
        {
            var oldest = _kept.First!.Value;
            _kept.RemoveFirst();
            _sets.Remove(oldest.Hash);
            _setBytes -= SizeOf(oldest);
            oldest.State = null;
        }
    }

    private AuthorityState Fold(AuthoritySet set)
    {
        _cost.Count(CostKind.Authority, set.Closure.Length);
        var effective = _effective.Of(index => Has(set.Closure, index), _cost);
        return AuthorityFold.Fold(_founders, [.. effective.Select(index => _operations[index])], Maximal);
    }

    /// <summary>Which of these, in order of time, none of the others has in its past, by their places.</summary>
    private List<int> Maximal(IReadOnlyList<AuthorityOperation> ordered)
    {
        if (ordered.Count == 1)
        {
            return [0];
        }

        // Only a later one can have an earlier one in its past, and with it what that one has in its own.
        List<int> maximal = [];
        var behind = new ulong[Words(_operations.Count)];
        for (var i = ordered.Count - 1; i >= 0; i--)
        {
            var index = _indexes[ordered[i].Id];
            _cost.Count(CostKind.Authority);
            if (Has(behind, index))
            {
                continue;
            }

            maximal.Add(i);
            var past = _pasts[index];
            _cost.Count(CostKind.Authority, past.Length);
            for (var word = 0; word < past.Length; word++)
            {
                behind[word] |= past[word];
            }
        }

        return maximal;
    }
}
