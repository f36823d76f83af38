using Google.Protobuf;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Engine.Replicas;

/// <summary>What one member has: by device the highest seq delivered, and the last message read.</summary>
internal sealed class ReceiptState
{
    public const int MaxAwaited = 16;

    private readonly List<EntryId> _awaited = [];

    public SortedDictionary<DeviceId, long> Delivered { get; } = [];

    public HybridTimestamp ReadHlc { get; private set; }

    public EntryId ReadUpTo { get; private set; }

    /// <summary>What they say they have read up to and is not here; at most <see cref="MaxAwaited"/>, the newest mark last.</summary>
    public IReadOnlyList<EntryId> Awaited => _awaited;

    /// <summary>They have read up to this entry, and whatever comes before it.</summary>
    public void Read(HybridTimestamp hlc, EntryId id)
    {
        _awaited.Remove(id);
        if ((hlc, id).CompareTo((ReadHlc, ReadUpTo)) > 0)
        {
            (ReadHlc, ReadUpTo) = (hlc, id);
        }
    }

    /// <summary>They have read up to an entry that may come. Whoever marks more of such than there is room for loses marks of their own.</summary>
    /// <returns>The one that gave way.</returns>
    public EntryId? Await(EntryId id)
    {
        _awaited.Remove(id);
        _awaited.Add(id);
        if (_awaited.Count <= MaxAwaited)
        {
            return null;
        }

        var oldest = _awaited[0];
        _awaited.RemoveAt(0);
        return oldest;
    }

    public bool HasReceived(DeviceId device, ulong seq) => Delivered.GetValueOrDefault(device, -1) >= (long)seq;

    public bool HasRead(HybridTimestamp hlc, EntryId id) => (hlc, id).CompareTo((ReadHlc, ReadUpTo)) <= 0;

    public byte[] Encode()
    {
        var record = new ReceiptRecord
        {
            ReadUpTo = ByteString.CopyFrom(ReadUpTo.ToArray()),
            ReadHlc = ReadHlc.Value,
        };
        record.Awaited.AddRange(_awaited.Select(id => ByteString.CopyFrom(id.ToArray())));
        foreach (var (device, seq) in Delivered)
        {
            record.Delivered.Add(new DeliveredMark { Device = ByteString.CopyFrom(device.ToArray()), Seq = (ulong)seq });
        }

        return record.ToByteArray();
    }

    public static ReceiptState Decode(byte[] value)
    {
        var record = ReceiptRecord.Parser.ParseFrom(value);
        var state = new ReceiptState
        {
            ReadHlc = new HybridTimestamp(record.ReadHlc),
            ReadUpTo = new EntryId(record.ReadUpTo.Span),
        };
        state._awaited.AddRange(record.Awaited.Select(id => new EntryId(id.Span)));
        foreach (var mark in record.Delivered)
        {
            state.Delivered[new DeviceId(mark.Device.Span)] = (long)mark.Seq;
        }

        return state;
    }
}
