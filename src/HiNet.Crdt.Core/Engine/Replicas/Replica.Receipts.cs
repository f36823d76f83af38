using Google.Protobuf;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Engine.Replicas;

internal sealed partial class Replica
{
    private readonly SortedDictionary<IdentityId, ReceiptState> _receipts = [];
    private readonly SortedSet<IdentityId> _dirtyReceipts = [];

    /// <summary>Who has said that they read up to an entry that is not here: the inverse of every <see cref="ReceiptState.Awaited"/>.</summary>
    private readonly Dictionary<EntryId, SortedSet<IdentityId>> _awaitedReads = [];
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

    private void AcknowledgeLater(DeviceLog log, ulong seq, Instant now)
    {
        ToAcknowledge(log, seq);
        AcknowledgeAgain(now);
    }

    /// <summary>A device's entries up to a seq have been received, as far as their bodies have.</summary>
    private void ToAcknowledge(DeviceLog log, ulong seq)
    {
        if (Absent.FirstShown(log.Number) is { } absent && absent <= seq && !_services.Has(PlantedBug.AbsentAcknowledged))
        {
            if (absent == 0)
            {
                return;
            }

            seq = absent - 1;
        }

        var own = ReceiptsOf(_services.Identity);
        if (_services.Options.SendReceipts && own.Delivered.GetValueOrDefault(log.Device, -1) < (long)seq)
        {
            _toAcknowledge[log.Device] = Math.Max(_toAcknowledge.GetValueOrDefault(log.Device), seq);
        }
    }

    /// <summary>One receipt for all that came since the last one, as far as it has room.</summary>
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

