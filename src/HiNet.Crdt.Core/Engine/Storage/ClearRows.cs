using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine.Storage;

/// <summary>
/// Rows of a home from before <see cref="SealedRows"/>. They are looked for at a start, and sealed by the batches that follow, so many
/// by each. The old bytes are erased. What a crash leaves is found by the next start.
/// </summary>
internal sealed class ClearRows
{
    /// <summary>So many rows are sealed by one batch.</summary>
    public const int RowsOfOneBatch = 1_024;

    /// <summary>A batch takes no more rows when it has so many bytes.</summary>
    public const long BytesOfOneBatch = 4L * 1024 * 1024;

    private readonly Queue<(ColumnFamily Family, byte[] Key)> _left = new();

    public ClearRows(IStoreReader store)
    {
        foreach (var (family, tag) in SealedRows.Kinds)
        {
            byte[] prefix = [(byte)tag];
            using var iterator = store.Scan(family, prefix, StoreKeys.After(prefix));
            while (iterator.MoveNext())
            {
                if (!SealedRows.IsSealed(iterator.Value))
                {
                    _left.Enqueue((family, iterator.Key.ToArray()));
                }
            }
        }
    }

    /// <summary>Rows that are in no batch yet.</summary>
    public int Left => _left.Count;

    /// <summary>Puts the next rows into the batch that is being gathered, as they are by now.</summary>
    public void SealNext(StoreOverlay store, SealedRows rows)
    {
        for (var i = 0; i < RowsOfOneBatch && store.Current.Size < BytesOfOneBatch && _left.TryDequeue(out var next); i++)
        {
            // Also one that was written again since: only an erasure makes the bytes of before leave the files.
            if (store.TryGet(next.Family, next.Key, out var row))
            {
                store.Erase(next.Family, next.Key, rows.Seal(next.Family, next.Key, rows.Open(next.Family, next.Key, row)));
            }
        }
    }
}
