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
    /// <summary>What an unknown device takes, with the head that names it.</summary>
    private const long UnknownBytes = 152;

    private readonly Dictionary<DeviceId, long> _seqs = [];
    private readonly HashSet<DeviceId> _forked = [];
    private readonly HashSet<EntryId> _forkedEntries = [];

    /// <summary>Of devices in <see cref="_forked"/>: the highest seq of a head there that is an entry here, too.</summary>
    private readonly Dictionary<DeviceId, long> _commonSeqs = [];

    /// <summary>Heads that the other end named last, of devices that are remembered.</summary>
    private FrontierHead[] _said = [];

    /// <summary>Of devices in <see cref="_seqs"/> that were unknown here when they were noted, how many; these take room.</summary>
    private int _unknown;

    /// <summary>Something was sent, came or was named since this was all that the frontier says.</summary>
    private bool _isMoved = true;

    private ulong _restartedAt;

    /// <summary>Bytes that are kept, about.</summary>
    public long KeptBytes => (_said.Length * 80L) + (_seqs.Count * 72L) + (_forked.Count * 48L) + (_forkedEntries.Count * 48L) + (_commonSeqs.Count * 72L);

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
        _isMoved = true;
        if (_forked.Contains(header.Device))
        {
            _forkedEntries.Add(id);
        }

        if (_seqs.GetValueOrDefault(header.Device, -1) + 1 == (long)header.Seq)
        {
            Note(header.Device, header.Seq);
        }
    }

    /// <summary>Devices that nobody knows are remembered while there is room: a peer could make up any number.</summary>
    public void Note(DeviceId device, ulong seq)
    {
        _isMoved = true;
        if (_seqs.TryGetValue(device, out var known))
        {
            _seqs[device] = Math.Max(known, (long)seq);
        }
        else if (logOf(device) is not null)
        {
            _seqs[device] = (long)seq;
        }
        else if (_unknown < services.Bounds.RemoteDevices && services.Remembered.HasRoom(_unknown * UnknownBytes, UnknownBytes))
        {
            _unknown++;
            services.Remembered.Note(UnknownBytes);
            _seqs[device] = (long)seq;
        }
        else
        {
            services.Marks.Hit("bound.remote.devices");
        }
    }

    /// <summary>The other end has said what it has.</summary>
    public void Said(Frontier frontier) => _said = [.. frontier.Heads.Where(head => _seqs.ContainsKey(head.Device) || _forked.Contains(head.Device))];

    /// <summary>The channel has ended: what it remembered makes room.</summary>
    public void Forget()
    {
        services.Remembered.Note(-_unknown * UnknownBytes);
        _unknown = 0;
    }

    /// <summary>A head that the other end named and that is an entry here: it holds all that is below it on its branch.</summary>
    public void NoteCommon(DeviceId device, ulong seq)
    {
        if (_forked.Contains(device))
        {
            _commonSeqs[device] = Math.Max(_commonSeqs.GetValueOrDefault(device, -1), (long)seq);
        }
    }

    /// <summary>Forgets what was sent and received: the other end holds what its frontier says. Costs nothing while that is so anyway.</summary>
    public void Restart(ulong arrival, Func<EntryId, bool> isKnown)
    {
        if (!_isMoved && _restartedAt == arrival)
        {
            return;
        }

        services.Remembered.Note(-_unknown * UnknownBytes);
        _unknown = 0;
        _seqs.Clear();
        _forkedEntries.Clear();
        _commonSeqs.Clear();
        services.Cost.Count(CostKind.Head, _said.Length);
        foreach (var head in _said)
        {
            Note(head.Device, head.Seq);
            if (_forked.Contains(head.Device) && isKnown(head.Head))
            {
                NoteCommon(head.Device, head.Seq);
            }
        }

        _isMoved = false;
        _restartedAt = arrival;
    }

    /// <summary>
    /// From now on a seq says nothing about this device where it has several entries: only ids do. Of a device that is unknown here nothing is sent, and
    /// a seq is believed until it is known.
    /// </summary>
    public void MarkForked(DeviceId device)
    {
        if (logOf(device) is not null)
        {
            _isMoved |= _forked.Add(device);
        }
        else
        {
            services.Marks.Hit("remote.fork.unknown");
        }
    }

    public bool IsForked(DeviceId device) => _forked.Contains(device);

    private bool IsBelowCommonHead(EntryHeader header) =>
        _commonSeqs.GetValueOrDefault(header.Device, -1) >= (long)header.Seq
        && logOf(header.Device) is { } log
        && !log.IsAmbiguous(header.Seq);
}