        if (_toAcknowledge.Count > 0 && !areTooMany && MayAcknowledge(state))
        {
            AppendReceipt(null, now);
        }
    }

    /// <summary>What is to be acknowledged will be: something came, or members have changed, so that who could not acknowledge before may now.</summary>
    private void AcknowledgeAgain(Instant now)
    {
        if (_toAcknowledge.Count > 0 && ReceiptDeadline == Instant.Never && _hasCompared)
        {
            ReceiptDeadline = now + _services.Options.ReceiptDelay;
        }
    }

    /// <summary>A reader cannot make what a receipt needs, an introduction or an epoch, but can use what is there.</summary>
    private bool MayAcknowledge(Authority.AuthorityState state) => state.RoleOf(_services.Identity) switch
    {
        >= Role.Member => !HasNoPlaceForThisDevice,
        Role.Reader => state.IsAuthorized(_services.Device) && UsableEpochs().Any(epoch => SecretOf(epoch) is not null),
        _ => false,
    };

    public EntryId AppendReceipt(EntryId? readUpTo, Instant now)
    {
        // A receipt counts where what it is about is known: all of it has to be in its past, however many heads there are. Whoever has not
        // introduced their device may join none of them.
        if (Authority.RoleOf(_services.Identity) >= Role.Member)
        {
            IntroduceDevices(now);
            MergeTips(now);
        }

        var body = new ReceiptBody();
        foreach (var (device, seq) in _toAcknowledge.Take(_services.Bounds.ReceiptMarks).ToList())
        {
            body.Delivered.Add(new DeliveredMark { Device = ByteString.CopyFrom(device.ToArray()), Seq = seq });
            _toAcknowledge.Remove(device);
        }

        // People come and go, and with each a device: there may be more than one receipt has room for.
        ReceiptDeadline = _toAcknowledge.Count > 0 && _hasCompared ? now + _services.Options.ReceiptDelay : Instant.Never;
        if (readUpTo is { } message)
        {
            body.ReadUpTo = ByteString.CopyFrom(message.ToArray());
        }

        return AppendContent(EntryKind.Receipt, body, now);
    }

    /// <summary>Marks only rise, so receipts give the same result in any order and any number of times.</summary>
    private void ApplyReceipt(EntryInfo info, IdentityId author, ReceiptBody body)
    {
        var state = ReceiptsOf(author);

        // Which devices count is fixed by the receipt's own past, so that it says the same whatever has come before it.
        var devices = _graph.StateOf(PastSet(info.Authority));
        foreach (var mark in body.Delivered)
        {
            if (mark.Device.Length == Bytes32.Size && devices.TryGetDevice(new DeviceId(mark.Device.Span), out _))
            {
                var device = new DeviceId(mark.Device.Span);
                state.Delivered[device] = Math.Max(state.Delivered.GetValueOrDefault(device, -1), (long)Math.Min(mark.Seq, long.MaxValue));
            }
        }

        if (body.ReadUpTo.Length == Bytes32.Size)
        {
            var target = new EntryId(body.ReadUpTo.Span);
            if (FindInfo(target) is { } message)
            {
                state.Read(message.Hlc, message.Id);
            }
            else
            {
                AwaitRead(author, state, target);
            }
        }

        _dirtyReceipts.Add(author);
        _host.Changed(this);
    }

    // Honest members mark what is in their receipt's past, so for them this never waits.
    private void AwaitRead(IdentityId author, ReceiptState state, EntryId target)
    {
        if (state.Await(target) is { } lost)
        {
            Forget(lost, author);
        }

        Await(target, author);
    }

    private void Await(EntryId target, IdentityId author)
    {
        if (!_awaitedReads.TryGetValue(target, out var people))
        {
            _awaitedReads[target] = people = [];
        }

        people.Add(author);
    }

    private void Forget(EntryId target, IdentityId author)
    {
        if (_awaitedReads.TryGetValue(target, out var people) && people.Remove(author) && people.Count == 0)
        {
            _awaitedReads.Remove(target);
        }
    }

    /// <summary>An entry is here now that somebody has said they read up to.</summary>
    private void EndAwaitingReads(EntryInfo entry)
    {
        if (_awaitedReads.Remove(entry.Id, out var people))
        {
            foreach (var person in people)
            {
                ReceiptsOf(person).Read(entry.Hlc, entry.Id);
                _dirtyReceipts.Add(person);
            }
        }
    }

    /// <summary>
    /// After a restart: messages of others that were not acknowledged before it. A receipt is for all that is there when it is written,
    /// so they are those that arrived behind the last own one.
    /// </summary>
    private void RecallUnacknowledged(Instant now)
    {
        if (!_services.Options.SendReceipts
            || Authority.Members.Count > Limits.ReceiptMembers
            || _devices.Values.All(log => log.Identity == _services.Identity))
        {
            return;
        }

        var receipt = 0UL;
        using var iterator = _services.Store.Durable.Scan(
            ColumnFamily.Entries, StoreKeys.Entry(Number, 0), StoreKeys.Entry(Number, ulong.MaxValue), reverse: true);
        for (var i = 0; i < Limits.RecalledEntries && iterator.MoveNext(); i++)
        {
            var record = new EntryRecord(iterator.Value);
            var header = Decode(record.Header);
            if (header.Device == _services.Device && header.Kind == EntryKind.Receipt)
            {
                receipt = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(iterator.Key[4..]);
                break;
            }

            if (IsShown(header.Kind) && _devices.TryGetValue(header.Device, out var log) && log.Identity != _services.Identity)
            {
                AcknowledgeLater(log, header.Seq, now);
            }
        }

        RecallRevealed(receipt, now);
    }

    /// <summary>Entries whose bodies came behind the last own receipt, although they had arrived before it; what follows them in their chains waited for them.</summary>
    private void RecallRevealed(ulong receipt, Instant now)
    {
        var prefix = StoreKeys.Tagged('v', Number);
        using var iterator = _services.Store.Durable.Scan(ColumnFamily.Parked, prefix, StoreKeys.After(prefix), reverse: true);
        for (var i = 0; i < Limits.RecalledEntries && iterator.MoveNext(); i++)
        {
            var (arrival, count) = RevealedPlace.Decode(iterator.Value);
            if (System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(iterator.Key[5..]) - count < receipt)
            {
                break;
            }

            if (ReadHeader(arrival) is { } header
                && IsShown(header.Kind)
                && _devices.TryGetValue(header.Device, out var log)
                && log.Identity != _services.Identity)
            {
                AcknowledgeLater(log, log.MaxSeq, now);
            }
        }
    }

    private void RecallLastMessage()
    {
        var prefix = new byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(prefix, Number);
        using var iterator = _services.Store.Durable.Scan(ColumnFamily.Timeline, prefix, StoreKeys.After(prefix), reverse: true);
        if (iterator.MoveNext())
        {
            _lastMessageHlc = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(iterator.Key[4..]);
        }
    }
}
