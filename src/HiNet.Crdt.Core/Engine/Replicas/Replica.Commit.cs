using HiNet.Crdt.Core.Authority;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine.Replicas;

internal sealed partial class Replica
{
    private readonly SortedSet<Bytes32> _knownSets = [];
    private readonly SortedDictionary<uint, DeviceLog> _dirtyDevices = [];

    /// <summary>Applies an entry that passed every check. Its effects outside wait until the batch is durable.</summary>
    private void Commit(
        Entry entry,
        ReadOnlyMemory<byte> signature,
        AuthoritySet past,
        IdentityId author,
        ControlBody? control,
        Instant now)
    {
        var header = entry.Header;
        var arrival = ++LastArrival;
        var info = new EntryInfo(entry.Id, header.Device, header.Seq, header.Hlc, header.Depth, arrival, header.Kind, header.Authority);
        Remember(info);
        var log = LogOf(header.Device, author);
        _services.Cost.Count(CostKind.Head, log.Branches.Count + 1);
        var forked = log.Advance(header.Previous, header.Seq, entry.Id);
        _dirtyDevices[log.Number] = log;
        foreach (var predecessor in Predecessors(header))
        {
            RemoveTip(predecessor);
        }

        AddTip(entry.Id);
        _lastHlc = Math.Max(_lastHlc, header.Hlc.Value);
        KeepSet(past);
        EndAwaitingReads(info);
        DropTail(entry);

        var flags = IsLate(header, author) ? EntryFlags.Late : EntryFlags.None;
        flags |= entry.Body is null && header.BodyLength > 0 ? EntryFlags.BodyAbsent : EntryFlags.None;
        flags |= IsAwaited(entry) ? EntryFlags.Awaited : EntryFlags.None;
        flags |= control?.Proof is { } proof && IsReported(proof) ? EntryFlags.Repeated : EntryFlags.None;
        _services.Store.Put(ColumnFamily.EntryIds, StoreKeys.EntryId(entry.Id), EntryPlace.Encode(Number, arrival));
        _services.Store.Put(
            ColumnFamily.Chains, StoreKeys.Chain(Number, log.Number, header.Seq, arrival), entry.Id.ToArray());
        _services.Store.Put(
            ColumnFamily.Entries,
            StoreKeys.Entry(Number, arrival),
            EntryRecord.Encode(flags, entry.HeaderBytes.Span, signature.Span, entry.Body is { } body ? body.Span : default));
        _newest.Add(arrival, entry, signature);
        _sum.Add(Contribution(entry.Id, isDeleted: false));

        if (control is not null)
        {
            CommitControl(entry, info, past, author, control);
            AcknowledgeAgain(now);
        }
        else
        {
            CommitContent(entry, info, author, now);
        }

        if (forked)
        {
            NoticeFork(log, header.Seq);
        }

        _host.Changed(this);
    }

    private void CommitControl(Entry entry, EntryInfo info, AuthoritySet past, IdentityId author, ControlBody control)
    {
        var kind = entry.Header.Kind;
        if (EntryKind.IsAuthority(kind))
        {
            var operation = new AuthorityOperation(
                entry.Id, info.Hlc, kind, info.Device, author, control.Grants, control.Cards);
            PutOwners(control.Cards);
            _graph.Add(operation, past);
            NoteOwnLeave(operation);
            KeepLandmark(info.Arrival);
            EndAwaiting(entry.Id);
            _host.AuthorityChanged(this);
            _membersChanged = true;
        }

        switch (kind)
        {
            case EntryKind.Genesis:
                ForgetOtherControlKeys();
                Rename(PersonName.Clean(control.Name, Limits.GroupNameBytes) is { Length: > 0 } name ? name : Description.Name);
                break;
            case EntryKind.Epoch:
                KeepLandmark(info.Arrival);
                CommitEpoch(entry.Id, info, past, control.Epoch!);
                break;
            case EntryKind.Delete:
                CommitDelete(entry.Id, info, author, control.DeletedTargets);
                break;
            case EntryKind.EquivocationReport:
                if (control.Proof!.TryVerify(_services.Cryptography, out var proven))
                {
                    MarkReported(proven.Device);
                }

                break;
            default:
                break;
        }
    }

    private DeviceLog LogOf(DeviceId device, IdentityId identity)
    {
        if (!_devices.TryGetValue(device, out var log))
        {
            _devices[device] = log = new DeviceLog((uint)_devices.Count, device, identity);
        }

        return log;
    }

    private void KeepLandmark(ulong arrival) =>
        _services.Store.Put(ColumnFamily.Conversations, StoreKeys.Landmark(Number, arrival), []);

    /// <summary>A set that joins concurrent authority entries is not one entry's closure: it is kept, so that headers that name it can be read after a restart.</summary>
    private void KeepSet(AuthoritySet set)
    {
        if (set.Heads.Count > 1 && _knownSets.Add(set.Hash))
        {
            _services.Store.Put(
                ColumnFamily.Conversations, StoreKeys.AuthorityHeads(Number, set.Hash), AuthorityHeadsRow.Encode(_graph, set));
        }
    }

    private bool IsLate(EntryHeader header, IdentityId author) =>
        author != _services.Identity
        && header.Kind == EntryKind.Message
        && header.Hlc.Milliseconds + (long)Limits.LateAfter.TotalMilliseconds < new HybridTimestamp(_lastMessageHlc).Milliseconds;

    private void Rename(string name)
    {
        if (Description.Name != name)
        {
            Description = Description with { Name = name };
            PutDescription();
        }
    }

    public void PutDescription() =>
        _services.PutSealed(ColumnFamily.Conversations, StoreKeys.Conversation(Id), Description.Encode());
}
