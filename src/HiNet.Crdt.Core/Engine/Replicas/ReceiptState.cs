using Google.Protobuf;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Engine.Replicas;

/// <summary>What one member has: by device the highest seq delivered, and the last message read.</summary>
internal sealed class ReceiptState
{
    public SortedDictionary<DeviceId, long> Delivered { get; } = [];

    public HybridTimestamp ReadHlc { get; set; }

    public EntryId ReadUpTo { get; set; }

    public bool HasReceived(DeviceId device, ulong seq) => Delivered.GetValueOrDefault(device, -1) >= (long)seq;

    public bool HasRead(HybridTimestamp hlc, EntryId id) => (hlc, id).CompareTo((ReadHlc, ReadUpTo)) <= 0;

    public byte[] Encode()
    {
        var record = new ReceiptRecord
        {
            ReadUpTo = ByteString.CopyFrom(ReadUpTo.ToArray()),
            ReadHlc = ReadHlc.Value,
        };
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
        foreach (var mark in record.Delivered)
        {
            state.Delivered[new DeviceId(mark.Device.Span)] = (long)mark.Seq;
        }

        return state;
    }
}
