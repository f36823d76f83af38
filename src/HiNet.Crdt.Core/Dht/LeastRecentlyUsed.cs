using System.Diagnostics.CodeAnalysis;

namespace HiNet.Crdt.Core.Dht;

/// <summary>A map of bounded size that forgets what was not used for longest.</summary>
internal sealed class LeastRecentlyUsed<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly Dictionary<TKey, LinkedListNode<KeyValuePair<TKey, TValue>>> _nodes = [];
    private readonly LinkedList<KeyValuePair<TKey, TValue>> _order = [];

    public int Count => _nodes.Count;

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (!_nodes.TryGetValue(key, out var node))
        {
            value = default;
            return false;
        }

        _order.Remove(node);
        _order.AddFirst(node);
        value = node.Value.Value;
        return true;
    }

    /// <summary>Sets a value; what had to be forgotten for it comes back.</summary>
    public TValue? Set(TKey key, TValue value)
    {
        Remove(key);
        _nodes[key] = _order.AddFirst(KeyValuePair.Create(key, value));
        if (_nodes.Count <= capacity)
        {
            return default;
        }

        var last = _order.Last!;
        _order.RemoveLast();
        _nodes.Remove(last.Value.Key);
        return last.Value.Value;
    }

    public void Remove(TKey key)
    {
        if (_nodes.Remove(key, out var node))
        {
            _order.Remove(node);
        }
    }
}
