using Google.Protobuf;
using HiNet.Crdt.Core.Encryption;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using EntryHeader = HiNet.Crdt.Core.Log.EntryHeader;

namespace HiNet.Crdt.Core.Engine.Replicas;

internal sealed partial class Replica
{
    private readonly List<(ulong Seq, ulong Arrival, EntryId Id)> _unsigned = [];

    /// <summary>Writes content under the epoch of now; the entry is durable when the current batch is.</summary>
    public EntryId AppendContent(uint kind, IMessage body, Instant now)
    {
        IntroduceDevices(now);
        var (epoch, secret) = AcquireEpoch(now);
        return Append(kind, epoch, secret, body.ToByteArray(), now);
    }

    public EntryId AppendControl(uint kind, IMessage body, Instant now)
    {
        if (kind != EntryKind.Introduce)
        {
            IntroduceDevices(now);
            if (EntryKind.IsAuthority(kind))
            {
                MergeTips(now);
            }
        }

        return Append(kind, null, _controlKey, body.ToByteArray(), now);
    }

    /// <summary>
    /// The first to write in a direct conversation introduces the devices that they know of both sides. Someone whom a group took
    /// in without their device introduces it before they write.
    /// </summary>
    private void IntroduceDevices(Instant now)
    {
        var state = Authority;
        if (Description.Kind == ConversationKind.Group
            && (state.TryGetDevice(_services.Device, out _) || state.RoleOf(_services.Identity) < Role.Reader))
        {
            return;
        }

        IReadOnlyList<DeviceCard> cards = Description.Kind == ConversationKind.Direct ? FounderCards : [_services.Card];
        var missing = cards.Where(card => !state.TryGetDevice(card.Device, out _) && MayIntroduce(card, state)).ToList();
        if (missing.Count > 0)
        {
            var body = new IntroduceBody();
            body.Cards.AddRange(missing.Select(card => ByteString.CopyFrom(card.Encode())));
            AppendControl(EntryKind.Introduce, body, now);
        }
    }

    /// <summary>An authority entry has every head in its past; with more heads than one entry can name, empty ones merge them first.</summary>
    private void MergeTips(Instant now)
    {
        if (_tips.Count <= _services.Bounds.Parents)
        {
            return;
        }

        // The first may have to be of others than the earliest; what is left is put in order once, however much it is.
        Append(EntryKind.Merge, null, _controlKey, [], now);
        var rest = new Queue<EntryId>(Earliest(_tips.Where(tip => tip != OwnHead()?.Head)));
        while (_tips.Count > _services.Bounds.Parents)
        {
            List<EntryId> parents = [];
            while (parents.Count < _services.Bounds.Parents && rest.TryDequeue(out var next))
            {
                parents.Add(next);
            }

            parents.Sort();
            Append(EntryKind.Merge, null, _controlKey, [], now, parents);
        }
    }

    private IEnumerable<EntryId> Earliest(IEnumerable<EntryId> ids) =>
        ids.Select(id => (FindInfo(id)!.Hlc, Id: id)).Order().Select(place => place.Id);

    private EntryId Append(uint kind, EntryId? epoch, ReadOnlySpan<byte> secret, byte[] plaintext, Instant now, List<EntryId>? beside = null)
    {
        var previous = OwnHead();
        var parents = beside ?? ParentsBeside(previous?.Head);
        var greatest = default(HybridTimestamp);
        var depth = 0UL;
        List<EntryInfo> predecessors = [.. (previous is { } own ? parents.Prepend(own.Head) : parents).Select(id => FindInfo(id)!)];
        var past = PastOf(predecessors);
        foreach (var info in predecessors)
        {
            greatest = info.Hlc > greatest ? info.Hlc : greatest;
            depth = Math.Max(depth, info.Depth + 1);
        }

        if (_services.Has(PlantedBug.TimeForgotten) && LastArrival == _loadedArrival)
        {
            greatest = default;
        }

        if (greatest >= HybridTimestamp.Last)
        {
            // Nothing can follow it that others take.
            throw new EntryRefusedException(kind, Refusal.WrongHlc);
        }

        var header = new EntryHeader
        {
            Conversation = Id,
            Device = _services.Device,
            Seq = previous is { } p ? p.Seq + 1 : 0,
            Previous = previous?.Head,
            Parents = parents,
            Hlc = HybridTimestamp.After(greatest, _services.Clock.Corrected(now)),
            Depth = depth,
            Authority = past.Hash,
            Kind = kind,
            Epoch = epoch,
        };
        var body = BodyCipher.Seal(_services.Cryptography, secret, EntryCodec.EncodePrefix(header), plaintext);
        var entry = Entry.CreateWithBody(_services.Cryptography, header, body);
        Commit(OwnRun.Of(entry), past, now);
        return entry.Id;
    }

