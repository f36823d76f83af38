using Google.Protobuf;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Engine.Replicas;

/// <summary>
/// How heads are stored: few of them in the record of the device, or of the replica; many in a row each, so that one more costs one row,
/// however many there are.
/// </summary>
internal sealed partial class Replica
{
    private const int BranchesInRecord = 8;
    private const int TipsInRecord = 64;

    /// <summary>Below it, tips that lie in rows go back into the record; not at once below the other, or two entries in turn would write all again.</summary>
    private const int FewTips = TipsInRecord / 2;

    /// <summary>Null while tips lie in the record.</summary>
    private HeadChanges? _tipRows;

    private void RemoveTip(EntryId tip)
    {
        if (_tips.Remove(tip))
        {
            _tipRows?.Remove(tip);
        }
    }

    private void AddTip(EntryId tip)
    {
        _tips.Add(tip);
        _tipRows?.Add(tip);
    }

    private void PutTips(ReplicaRecord record)
    {
        if (_tips.Count <= (_tipRows is null ? TipsInRecord : FewTips))
        {
            foreach (var tip in _tipRows is null ? [] : _tips.Concat(_tipRows.Went))
            {
                _services.Store.Delete(ColumnFamily.Conversations, StoreKeys.Tip(Number, tip));
            }

            _tipRows = null;
            record.Tips.AddRange(_tips.Select(tip => ByteString.CopyFrom(tip.ToArray())));
            return;
        }

        if (_tipRows is null)
        {
            _tipRows = new HeadChanges();
            foreach (var tip in _tips)
            {
                _tipRows.Add(tip);
            }
        }

        foreach (var tip in _tipRows.Came)
        {
            _services.Store.Put(ColumnFamily.Conversations, StoreKeys.Tip(Number, tip), []);
        }

        foreach (var tip in _tipRows.Went)
        {
            _services.Store.Delete(ColumnFamily.Conversations, StoreKeys.Tip(Number, tip));
        }

        _tipRows.Clear();
    }

    private void LoadTips(ReplicaRecord record)
    {
        foreach (var tip in record.Tips)
        {
            _tips.Add(new EntryId(tip.Span));
        }

        if (_tips.Count > 0)
        {
            return;
        }

        var prefix = StoreKeys.Tagged('t', Number);
        using var iterator = _services.Store.Durable.Scan(ColumnFamily.Conversations, prefix, StoreKeys.After(prefix));
        while (iterator.MoveNext())
        {
            _tips.Add(new EntryId(iterator.Key[5..]));
            _tipRows ??= new HeadChanges();
        }
    }

    private void PutDevice(DeviceLog log)
    {
        var record = new DeviceRecord
        {
            Device = ByteString.CopyFrom(log.Device.ToArray()),
            Identity = ByteString.CopyFrom(log.Identity.ToArray()),
            Reported = log.IsReported,
            ForkedAt = log.ForkedAt,
        };
        if (log.Branches.Count > BranchesInRecord)
        {
            // A branch goes on, and never ends: they do not become fewer again.
            PutBranches(log);
        }
        else
        {
            foreach (var (seq, head) in log.Branches)
            {
                record.Branches.Add(new BranchRecord { Seq = seq, Head = ByteString.CopyFrom(head.ToArray()) });
            }
        }

        _services.Store.Put(ColumnFamily.Conversations, StoreKeys.Device(Number, log.Number), record.ToByteArray());
    }

    private void PutBranches(DeviceLog log)
    {
        if (log.Rows is null)
        {
            log.Rows = new HeadChanges();
            foreach (var (_, head) in log.Branches)
            {
                log.Rows.Add(head);
            }
        }

        foreach (var head in log.Rows.Came)
        {
            _services.Store.Put(ColumnFamily.Conversations, StoreKeys.Branch(Number, log.Number, head), BranchRows.Encode(log.SeqOf(head)));
        }

        foreach (var head in log.Rows.Went)
        {
            _services.Store.Delete(ColumnFamily.Conversations, StoreKeys.Branch(Number, log.Number, head));
        }

        log.Rows.Clear();
    }

    private void LoadDevices()
    {
        var rows = new BranchRows(_services.Store.Durable, Number);
        var prefix = StoreKeys.Tagged('d', Number);
        using var iterator = _services.Store.Durable.Scan(ColumnFamily.Conversations, prefix, StoreKeys.After(prefix));
        while (iterator.MoveNext())
        {
            var record = DeviceRecord.Parser.ParseFrom(iterator.Value);
            var number = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(iterator.Key[5..]);
            var log = new DeviceLog(number, new DeviceId(record.Device.Span), new IdentityId(record.Identity.Span))
            {
                IsReported = record.Reported,
                Rows = rows.Has(number, record) ? new HeadChanges() : null,
            };
            log.Load(rows.Of(number, record), record.ForkedAt);
            _devices[log.Device] = log;
            HasForks |= log.HasForked;
        }
    }
}
