using System.Runtime.InteropServices;

namespace HiNet.Crdt.Core.Engine.Replicas;

/// <summary>What a replica holds of one device: the newest entry of its chain, or of each branch when it forked.</summary>
internal sealed class DeviceLog(uint number, DeviceId device, IdentityId identity)
{
    private readonly List<(ulong Seq, EntryId Head)> _branches = [];

    /// <summary>The lowest seq at which there are two entries; meaningless before there are two branches.</summary>
    private ulong _forkedAt;

    /// <summary>The highest seq of all branches but the longest.</summary>
    private ulong _secondSeq;

    public uint Number { get; } = number;

    public DeviceId Device { get; } = device;

    public IdentityId Identity { get; } = identity;

    /// <summary>Heads in order of id; one, unless the device forked; none while only a report on it has come.</summary>
    public IReadOnlyList<(ulong Seq, EntryId Head)> Branches => _branches;

    /// <summary>An equivocation report on this device is in the conversation.</summary>
    public bool IsReported { get; set; }

    /// <summary>The same to walk over, until the next entry comes: this is done with each batch, and they may be many.</summary>
    public ReadOnlySpan<(ulong Seq, EntryId Head)> Heads => CollectionsMarshal.AsSpan(_branches);

    /// <summary>What is to be written of heads that have a row each; null while they lie in the device's record.</summary>
    public HeadChanges? Rows { get; set; }

    public bool HasForked => _branches.Count > 1;

    /// <summary>Where the first two branches part: below it there is one entry at each seq. Zero where the device has not forked.</summary>
    public ulong ForkedAt => HasForked ? _forkedAt : 0;

    /// <summary>Zero also when there is no branch.</summary>
    public ulong MaxSeq { get; private set; }

    /// <summary>As it was stored.</summary>
    public void Load(IEnumerable<(ulong Seq, EntryId Head)> branches, ulong forkedAt)
    {
        _branches.Clear();
        (MaxSeq, _secondSeq, _forkedAt) = (0, 0, forkedAt);
        foreach (var branch in branches)
        {
            Reach(branch.Seq);
            _branches.Add(branch);
        }
    }

    /// <summary>Moves a branch on, or starts one; true when this made a second branch.</summary>
    public bool Advance(EntryId? previous, ulong seq, EntryId id)
    {
        var index = previous is { } p ? Find(p) : -1;
        if (index >= 0)
        {
            if (_branches[index].Seq == MaxSeq && seq > MaxSeq)
            {
                // The longest goes on; the others are as long as they were.
                MaxSeq = seq;
            }
            else
            {
                Reach(seq);
            }

            _branches.RemoveAt(index);
            Rows?.Remove(previous!.Value);
        }
        else
        {
            _forkedAt = HasForked ? Math.Min(_forkedAt, seq) : seq;
            Reach(seq);
        }

        _branches.Insert(~Find(id), (seq, id));
        Rows?.Add(id);
        return index < 0 && _branches.Count > 1;
    }

    public bool IsHead(EntryId id) => Find(id) >= 0;

    /// <summary>Where the branch with this head has come to.</summary>
    public ulong SeqOf(EntryId head) => _branches[Find(head)].Seq;

    /// <summary>Whether there may be several entries at a seq: elsewhere, whoever holds any entry above it holds the one that is there.</summary>
    public bool IsAmbiguous(ulong seq) => HasForked && seq >= _forkedAt && seq <= _secondSeq;

    private void Reach(ulong seq)
    {
        if (_branches.Count == 0 || seq > MaxSeq)
        {
            _secondSeq = _branches.Count == 0 ? 0 : MaxSeq;
            MaxSeq = seq;
        }
        else
        {
            _secondSeq = Math.Max(_secondSeq, seq);
        }
    }

    /// <summary>Its index, or the complement of the one where it would stand.</summary>
    private int Find(EntryId id)
    {
        var (low, high) = (0, _branches.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = _branches[middle].Head.CompareTo(id);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return ~low;
    }
}