    /// <summary>An own entry goes through the same checks as anyone's: a device must never write what others refuse.</summary>
    private void Commit(VerifiedRun run, Authority.AuthoritySet past, Instant now)
    {
        var entry = run.Run.Last;
        var refusal = CheckPermission(entry, _graph.StateOf(past), out var author, out var control);
        if (refusal != Refusal.None)
        {
            throw new EntryRefusedException(entry.Header.Kind, refusal);
        }

        Commit(entry, default, past, author, control, now);
        _unsigned.Add((entry.Header.Seq, LastArrival, entry.Id));
        _hasWritten = true;
        _buffer.Release(entry.Id, _ready);
    }

    private (ulong Seq, EntryId Head)? OwnHead()
    {
        if (!_devices.TryGetValue(_services.Device, out var own) || own.Branches.Count == 0)
        {
            return null;
        }

        return own.Branches.MaxBy(branch => (branch.Seq, branch.Head));
    }

    /// <summary>Everything maximal that others wrote, at most 16: the earliest ones first, the rest next time.</summary>
    private List<EntryId> ParentsBeside(EntryId? previous)
    {
        var parents = _tips.Where(tip => tip != previous).ToList();
        if (parents.Count > _services.Bounds.Parents)
        {
            _services.Marks.Hit("bound.parents");
            List<EntryId> earliest = [.. Earliest(parents)];
            parents = earliest[.._services.Bounds.Parents];
            if (!MayWriteAfter(previous, parents))
            {
                // An entry is permitted by its own past, so a head that has this person's admission in its past goes first: with what this
                // device wrote before, which may be that its person left, it makes them a member.
                parents = [.. earliest.OrderBy(id => !MayWriteAfter(previous, [id])).Take(_services.Bounds.Parents)];
            }

            parents.Sort();
        }

        return parents;
    }

    private bool MayWriteAfter(EntryId? previous, IEnumerable<EntryId> parents) =>
        _graph.StateOf(PastOf((previous is { } own ? parents.Prepend(own) : parents).Select(id => FindInfo(id)!)))
            .RoleOf(_services.Identity) >= Role.Member;

    /// <summary>Signs what this device wrote in the batch about to be made durable: its last entry, and each at a multiple of 64.</summary>
    private void SignBurst()
    {
        for (var i = 0; i < _unsigned.Count; i++)
        {
            var (seq, arrival, id) = _unsigned[i];
            if (i == _unsigned.Count - 1 || seq % SegmentRule.Period == 0)
            {
                if (i < _unsigned.Count - 1)
                {
                    _services.Marks.Hit("bound.signed.run");
                }

                _services.Cost.Count(CostKind.Signature);
                AddSignature(arrival, EntrySignature.Sign(_services.Cryptography, _services.DeviceKey, id));
            }
        }

        _unsigned.Clear();
    }

    private void AddSignature(ulong arrival, byte[] signature)
    {
        _newest.Sign(arrival, signature);
        var key = StoreKeys.Entry(Number, arrival);
        if (_services.Store.TryGet(ColumnFamily.Entries, key, out var value))
        {
            var record = new EntryRecord(value);
            _services.Store.Put(
                ColumnFamily.Entries, key, EntryRecord.Encode(record.Flags, record.Header, signature, record.Body));
        }
    }
}
