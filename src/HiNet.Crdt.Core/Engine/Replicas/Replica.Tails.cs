using Google.Protobuf;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Engine.Replicas;

/// <summary>
/// A signature may stand behind an entry that is not applied: refused, parked or still waiting. What it vouches for before that
/// is applied and has to be provable to others, or whoever writes such a run could keep this replica's entries from everyone.
/// So the headers between are kept with the last applied entry, and go out behind it.
/// </summary>
internal sealed partial class Replica
{
    private readonly SortedDictionary<EntryId, (VerifiedRun Run, int Index)> _untailed = [];
    private ulong _sealedArrival;
    private bool _hasTails;

    /// <summary>The rest of the signed path behind an applied entry whose successor was not applied; null when there is none.</summary>
    public SignedPath? TailOf(EntryId id) =>
        _hasTails
        && _services.Store.TryGet(ColumnFamily.Parked, StoreKeys.Tail(Number, id), out var value)
        && SignedPath.TryFrom(SignedHeaders.Parser.ParseFrom(value), out var path)
            ? path
            : null;

    public Entry DecodeTail(ReadOnlyMemory<byte> headerBytes) =>
        Entry.FromStore(Decode(headerBytes.Span), headerBytes, EntryOf(headerBytes.Span), null);

    /// <summary>An entry of a run is not applied now. What is durable has its proof already, so only what is newer matters.</summary>
    private void Hold(VerifiedRun run, int index)
    {
        if (index > 0 && !run.Run.Signature.IsEmpty && FindInfo(run.Run.Entries[index - 1].Id) is { } last && last.Arrival > _sealedArrival)
        {
            _untailed[last.Id] = (run, index);
        }
    }

    /// <summary>An entry was applied whose successor came earlier and is not.</summary>
    private void HoldSuccessor(VerifiedRun run, int index)
    {
        if (index + 1 < run.Run.Entries.Count && _buffer.Count + _refused.Count + _parked.Count > 0)
        {
            var next = run.Run.Entries[index + 1];
            if (_buffer.Contains(next.Id) || _refused.Contains(next.Id) || _parked.ContainsKey((next.Header.Hlc, next.Id)))
            {
                Hold(run, index + 1);
            }
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
                var headers = new SignedHeaders { Signature = ByteString.CopyFrom(run.Run.Signature.Span) };
                headers.Headers.AddRange(entries.Skip(index).Select(entry => ByteString.CopyFrom(entry.HeaderBytes.Span)));
                _services.Store.Put(ColumnFamily.Parked, StoreKeys.Tail(Number, last), headers.ToByteArray());
                _services.Marks.Hit("log.tail.kept");
                _hasTails = true;
            }
        }

        _untailed.Clear();
        _sealedArrival = LastArrival;
    }

    private void LoadTails()
    {
        _sealedArrival = LastArrival;
        var prefix = StoreKeys.Tagged('t', Number);
        using var iterator = _services.Store.Durable.Scan(ColumnFamily.Parked, prefix, StoreKeys.After(prefix));
        _hasTails = iterator.MoveNext();
    }
}
