using Google.Protobuf;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Engine.Replicas;

internal sealed partial class Replica
{
    private readonly SortedDictionary<IdentityId, ReceiptState> _receipts = [];
    private readonly SortedSet<IdentityId> _dirtyReceipts = [];
    private readonly SortedDictionary<DeviceId, ulong> _toAcknowledge = [];

    /// <summary>When received messages are to be acknowledged.</summary>
    public Instant ReceiptDeadline { get; private set; } = Instant.Never;

    private ReceiptState ReceiptsOf(IdentityId member)
    {
        if (!_receipts.TryGetValue(member, out var state))
        {
            _receipts[member] = state = new ReceiptState();
        }

        return state;
    }

    private void AcknowledgeLater(EntryInfo info, Instant now)
    {
        var own = ReceiptsOf(_services.Identity);
        if (!_services.Options.SendReceipts || own.Delivered.GetValueOrDefault(info.Device, -1) >= (long)info.Seq)
        {
            return;
        }

        _toAcknowledge[info.Device] = Math.Max(_toAcknowledge.GetValueOrDefault(info.Device), info.Seq);
        if (ReceiptDeadline == Instant.Never && _hasCompared)
        {
            ReceiptDeadline = now + _services.Options.ReceiptDelay;
        }
    }

    /// <summary>One receipt for all that came since the last one.</summary>
    public void SendReceipt(Instant now)
    {
        if (IsBehindItself(now))
        {
            ReceiptDeadline = _ownHeadPatience;
            return;
        }

        ReceiptDeadline = Instant.Never;
        var state = Authority;
        var areTooMany = state.Members.Count > _services.Bounds.ReceiptMembers;
        if (areTooMany && _toAcknowledge.Count > 0)
        {
            _services.Marks.Hit("bound.receipt.members");
        }

        if (_toAcknowledge.Count == 0
            || areTooMany
            || !MayAcknowledge(state))
        {
            _toAcknowledge.Clear();
            return;
        }

        AppendReceipt(null, now);
    }

    /// <summary>A reader cannot make what a receipt needs, an introduction or an epoch, but can use what is there.</summary>
    private bool MayAcknowledge(Authority.AuthorityState state) => state.RoleOf(_services.Identity) switch
    {
        >= Role.Member => true,
        Role.Reader => state.TryGetDevice(_services.Device, out _) && UsableEpochs().Any(epoch => SecretOf(epoch) is not null),
        _ => false,
    };

    public EntryId AppendReceipt(EntryId? readUpTo, Instant now)
    {
        // A receipt counts where what it is about is known: all of it has to be in its past, however many heads there are.
        if (Authority.RoleOf(_services.Identity) >= Role.Member)
        {
            MergeTips(now);
        }

        var body = new ReceiptBody();
        foreach (var (device, seq) in _toAcknowledge)
        {
            body.Delivered.Add(new DeliveredMark { Device = ByteString.CopyFrom(device.ToArray()), Seq = seq });
        }

        _toAcknowledge.Clear();
        ReceiptDeadline = Instant.Never;
        if (readUpTo is { } message)
        {
            body.ReadUpTo = ByteString.CopyFrom(message.ToArray());
        }

        return AppendContent(EntryKind.Receipt, body, now);
    }

    /// <summary>Marks only rise, so receipts give the same result in any order and any number of times.</summary>
    private void ApplyReceipt(IdentityId author, ReceiptBody body)
    {
        var state = ReceiptsOf(author);
        foreach (var mark in body.Delivered)
        {
            if (mark.Device.Length == Bytes32.Size && _devices.ContainsKey(new DeviceId(mark.Device.Span)))
            {
                var device = new DeviceId(mark.Device.Span);
                state.Delivered[device] = Math.Max(state.Delivered.GetValueOrDefault(device, -1), (long)Math.Min(mark.Seq, long.MaxValue));
            }
        }

        if (body.ReadUpTo.Length == Bytes32.Size
            && FindInfo(new EntryId(body.ReadUpTo.Span)) is { } message
            && (message.Hlc, message.Id).CompareTo((state.ReadHlc, state.ReadUpTo)) > 0)
        {
            (state.ReadHlc, state.ReadUpTo) = (message.Hlc, message.Id);
        }

        _dirtyReceipts.Add(author);
        _host.Changed(this);
    }

    /// <summary>After a restart: newest messages of others that were not acknowledged before it.</summary>
    private void RecallUnacknowledged(Instant now)
    {
        var prefix = new byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(prefix, Number);
        using var iterator = _services.Store.Durable.Scan(ColumnFamily.Timeline, prefix, StoreKeys.After(prefix), reverse: true);
        for (var i = 0; i < 64 && iterator.MoveNext(); i++)
        {
            if (i == 0)
            {
                _lastMessageHlc = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(iterator.Key[4..]);
            }

            if (FindInfo(new EntryId(iterator.Key[12..])) is { } info
                && _devices.TryGetValue(info.Device, out var log)
                && log.Identity != _services.Identity)
            {
                AcknowledgeLater(info, now);
            }
        }
    }
}
