using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine.Replicas;

internal sealed partial class Replica
{
    /// <summary>Some deletion's target has not come: only a device that lies about what it saw makes one. The targets lie in the store.</summary>
    private bool _awaitsDeletions;

    /// <summary>The batch that gathers erases a body.</summary>
    private bool _erasesInBatch;

    /// <summary>The batch that is being written erases a body.</summary>
    private bool _erasesInWrite;

    private void CommitDelete(EntryId id, EntryInfo info, IdentityId author, IReadOnlyList<EntryId> targets)
    {
        foreach (var target in targets)
        {
            PutRelation(target, 'd', info, author);
            if (FindInfo(target) is { } found)
            {
                if (IsShown(found.Kind) && (AuthorOf(found) == author || _services.Has(PlantedBug.AnyoneDeletes)))
                {
                    MarkDeleted(found);
                }
            }
            else
            {
                AwaitTarget(target, author);
            }
        }
    }

    private void ApplyAwaitedDeletion(EntryInfo info, IdentityId author)
    {
        if (!_awaitsDeletions)
        {
            return;
        }

        var key = StoreKeys.AwaitedDeletion(Number, info.Id);
        if (!_services.Store.TryGet(ColumnFamily.Parked, key, out var deleters))
        {
            return;
        }

        _services.Store.Delete(ColumnFamily.Parked, key);
        if (HasDeleter(deleters, author))
        {
            MarkDeleted(info);
        }
    }

    /// <summary>Everyone who deleted it is kept, because only its author's word will count and the author is not known yet.</summary>
    private void AwaitTarget(EntryId target, IdentityId author)
    {
        _services.Marks.Hit("content.deletion.awaited");
        _awaitsDeletions = true;
        var key = StoreKeys.AwaitedDeletion(Number, target);
        var deleters = _services.Store.TryGet(ColumnFamily.Parked, key, out var value) ? value : [];
        if (!HasDeleter(deleters, author))
        {
            _services.Store.Put(ColumnFamily.Parked, key, [.. deleters, .. author.ToArray()]);
        }
    }

    private static bool HasDeleter(byte[] deleters, IdentityId author)
    {
        for (var i = 0; i < deleters.Length; i += Bytes32.Size)
        {
            if (new IdentityId(deleters.AsSpan(i, Bytes32.Size)) == author)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>An author's deletion of own content is final: the bytes go, the header stays and still verifies.</summary>
    private void MarkDeleted(EntryInfo target)
    {
        if (!EraseBody(target.Arrival, EntryFlags.Deleted | EntryFlags.Erased))
        {
            return;
        }

        _sum.Subtract(Contribution(target.Id, isDeleted: false));
        _sum.Add(Contribution(target.Id, isDeleted: true));
        var prefix = StoreKeys.Relations(target.Id, 'e');
        var edits = new List<ulong>();
        using (var iterator = _services.Store.Scan(ColumnFamily.Relations, prefix, StoreKeys.After(prefix)))
        {
            while (iterator.MoveNext())
            {
                // An edit in another conversation can name this target too; it has no say here.
                var (conversation, arrival) = EntryPlace.Decode(iterator.Value);
                if (conversation == Number)
                {
                    edits.Add(arrival);
                }
            }
        }

        foreach (var arrival in edits)
        {
            EraseBody(arrival, EntryFlags.Erased);
        }
    }

    /// <summary>How many bodies have been erased in this life: whoever keeps some looks again when there are more.</summary>
    public ulong Erasures { get; private set; }

    /// <summary>Some erasure is not durable yet: what is read from durable state may still have the body.</summary>
    public bool IsErasing => _erasesInBatch || _erasesInWrite;

    public bool IsErased(EntryId id) =>
        FindArrival(id) is { } arrival
        && _services.Store.TryGet(ColumnFamily.Entries, StoreKeys.Entry(Number, arrival), out var value)
        && (new EntryRecord(value).Flags & EntryFlags.Erased) != 0;

    /// <summary>False when the entry is not content, or carries these flags already.</summary>
    private bool EraseBody(ulong arrival, EntryFlags flags)
    {
        if (!_services.Store.TryGet(ColumnFamily.Entries, StoreKeys.Entry(Number, arrival), out var value))
        {
            return false;
        }

        var record = new EntryRecord(value);
        if ((record.Flags & flags) == flags
            || !EntryCodec.TryDecode(record.Header.ToArray(), out var header, out _)
            || header!.Epoch is null)
        {
            return false;
        }

        Erasures++;
        _erasesInBatch = true;
        _newest.Remove(arrival);
        _services.Store.Erase(
            ColumnFamily.Entries, StoreKeys.Entry(Number, arrival), EntryRecord.Encode(record.Flags | flags, record.Header, record.Signature, default));
        if (IsAbsent(record.Flags))
        {
            Forget(Describe(header, EntryOf(record.Header), arrival));
            if ((record.Flags & EntryFlags.Awaited) != 0)
            {
                Reveal(arrival);
            }
        }

        return true;
    }

    /// <summary>What an entry adds to the state hash. In this version every applied entry counts.</summary>
    private byte[] Contribution(EntryId id, bool isDeleted)
    {
        _services.Cost.Count(CostKind.Hash);
        Span<byte> message = stackalloc byte[Bytes32.Size + 2];
        id.CopyTo(message);
        message[32] = 1;
        message[33] = isDeleted ? (byte)1 : (byte)0;
        var digest = new byte[32];
        _services.Cryptography.Blake2bJoined(EngineDomains.StateEntry, message, digest, key: default);
        return digest;
    }
}
