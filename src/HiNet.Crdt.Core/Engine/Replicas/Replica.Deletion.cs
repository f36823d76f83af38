using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine.Replicas;

internal sealed partial class Replica
{
    /// <summary>Deletions whose targets have not come: only a device that lies about what it saw makes one, so they are few.</summary>
    private readonly SortedDictionary<EntryId, IdentityId> _awaitedDeletions = [];

    private void CommitDelete(EntryId id, EntryInfo info, IdentityId author, IReadOnlyList<EntryId> targets)
    {
        foreach (var target in targets)
        {
            PutRelation(target, 'd', info, author);
            if (FindInfo(target) is { } found)
            {
                if (AuthorOf(found) == author)
                {
                    MarkDeleted(found);
                }
            }
            else if (_awaitedDeletions.TryAdd(target, author))
            {
                _services.Marks.Hit("content.deletion.awaited");
                _services.Store.Put(ColumnFamily.Parked, StoreKeys.AwaitedDeletion(Number, target), author.ToArray());
            }
        }
    }

    private void ApplyAwaitedDeletion(EntryInfo info, IdentityId author)
    {
        if (_awaitedDeletions.Count == 0 || !_awaitedDeletions.TryGetValue(info.Id, out var by))
        {
            return;
        }

        _awaitedDeletions.Remove(info.Id);
        _services.Store.Delete(ColumnFamily.Parked, StoreKeys.AwaitedDeletion(Number, info.Id));
        if (by == author)
        {
            MarkDeleted(info);
        }
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
                edits.Add(EntryPlace.Decode(iterator.Value).Arrival);
            }
        }

        foreach (var arrival in edits)
        {
            EraseBody(arrival, EntryFlags.Erased);
        }
    }

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

        _services.Store.Erase(
            ColumnFamily.Entries, StoreKeys.Entry(Number, arrival), EntryRecord.Encode(record.Flags | flags, record.Header, record.Signature, default));
        return true;
    }

    /// <summary>What an entry adds to the state hash. In this version every applied entry counts.</summary>
    private byte[] Contribution(EntryId id, bool isDeleted)
    {
        Span<byte> message = stackalloc byte[Bytes32.Size + 2];
        id.CopyTo(message);
        message[32] = 1;
        message[33] = isDeleted ? (byte)1 : (byte)0;
        var digest = new byte[32];
        _services.Cryptography.Blake2b(EngineDomains.StateEntry, message, digest, key: default);
        return digest;
    }
}
