using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine.Replicas;

internal sealed partial class Replica
{
    /// <summary>Rows of a conversation that no entry has to be there for, by the tags of their keys: those of an empty one are among them.</summary>
    private static readonly (ColumnFamily Family, string Tags)[] s_rowsOfAnEmptyOne =
    [
        (ColumnFamily.Secrets, "ckeh"),
        (ColumnFamily.Conversations, "sm"),
    ];

    /// <summary>
    /// Takes an empty conversation out of the store, but for the row under its id, and gives back the room of what waits in it. It is not kept any
    /// more: no channel is opened for it, and what is still under way to it is dropped.
    /// </summary>
    public void Remove()
    {
        IsKept = false;
        _buffer.Clear();
        foreach (var (run, _) in _parked.Values)
        {
            ReleaseParked(run);
        }

        _parked.Clear();
        foreach (var key in _turnedAway.Keys.ToList())
        {
            ForgetTurnedAway(key);
        }

        _waitingForTime.Clear();
        foreach (var (family, tags) in s_rowsOfAnEmptyOne)
        {
            foreach (var tag in tags)
            {
                RemoveRows(family, StoreKeys.Tagged(tag, Number));
            }
        }
    }

    private void RemoveRows(ColumnFamily family, byte[] prefix)
    {
        List<byte[]> keys = [];
        using (var iterator = _services.Store.Scan(family, prefix, StoreKeys.After(prefix)))
        {
            while (iterator.MoveNext())
            {
                keys.Add(iterator.Key.ToArray());
            }
        }

        foreach (var key in keys)
        {
            _services.Store.Delete(family, key);
        }
    }
}
