using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Log;

namespace HiNet.Crdt.Core.Engine.Sessions;

/// <summary>What the other end of a channel is known to hold: what it said, what it sent, what it was sent.</summary>
internal sealed class RemoteState(NodeServices services)
{
    private readonly Dictionary<DeviceId, long> _seqs = [];
    private readonly HashSet<DeviceId> _forked = [];
    private readonly HashSet<EntryId> _forkedEntries = [];

    /// <summary>Bytes that are kept, about.</summary>
    public long KeptBytes => (_seqs.Count * 72L) + (_forked.Count * 48L) + (_forkedEntries.Count * 48L);

    public long SeqOf(DeviceId device) => _forked.Contains(device) ? -1 : _seqs.GetValueOrDefault(device, -1);

    public bool Has(EntryHeader header, EntryId id) => _forked.Contains(header.Device)
        ? _forkedEntries.Contains(id)
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

    /// <summary>Forgets what was sent and received: the other end holds what its frontier says.</summary>
    public void Restart(Frontier frontier)
    {
        _seqs.Clear();
        _forkedEntries.Clear();
        foreach (var head in frontier.Heads)
        {
            Note(head.Device, head.Seq);
        }
    }

    /// <summary>From now on a seq says nothing about this device: only ids do.</summary>
    public void MarkForked(DeviceId device) => _forked.Add(device);

    public bool IsForked(DeviceId device) => _forked.Contains(device);
}
