using Google.Protobuf;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Engine.Replicas;

internal sealed partial class Replica
{
    private readonly SortedDictionary<DeviceId, ulong> _unreportedForks = [];

    /// <summary>Some device has forked here.</summary>
    public bool HasForks { get; private set; }

    private void NoticeFork(DeviceLog log, ulong seq)
    {
        HasForks = true;
        _services.Marks.Hit("log.fork");
        _host.Count("hinet.log.forks");
        if (!log.IsReported && log.Device != _services.Device)
        {
            _unreportedForks.TryAdd(log.Device, seq);
        }
    }

    /// <summary>After a restart: forks that were seen before it and could not be reported then.</summary>
    private void RecallUnreportedForks()
    {
        foreach (var log in _devices.Values.Where(log => log.HasForked && !log.IsReported && log.Device != _services.Device))
        {
            ulong? last = null;
            foreach (var row in ChainRows(log.Number, 0, log.MaxSeq))
            {
                if (row.Seq == last)
                {
                    _unreportedForks.TryAdd(log.Device, row.Seq);
                    break;
                }

                last = row.Seq;
            }
        }
    }

    /// <summary>Kept also of a device of which nothing has come yet: a report need not stand behind both branches, nor behind any.</summary>
    private void MarkReported(DeviceId device)
    {
        _unreportedForks.Remove(device);
        if (Authority.TryGetDevice(device, out var known))
        {
            var log = LogOf(device, known.Identity);
            log.IsReported = true;
            _dirtyDevices[log.Number] = log;
        }
    }

    /// <summary>Whether a proof is no news: it is not the first of its device, or the device is no one's here.</summary>
    private bool IsReported(EquivocationProof proof) =>
        !EntryCodec.TryDecode(proof.First.Headers[0], out var header, out _)
        || !Authority.TryGetDevice(header.Device, out _)
        || (_devices.TryGetValue(header.Device, out var log) && log.IsReported);

    /// <summary>Enters the proof of every fork that is seen and not yet reported, with the branches in its past.</summary>
    public void ReportForks(Instant now)
    {
        var role = Authority.RoleOf(_services.Identity);
        if (_unreportedForks.Count == 0 || IsBehindItself(now) || role < Role.Reader || HasNoPlaceForThisDevice
            || _services.Has(PlantedBug.ForksUnreported)
            || (role == Role.Reader && !Authority.IsAuthorized(_services.Device)))
        {
            return;
        }

        foreach (var (device, seq) in _unreportedForks.ToList())
        {
            if (ProofOf(_devices[device], seq) is not { } proof)
            {
                // Without both signed paths yet: it is tried again with what comes next.
                continue;
            }

            _unreportedForks.Remove(device);
            var body = new EquivocationReportBody { Proof = ByteString.CopyFrom(proof.Encode()) };
            AppendControl(EntryKind.EquivocationReport, body, now);
            _services.Marks.Hit("log.fork.reported");
        }
    }

    private EquivocationProof? ProofOf(DeviceLog log, ulong seq)
    {
        var starts = ChainRows(log.Number, seq, seq);
        if (starts.Count < 2 || PathFrom(log.Number, starts[0]) is not { } first || PathFrom(log.Number, starts[1]) is not { } second)
        {
            return null;
        }

        return EquivocationProof.TryCreate(_services.Cryptography, first, second, out var proof) ? proof : null;
    }

    /// <summary>Headers from an entry up to the first signed one above it on the same branch.</summary>
    private SignedPath? PathFrom(uint device, ChainRow start)
    {
        var headers = new List<ReadOnlyMemory<byte>>();
        ChainRow? row = start;
        while (row is { } current)
        {
            if (!_services.Store.TryGet(ColumnFamily.Entries, StoreKeys.Entry(Number, current.Arrival), out var value))
            {
                return null;
            }

            var record = new EntryRecord(value);
            headers.Add(record.Header.ToArray());
            if (!record.Signature.IsEmpty)
            {
                return new SignedPath(headers, record.Signature.ToArray());
            }

            if (TailOf(current.Id) is { } tail)
            {
                return new SignedPath([.. headers, .. tail.Entries.Select(entry => entry.HeaderBytes)], tail.Signature);
            }

            if (current.Seq % SegmentRule.Period == 0)
            {
                return null;
            }

            row = null;
            foreach (var next in ChainRows(device, current.Seq + 1, current.Seq + 1))
            {
                if (ReadHeader(next.Arrival)?.Previous == current.Id)
                {
                    row = next;
                    break;
                }
            }
        }

        return null;
    }

    /// <summary>A device's entries with seq in [from, to], in order of seq and arrival.</summary>
    private List<ChainRow> ChainRows(uint device, ulong from, ulong to)
    {
        var rows = new List<ChainRow>();
        using var iterator = _services.Store.Scan(
            ColumnFamily.Chains, StoreKeys.Chain(Number, device, from, 0), StoreKeys.Chain(Number, device, to, ulong.MaxValue));
        while (iterator.MoveNext())
        {
            rows.Add(ChainRow.Decode(iterator.Key, iterator.Value));
        }

        return rows;
    }
}
