using HiNet.Crdt.Core.Log;

namespace HiNet.Crdt.Core.Engine.Replicas;

internal sealed partial class Replica
{
    private readonly Dictionary<EntryId, EntryInfo> _recent = [];
    private readonly Queue<EntryId> _recentOrder = new();
    private readonly HashSet<EntryId> _refused = [];
    private readonly Queue<EntryId> _refusedOrder = new();

    private void Remember(EntryInfo info)
    {
        if (_recent.TryAdd(info.Id, info))
        {
            _recentOrder.Enqueue(info.Id);
            if (_recentOrder.Count > _services.Bounds.RecentEntries)
            {
                _services.Marks.Hit("bound.recent.entries");
                _recent.Remove(_recentOrder.Dequeue());
            }
        }
    }

    private void RememberRefused(EntryId id)
    {
        if (_refused.Add(id))
        {
            _refusedOrder.Enqueue(id);
            if (_refusedOrder.Count > _services.Bounds.RefusedIds)
            {
                _services.Marks.Hit("bound.refused.ids");
                _refused.Remove(_refusedOrder.Dequeue());
            }
        }
    }
}
