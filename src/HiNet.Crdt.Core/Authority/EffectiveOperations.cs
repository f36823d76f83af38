using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Authority;

/// <summary>
/// Which operations of a set make its state. Whoever sets a role does; of those that introduce a device as somebody's, the first, which gives the device its
/// place, and the one whose card supersedes all others. The rest, of which a member may write any number, changes nothing.
/// </summary>
internal sealed class EffectiveOperations
{
    private readonly List<int> _granting = [];
    private readonly SortedDictionary<(DeviceId Device, IdentityId Identity), (SortedSet<Introduction> InOrder, SortedSet<Introduction> ByRank)> _devices = [];

    /// <summary>Whose each device is; default where entries give it to different people.</summary>
    private readonly Dictionary<DeviceId, IdentityId> _owners = [];

    public IdentityId? OwnerOf(DeviceId device) => _owners.TryGetValue(device, out var owner) && owner != default ? owner : null;

    public void Add(AuthorityOperation operation, int index)
    {
        if (operation.Grants.Count > 0)
        {
            _granting.Add(index);
        }

        foreach (var card in operation.Cards)
        {
            if (!_devices.TryGetValue((card.Device, card.Identity), out var introductions))
            {
                _devices[(card.Device, card.Identity)] = introductions = (new(s_inOrder), new(s_byRank));
            }

            if (!_owners.TryAdd(card.Device, card.Identity) && _owners[card.Device] != card.Identity)
            {
                _owners[card.Device] = default;
            }

            var introduction = new Introduction(operation.Hlc, operation.Id, index, card);
            introductions.InOrder.Add(introduction);
            introductions.ByRank.Add(introduction);
        }
    }

    /// <summary>Those of a set, by their places in the graph.</summary>
    public IEnumerable<int> Of(Func<int, bool> isIn, Cost cost)
    {
        var effective = new HashSet<int>(_granting.Where(isIn));
        cost.Count(CostKind.Authority, _granting.Count);
        foreach (var (inOrder, byRank) in _devices.Values)
        {
            AddFirst(inOrder);
            AddFirst(byRank);
        }

        return effective;

        void AddFirst(SortedSet<Introduction> introductions)
        {
            foreach (var introduction in introductions)
            {
                cost.Count(CostKind.Authority);
                if (isIn(introduction.Index))
                {
                    effective.Add(introduction.Index);
                    return;
                }
            }
        }
    }

    /// <summary>The order of a fold.</summary>
    private static readonly Comparer<Introduction> s_inOrder = Comparer<Introduction>.Create(InOrder);

    /// <summary>The one that supersedes the others first; of equal ones the first in the order of a fold, which stays.</summary>
    private static readonly Comparer<Introduction> s_byRank = Comparer<Introduction>.Create((left, right) =>
        AuthorityFold.Supersedes(left.Card, right.Card) ? -1
        : AuthorityFold.Supersedes(right.Card, left.Card) ? 1
        : InOrder(left, right));

    private static int InOrder(Introduction left, Introduction right)
    {
        var order = left.Hlc.CompareTo(right.Hlc);
        return order != 0 ? order : left.Id.CompareTo(right.Id);
    }

    private readonly record struct Introduction(HybridTimestamp Hlc, EntryId Id, int Index, DeviceCard Card);
}
