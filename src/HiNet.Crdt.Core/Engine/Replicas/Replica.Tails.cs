using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Sync;

namespace HiNet.Crdt.Core.Engine.Replicas;

/// <summary>
/// A signature may stand behind an entry that is not applied: refused, parked or still waiting. What it vouches for before that
/// is applied and has to be provable to others, or whoever writes such a run could keep this replica's entries from everyone.
/// So the rest of the run is kept as it came, bodies included, with the last applied entry, and goes out behind it: each
/// replica judges it by itself, and what merely waits here may be applied there.
/// </summary>
internal sealed partial class Replica
{
    private readonly SortedDictionary<EntryId, (VerifiedRun Run, int Index)> _untailed = [];
    private ulong _sealedArrival;
    private bool _hasTails;

    /// <summary>The rest of the signed run behind an applied entry whose successor was not applied; null when there is none.</summary>
    public SignedRun? TailOf(EntryId id) =>
        _hasTails && _services.Store.TryGet(ColumnFamily.Parked, StoreKeys.Tail(Number, id), out var value)
            ? new SegmentReader(_services.Cryptography, Id, value).Read()
            : null;

    /// <summary>An entry of a run is not applied now. What is durable has its proof already, so only what is newer matters.</summary>
    private void Hold(VerifiedRun run, int index)
    {
        if (index > 0 && !run.Run.Signature.IsEmpty && FindInfo(run.Run.Entries[index - 1].Id) is { } last && last.Arrival > _sealedArrival)
        {
            _untailed[last.Id] = (run, index);
        }
    }

    /// <summary>
    /// An entry was applied whose successor came earlier and waits. Where the entry itself had to wait, the successor may have found the
    /// buffer full, and is nowhere.
    /// </summary>
    private void HoldSuccessor(VerifiedRun run, int index, bool isReleased)
    {
        if (index + 1 < run.Run.Entries.Count && (isReleased || _buffer.Contains(run.Run.Entries[index + 1].Id)))
        {
            Hold(run, index + 1);
        }
    }

    /// <summary>With the batch that makes them durable: most of what waited has been applied by now.</summary>
    private void KeepTails()
    {
        foreach (var (last, (run, index)) in _untailed)
        {
            var entries = run.Run.Entries;
            if (!Knows(entries[index].Id))
            {
                var writer = new SegmentWriter();
                writer.Write(run.Run with { Entries = [.. entries.Skip(index)] });
                _services.Store.Put(ColumnFamily.Parked, StoreKeys.Tail(Number, last), writer.Written.ToArray());
                _services.Store.Put(ColumnFamily.Parked, StoreKeys.TailStart(Number, last), entries[index].Id.ToArray());
                _services.Marks.Hit("log.tail.kept");
                _hasTails = true;
            }
        }

        _untailed.Clear();
        _sealedArrival = LastArrival;
    }

    /// <summary>An entry was applied that a tail began with: it has a place of its own now, from which it may be erased one day.</summary>
    private void DropTail(Entry applied)
    {
        if (_hasTails && applied.Header.Previous is { } previous && StartsTail(applied.Id, previous))
        {
            _services.Store.Erase(ColumnFamily.Parked, StoreKeys.Tail(Number, previous), []);
            _services.Store.Delete(ColumnFamily.Parked, StoreKeys.TailStart(Number, previous));
        }
    }

    // A tail may be megabytes, and others choose how many entries stand in its place: it is not read for each of them. Those that were kept
    // before their beginnings were have to be.
    private bool StartsTail(EntryId entry, EntryId previous) =>
        _services.Store.TryGet(ColumnFamily.Parked, StoreKeys.TailStart(Number, previous), out var start)
            ? new EntryId(start) == entry
            : TailOf(previous) is { } tail && tail.Entries[0].Id == entry;

    private void LoadTails()
    {
        _sealedArrival = LastArrival;
        var prefix = StoreKeys.Tagged('t', Number);
        using var iterator = _services.Store.Durable.Scan(ColumnFamily.Parked, prefix, StoreKeys.After(prefix));
        _hasTails = iterator.MoveNext();
    }
}
