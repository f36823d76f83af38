using System.Buffers.Binary;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Engine.Replicas;

/// <summary>Where the heads of a device's branches lie: in its record, or, when they are many, in a row each.</summary>
internal sealed class BranchRows
{
    private readonly Dictionary<uint, List<(ulong Seq, EntryId Head)>> _rows = [];

    /// <summary>Reads the rows of all devices of a conversation. Who reads beside the writer has read the records before.</summary>
    public BranchRows(IStoreReader store, uint conversation)
    {
        var prefix = StoreKeys.Tagged('b', conversation);
        using var iterator = store.Scan(ColumnFamily.Conversations, prefix, StoreKeys.After(prefix));
        while (iterator.MoveNext())
        {
            var device = BinaryPrimitives.ReadUInt32BigEndian(iterator.Key[5..]);
            if (!_rows.TryGetValue(device, out var heads))
            {
                _rows[device] = heads = [];
            }

            heads.Add((BinaryPrimitives.ReadUInt64BigEndian(iterator.Value), new EntryId(iterator.Key[9..])));
        }
    }

    /// <summary>Of a row's value: where the branch has come to.</summary>
    public static byte[] Encode(ulong seq)
    {
        var value = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(value, seq);
        return value;
    }

    /// <summary>Whether a device's heads lie in rows.</summary>
    public bool Has(uint device, DeviceRecord record) => record.Branches.Count == 0 && _rows.ContainsKey(device);

    /// <summary>A device's heads, in order of id.</summary>
    public IEnumerable<(ulong Seq, EntryId Head)> Of(uint device, DeviceRecord record) => Has(device, record)
        ? _rows[device]
        : record.Branches.Select(branch => (branch.Seq, new EntryId(branch.Head.Span)));
}
