using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Authority;

/// <summary>
/// Which operations of a set make its state. Whoever sets a role does; of those that introduce the same card the first one does, and the others,
/// of which a member may write any number beside each other, change nothing.
/// </summary>
internal sealed class EffectiveOperations
{
    private readonly List<int> _granting = [];

    /// <summary>For each card, by its bytes, the operations that introduce it, in the order of a fold.</summary>
    private readonly SortedDictionary<byte[], SortedSet<Introduction>> _cards = new(Comparer<byte[]>.Create((left, right) => left.AsSpan().SequenceCompareTo(right)));

    public void Add(AuthorityOperation operation, int index)
    {
        if (operation.Grants.Count > 0)
        {
            _granting.Add(index);
        }

        foreach (var card in operation.Cards)
        {
            var bytes = card.Encode();
            if (!_cards.TryGetValue(bytes, out var introductions))
            {
                _cards[bytes] = introductions = [];
            }

            introductions.Add(new Introduction(operation.Hlc, operation.Id, index));
        }
    }

    /// <summary>Those of a set, by their places in the graph.</summary>
    public IEnumerable<int> Of(Func<int, bool> isIn, Cost cost)
    {
        var effective = new HashSet<int>(_granting.Where(isIn));
        cost.Count(CostKind.Authority, _granting.Count);
        foreach (var introductions in _cards.Values)
        {
            foreach (var introduction in introductions)
            {
                cost.Count(CostKind.Authority);
                if (isIn(introduction.Index))
                {
                    effective.Add(introduction.Index);
                    break;
                }
            }
        }

        return effective;
    }

    private readonly record struct Introduction(Log.HybridTimestamp Hlc, EntryId Id, int Index) : IComparable<Introduction>
    {
        public int CompareTo(Introduction other) =>
            Hlc.CompareTo(other.Hlc) is not 0 and var order ? order : Id.CompareTo(other.Id);
    }
}
