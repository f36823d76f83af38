using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Log;

namespace HiNet.Crdt.Core.Engine.Sessions;

/// <summary>What the other end of a channel is known to hold: what it said, what it sent, what it was sent.</summary>
internal sealed class RemoteState(NodeServices services, Func<DeviceId, DeviceLog?> logOf)
{
    private readonly Dictionary<DeviceId, long> _seqs = [];
    private readonly HashSet<DeviceId> _forked = [];
    private readonly HashSet<EntryId> _forkedEntries = [];

    /// <summary>Of devices in <see cref="_forked"/>: the highest seq of a head there that is an entry here, too.</summary>
    private readonly Dictionary<DeviceId, long> _commonSeqs = [];

    /// <summary>Bytes that are kept, about.</summary>
    public long KeptBytes => (_seqs.Count * 72L) + (_forked.Count * 48L) + (_forkedEntries.Count * 48L) + (_commonSeqs.Count * 72L);

    /// <summary>All of a device's entries up to here are there; -1 when nothing is known of it.</summary>
    public long SeqOf(DeviceId device)
    {
        if (!_forked.Contains(device))
        {
            return _seqs.GetValueOrDefault(device, -1);
        }

        var common = _commonSeqs.GetValueOrDefault(device, -1);
        return logOf(device) is { HasForked: true } log ? Math.Min(common, (long)log.ForkedAt - 1) : common;
    }

    public bool Has(EntryHeader header, EntryId id) => _forked.Contains(header.Device)
        ? _forkedEntries.Contains(id) || IsBelowCommonHead(header)
        : _seqs.GetValueOrDefault(header.Device, -1) >= (long)header.Seq;

    /// <summary>Whether nothing that this replica holds is missing there.</summary>
    public bool HasAll(IReadOnlyCollection<DeviceLog> devices)
    {
        if (_forked.Count > 0)
        {
            return false;
        }

        foreach (var log in devices)
        {
            if (log.HasForked || (log.Branches.Count > 0 && _seqs.GetValueOrDefault(log.Device, -1) < (long)log.MaxSeq))
            {
                return false;
            }
        }

        return true;
    }

    public void Note(EntryHeader header, EntryId id)
    {
        if (_forked.Contains(header.Device))
        {
            _forkedEntries.Add(id);
        }

        Note(header.Device, header.Seq);
    }

    /// <summary>
    /// An entry was sent. It tells of the chain before it only where that is known to be there: one that goes out before
    /// frontiers were compared must not make the other end seem to hold what it has yet to ask for.
    /// </summary>
    public void NoteSent(EntryHeader header, EntryId id)
    {
        if (_forked.Contains(header.Device))
        {
            _forkedEntries.Add(id);
        }

        if (_seqs.GetValueOrDefault(header.Device, -1) + 1 == (long)header.Seq)
        {
            Note(header.Device, header.Seq);
        }
    }

    /// <summary>Devices that nobody knows are remembered up to a bound: a peer could make up any number.</summary>
    public void Note(DeviceId device, ulong seq)
    {
        if (_seqs.TryGetValue(device, out var known))
        {
            _seqs[device] = Math.Max(known, (long)seq);
        }
        else if (_seqs.Count < services.Bounds.RemoteDevices)
        {
            _seqs[device] = (long)seq;
        }
        else
        {
            services.Marks.Hit("bound.remote.devices");
        }
    }

    /// <summary>A head that the other end named and that is an entry here: it holds all that is below it on its branch.</summary>
    public void NoteCommon(DeviceId device, ulong seq)
    {
        if (_forked.Contains(device))
        {
            _commonSeqs[device] = Math.Max(_commonSeqs.GetValueOrDefault(device, -1), (long)seq);
        }
    }

    /// <summary>Forgets what was sent and received: the other end holds what its frontier says.</summary>
    public void Restart(Frontier frontier, Func<EntryId, bool> isKnown)
    {
        _seqs.Clear();
        _forkedEntries.Clear();
        _commonSeqs.Clear();
        foreach (var head in frontier.Heads)
        {
            Note(head.Device, head.Seq);
            if (_forked.Contains(head.Device) && isKnown(head.Head))
            {
                NoteCommon(head.Device, head.Seq);
            }
        }
    }

    /// <summary>
    /// From now on a seq says nothing about this device where it has several entries: only ids do. A peer can name any number of devices,
    /// and of those beyond the bound a seq is believed.
    /// </summary>
    public void MarkForked(DeviceId device)
    {
        if (_forked.Count < services.Bounds.RemoteDevices || logOf(device) is not null)
        {
            _forked.Add(device);
        }
        else
        {
            services.Marks.Hit("bound.remote.devices");
        }
    }

    public bool IsForked(DeviceId device) => _forked.Contains(device);

    private bool IsBelowCommonHead(EntryHeader header) =>
        _commonSeqs.GetValueOrDefault(header.Device, -1) >= (long)header.Seq
        && logOf(header.Device) is { } log
        && !log.IsAmbiguous(header.Seq);
}
