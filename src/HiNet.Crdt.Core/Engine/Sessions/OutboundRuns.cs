using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Sync;

namespace HiNet.Crdt.Core.Engine.Sessions;

/// <summary>
/// Turns entries in order of arrival into signed runs: a device's entries gather until a signature covers them, and as far as the
/// horizon allows under one signature, so that a long history costs one signature in 64 entries.
/// </summary>
internal sealed class OutboundRuns(Replica replica, RemoteState remote, NodeServices services)
{
    /// <summary>From so many entries on it pays to compare all devices before any entry is looked at.</summary>
    private const ulong LongBacklog = 16;

    /// <summary>Bytes of a run that a message has room for.</summary>
    private const long LongestRun = Links.LinkOptions.MaxPayload - 4_096;

    /// <summary>Of devices of which something has gathered; empty after most messages, however many devices there are.</summary>
    private readonly SortedDictionary<DeviceId, List<Gathering>> _gatherings = [];

    private readonly List<DeviceId> _done = [];
    private long _gathered;
    private bool _isFull;

    /// <summary>The replica's erasures when what has gathered was last looked through for bodies that are to be gone.</summary>
    private ulong _erasures;

    /// <summary>Everything up to here was looked at.</summary>
    public ulong Cursor { get; set; }

    /// <summary>Bytes of what has gathered.</summary>
    public long KeptBytes => _gathered;

    public bool AtEnd => Cursor >= replica.DurableArrival && !_isFull;

    /// <summary>Starts again from an arrival, forgetting what has gathered.</summary>
    public void Restart(ulong cursor)
    {
        Cursor = cursor;
        _gatherings.Clear();
        _gathered = 0;
        _isFull = false;
    }

    /// <summary>Writes runs until a message is full, the horizon is reached, or nothing is left. False when there is nothing to send.</summary>
    public bool Fill(SegmentWriter writer)
    {
        if (_gathered == 0 && replica.DurableArrival - Cursor >= LongBacklog && HasAll())
        {
            // Bulk from the other end: nothing of it needs to be read again to find that it came from there.
            Cursor = replica.DurableArrival;
            return false;
        }

        StripErased();
        var seen = 0;
        foreach (var (arrival, entry, signature) in replica.Arrivals(Cursor, services.Bounds.SegmentHorizon))
        {
            services.Cost.Count(CostKind.Entry);
            Cursor = arrival;
            seen++;
            if (!remote.Has(entry.Header, entry.Id))
            {
                Gather(replica.IsErasing && replica.IsErased(entry.Id) ? entry.WithBody(null) : entry, signature, writer);
            }

            if (writer.Length + _gathered >= services.Bounds.SegmentMessageBytes)
            {
                services.Marks.Hit("bound.segment.message");
                break;
            }
        }

        if (seen == services.Bounds.SegmentHorizon)
        {
            services.Marks.Hit("bound.segment.horizon");
        }

        _isFull = false;
        foreach (var (device, branches) in _gatherings)
        {
            var isDone = true;
            foreach (var gathering in branches)
            {
                EmitWhatFits(gathering, writer);
                isDone &= gathering.Entries.Count == 0;
            }

            if (isDone)
            {
                _done.Add(device);
            }
        }

        _done.ForEach(device => _gatherings.Remove(device));
        _done.Clear();
        return writer.Length > 0 || seen > 0;
    }

    /// <summary>What has gathered may wait for long, and what was deleted meanwhile goes out without its body.</summary>
    private void StripErased()
    {
        if (_erasures == replica.Erasures)
        {
            return;
        }

        _erasures = replica.Erasures;
        foreach (var gathering in _gatherings.Values.SelectMany(branches => branches))
        {
            for (var i = 0; i < gathering.Entries.Count; i++)
            {
                var entry = gathering.Entries[i];
                if (entry.Body is not null && replica.IsErased(entry.Id))
                {
                    gathering.Entries[i] = Entry.FromStore(entry.Header, entry.HeaderBytes, entry.Id, null);
                }
            }

            Recount(gathering);
        }
    }

    private bool HasAll()
    {
        services.Cost.Count(CostKind.Head, replica.Devices.Count);
        return remote.HasAll(replica.Devices);
    }

    /// <summary>A message has a bound that nothing may exceed: what does not fit goes with the next one.</summary>
    private void EmitWhatFits(Gathering gathering, SegmentWriter writer)
    {
        if (writer.Length + gathering.Bytes >= services.Bounds.SegmentMessageMaxBytes && writer.Length > 0)
        {
            services.Marks.Hit("bound.segment.longest");
            _isFull |= gathering.SignedCount > 0 || VouchingTail(gathering) is not null;
            return;
        }

        Emit(gathering, writer);
        EmitWithTail(gathering, writer);
    }

