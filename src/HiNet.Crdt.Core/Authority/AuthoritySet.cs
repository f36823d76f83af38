using HiNet.Crdt.Core.Log;

namespace HiNet.Crdt.Core.Authority;

/// <summary>A causally closed set of authority entries, named by its maximal ones.</summary>
public sealed class AuthoritySet
{
    internal AuthoritySet(EntryId[] heads, Bytes32 hash, ulong[] closure)
    {
        Heads = heads;
        Hash = hash;
        Closure = closure;
    }

    /// <summary>The maximal entries, ascending.</summary>
    public IReadOnlyList<EntryId> Heads { get; }

    /// <summary>What a header's authority field says: <see cref="AuthorityHash"/> over <see cref="Heads"/>.</summary>
    public Bytes32 Hash { get; }

    /// <summary>One bit for each operation of the graph, by local index.</summary>
    internal ulong[] Closure { get; }

    /// <summary>Null where it is not kept.</summary>
    internal AuthorityState? State { get; set; }

    /// <summary>Some operation has this past, and so its <see cref="Closure"/>.</summary>
    internal bool IsPast { get; set; }
}
