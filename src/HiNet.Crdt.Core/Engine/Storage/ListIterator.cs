using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine.Storage;

/// <summary>A walk over rows that were gathered before.</summary>
internal sealed class ListIterator(IReadOnlyList<(byte[] Key, byte[] Value)> rows) : IStoreIterator
{
    private int _index = -1;

    public ReadOnlySpan<byte> Key => rows[_index].Key;

    public ReadOnlySpan<byte> Value => rows[_index].Value;

    public bool MoveNext() => ++_index < rows.Count;

    public void Dispose()
    {
    }
}