    private void Gather(Entry entry, ReadOnlyMemory<byte> signature, SegmentWriter writer)
    {
        if (services.Has(PlantedBug.BodiesWithheld) && entry.Header.Epoch is not null && entry.Header.Device != services.Device)
        {
            entry = entry.WithBody(null);
        }

        var gathering = GatheringFor(entry, writer);
        gathering.Entries.Add(entry);
        gathering.Bytes += SizeOf(entry);
        _gathered += SizeOf(entry);
        remote.NoteSent(entry.Header, entry.Id);
        if (!signature.IsEmpty)
        {
            gathering.SignedCount = gathering.Entries.Count;
            gathering.Signature = signature;
            if (entry.Header.Seq % SegmentRule.Period == 0 || gathering.Bytes >= services.Bounds.SegmentMessageBytes)
            {
                Emit(gathering, writer);
            }
        }
    }

    /// <summary>The branch that an entry goes on with; branches of a device that forked gather side by side.</summary>
    private Gathering GatheringFor(Entry entry, SegmentWriter writer)
    {
        if (!_gatherings.TryGetValue(entry.Header.Device, out var branches))
        {
            _gatherings[entry.Header.Device] = branches = [new Gathering()];
        }

        var free = branches.FindIndex(branch => branch.Entries.Count == 0);
        var own = branches.FindIndex(branch => branch.Entries.Count > 0 && branch.Entries[^1].Id == entry.Header.Previous);
        if (own < 0 && free < 0 && replica.TryGetDevice(entry.Header.Device, out var log) && log!.HasForked)
        {
            free = branches.Count;
            branches.Add(new Gathering());
        }

        var gathering = branches[own >= 0 ? own : Math.Max(free, 0)];
        if (own < 0 && gathering.Entries.Count > 0)
        {
            // A gap that the other end has filled otherwise: what is signed goes out, the rest has lost its place.
            Emit(gathering, writer);
            gathering.Entries.Clear();
            Recount(gathering);
        }

        return gathering;
    }

    /// <summary>What is left may be vouched for by a signature on entries that are not applied here; null when it is not, or not in one run.</summary>
    private SignedRun? VouchingTail(Gathering gathering) =>
        gathering.Entries.Count > 0
        && replica.TailOf(gathering.Entries[^1].Id) is { } tail
        && tail.Entries.Count + gathering.Entries.Count <= SegmentRule.Period
            ? tail
            : null;

    /// <summary>What a tail vouches for goes out with it.</summary>
    private void EmitWithTail(Gathering gathering, SegmentWriter writer)
    {
        if (VouchingTail(gathering) is not { } tail)
        {
            return;
        }

        if (writer.Length > 0 && writer.Length + gathering.Bytes + tail.Entries.Sum(SizeOf) >= services.Bounds.SegmentMessageMaxBytes)
        {
            services.Marks.Hit("bound.segment.longest");
            _isFull = true;
            return;
        }

        gathering.Entries.AddRange(tail.Entries);
        gathering.SignedCount = gathering.Entries.Count;
        gathering.Signature = tail.Signature;
        Emit(gathering, writer);
    }

    /// <summary>
    /// What came in two messages, under two signatures or with some of its bodies, may be longer than a message has room for. A signature needs
    /// headers alone: bodies of content stay behind, from the end, and are asked for.
    /// </summary>
    private static void Shorten(List<Entry> entries)
    {
        var bytes = entries.Sum(SizeOf);
        for (var i = entries.Count - 1; i >= 0 && bytes > LongestRun; i--)
        {
            if (entries[i] is { Body.Length: var length, Header.Epoch: not null })
            {
                entries[i] = entries[i].WithBody(null);
                bytes -= length;
            }
        }
    }

    private void Emit(Gathering gathering, SegmentWriter writer)
    {
        if (gathering.SignedCount == 0)
        {
            return;
        }

        var entries = gathering.Entries.GetRange(0, gathering.SignedCount);
        Shorten(entries);
        writer.Write(new SignedRun(entries[0].Header.Device, entries, gathering.Signature));
        gathering.Entries.RemoveRange(0, gathering.SignedCount);
        gathering.SignedCount = 0;
        Recount(gathering);
    }

    private void Recount(Gathering gathering)
    {
        _gathered -= gathering.Bytes;
        gathering.Bytes = gathering.Entries.Sum(SizeOf);
        _gathered += gathering.Bytes;
    }

    private static long SizeOf(Entry entry) => entry.HeaderBytes.Length + (entry.Body?.Length ?? 0) + 16;

    private sealed class Gathering
    {
        public List<Entry> Entries { get; } = [];

        public int SignedCount { get; set; }

        public long Bytes { get; set; }

        public ReadOnlyMemory<byte> Signature { get; set; }
    }
}
