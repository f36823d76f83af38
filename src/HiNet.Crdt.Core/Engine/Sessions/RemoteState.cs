using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine.Sessions;

/// <summary>
/// What the other end of a channel is known to hold: what it said, what it sent, what it was sent. Of devices that are unknown here it is remembered only
/// while there is room, which all channels share: whoever makes up devices fills nobody's memory. What is forgotten is sent once more than it has to be.
/// </summary>
internal sealed class RemoteState(NodeServices services, Func<DeviceId, DeviceLog?> logOf)
{
    /// <summary>What an unknown device takes in one of the two tables.</summary>
    private const long UnknownBytes = 72;

    /// <summary>By the other end's last frontier.</summary>
    private readonly Dictionary<DeviceId, long> _seqs = [];

    /// <summary>By what was sent and what came since a pull last took it for all that the frontier says.</summary>
    private readonly Dictionary<DeviceId, long> _moved = [];

    private readonly HashSet<DeviceId> _forked = [];
    private readonly HashSet<EntryId> _forkedEntries = [];

    /// <summary>Of devices in <see cref="_forked"/>: the highest seq of a head there that is an entry here, too.</summary>
    private readonly Dictionary<DeviceId, long> _commonSeqs = [];

    /// <summary>Heads of devices that are known here, by the last frontier.</summary>
    private readonly List<FrontierHead> _heads = [];
    private readonly HashSet<EntryId> _headIds = [];

    /// <summary>Of devices in <see cref="_seqs"/>, and in <see cref="_moved"/>, how many were unknown here when they were noted; these take room.</summary>
    private (int Said, int Moved) _unknown;

    /// <summary>Bytes that are kept, about.</summary>
    public long KeptBytes =>
        ((_seqs.Count + _moved.Count) * 72L) + (_heads.Count * 128L) + (_forked.Count * 48L) + (_forkedEntries.Count * 48L) + (_commonSeqs.Count * 72L);

    /// <summary>All of a device's entries up to here are there; -1 when nothing is known of it.</summary>
    public long SeqOf(DeviceId device)
    {
        if (!_forked.Contains(device))
        {
            return Known(device);
        }

        if (logOf(device) is { Branches.Count: > 0 } all && HasAllOf(all))
        {
            return (long)all.MaxSeq;
        }

        var common = _commonSeqs.GetValueOrDefault(device, -1);
        return logOf(device) is { HasForked: true } log ? Math.Min(common, (long)log.ForkedAt - 1) : common;
    }

    public bool Has(EntryHeader header, EntryId id) => _forked.Contains(header.Device)
        ? _forkedEntries.Contains(id) || IsBelowCommonHead(header)
        : Known(header.Device) >= (long)header.Seq;

    /// <summary>Whether nothing that this replica holds is missing there.</summary>
    public bool HasAll(IReadOnlyCollection<DeviceLog> devices)
    {
        foreach (var log in devices)
        {
            var hasForked = log.HasForked || _forked.Contains(log.Device);
            if (hasForked ? !HasAllOf(log) : log.Branches.Count > 0 && Known(log.Device) < (long)log.MaxSeq)
            {
                return false;
            }
        }

        return true;
    }

    public void Note(EntryHeader header, EntryId id)
    {
        if (_forked.Contains(header.Device) && _forkedEntries.Count < services.Bounds.RemoteDevices)
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

        if (Known(header.Device) + 1 == (long)header.Seq)
        {
            Note(header.Device, header.Seq);
        }
    }

    /// <summary>Devices that nobody knows are remembered while there is room: a peer could make up any number.</summary>
    public void Note(DeviceId device, ulong seq) => Note(_moved, device, seq, ref _unknown.Moved);

    /// <summary>The other end has said what it has.</summary>
    public void Said(Frontier frontier)
    {
        Forget(ref _unknown.Said);
        _seqs.Clear();
        _heads.Clear();
        _headIds.Clear();
        var ofOne = 0;
        for (var i = 0; i < frontier.Heads.Count; i++)
        {
            var head = frontier.Heads[i];
            ofOne = i > 0 && frontier.Heads[i - 1].Device == head.Device ? ofOne + 1 : 1;
            Note(_seqs, head.Device, head.Seq, ref _unknown.Said);
            if (ofOne <= EntryLimits.MaxFrontierHeadsOfOneDevice && logOf(head.Device) is not null)
            {
                _heads.Add(head);
                _headIds.Add(head.Head);
            }
        }
    }

    /// <summary>The channel has ended: what it remembered makes room.</summary>
    public void Forget()
    {
        Forget(ref _unknown.Said);
        Forget(ref _unknown.Moved);
    }

    /// <summary>A head that the other end named and that is an entry here: it holds all that is below it on its branch.</summary>
    public void NoteCommon(DeviceId device, ulong seq)
    {
        if (_forked.Contains(device))
        {
            _commonSeqs[device] = Math.Max(_commonSeqs.GetValueOrDefault(device, -1), (long)seq);
        }
    }

    /// <summary>Forgets what was sent and received: the other end holds what its frontier says. Costs as much as was sent and received.</summary>
    public void Restart(Func<EntryId, bool> isKnown)
    {
        Forget(ref _unknown.Moved);
        _moved.Clear();
        _forkedEntries.Clear();
        _commonSeqs.Clear();
        foreach (var head in _forked.Count > 0 ? _heads : [])
        {
            services.Cost.Count(CostKind.Head);
            if (_forked.Contains(head.Device) && isKnown(head.Head))
            {
                NoteCommon(head.Device, head.Seq);
            }
        }
    }

    /// <summary>
    /// From now on a seq says nothing about this device where it has several entries: only ids do. Of a device that is unknown here nothing is sent, and
    /// a seq is believed until it is known.
    /// </summary>
    public void MarkForked(DeviceId device)
    {
        if (logOf(device) is not null)
        {
            _forked.Add(device);
        }
        else
        {
            services.Marks.Hit("remote.fork.unknown");
        }
    }

    public bool IsForked(DeviceId device) => _forked.Contains(device);

    private long Known(DeviceId device) => Math.Max(_seqs.GetValueOrDefault(device, -1), _moved.GetValueOrDefault(device, -1));

    private void Note(Dictionary<DeviceId, long> seqs, DeviceId device, ulong seq, ref int unknown)
    {
        if (seqs.TryGetValue(device, out var known))
        {
            seqs[device] = Math.Max(known, (long)seq);
        }
        else if (logOf(device) is not null)
        {
            seqs[device] = (long)seq;
        }
        else if (unknown < services.Bounds.RemoteDevices && services.Remembered.HasRoom(unknown * UnknownBytes, UnknownBytes))
        {
            unknown++;
            services.Remembered.Note(UnknownBytes);
            seqs[device] = (long)seq;
        }
        else
        {
            services.Marks.Hit("bound.remote.devices");
        }
    }

    private void Forget(ref int unknown)
    {
        services.Remembered.Note(-unknown * UnknownBytes);
        unknown = 0;
    }

    /// <summary>Whether the other end has named every head that a device has here: then it has all that is behind them.</summary>
    private bool HasAllOf(DeviceLog log)
    {
        services.Cost.Count(CostKind.Head, log.Branches.Count);
        foreach (var (_, head) in log.Branches)
        {
            if (!_headIds.Contains(head) && !_forkedEntries.Contains(head))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsBelowCommonHead(EntryHeader header) =>
        _commonSeqs.GetValueOrDefault(header.Device, -1) >= (long)header.Seq
        && logOf(header.Device) is { } log
        && !log.IsAmbiguous(header.Seq);
}
