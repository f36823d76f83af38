using System.Numerics;

namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>A set of nodes, as bits.</summary>
internal sealed class NodeSet
{
    private ulong[] _words = [];

    public bool Contains(int node) => node >> 6 < _words.Length && (_words[node >> 6] & (1UL << node)) != 0;

    public bool IsEmpty => Array.TrueForAll(_words, word => word == 0);

    /// <summary>Whether nobody else is in it.</summary>
    public bool IsOnly(int node) => Contains(node) && _words.Sum(BitOperations.PopCount) == 1;

    public void Remove(int node)
    {
        if (node >> 6 < _words.Length)
        {
            _words[node >> 6] &= ~(1UL << node);
        }
    }

    /// <summary>False when it is in already.</summary>
    public bool Add(int node)
    {
        if (Contains(node))
        {
            return false;
        }

        if (node >> 6 >= _words.Length)
        {
            Array.Resize(ref _words, Math.Max(2 * _words.Length, (node >> 6) + 1));
        }

        _words[node >> 6] |= 1UL << node;
        return true;
    }
}
