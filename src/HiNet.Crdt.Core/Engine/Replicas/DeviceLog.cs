namespace HiNet.Crdt.Core.Engine.Replicas;

/// <summary>What a replica holds of one device: the newest entry of its chain, or of each branch when it forked.</summary>
internal sealed class DeviceLog(uint number, DeviceId device, IdentityId identity)
{
    public uint Number { get; } = number;

    public DeviceId Device { get; } = device;

    public IdentityId Identity { get; } = identity;

    /// <summary>Heads in order of id; one, unless the device forked; none while only a report on it has come.</summary>
    public List<(ulong Seq, EntryId Head)> Branches { get; } = [];

    /// <summary>An equivocation report on this device is in the conversation.</summary>
    public bool IsReported { get; set; }

    public bool HasForked => Branches.Count > 1;

    /// <summary>Moves a branch on, or starts one; true when this made a second branch.</summary>
    public bool Advance(EntryId? previous, ulong seq, EntryId id)
    {
        var index = previous is { } p ? Branches.FindIndex(branch => branch.Head == p) : -1;
        if (index >= 0)
        {
            Branches.RemoveAt(index);
        }

        Branches.Add((seq, id));
        Branches.Sort((x, y) => x.Head.CompareTo(y.Head));

        return index < 0 && Branches.Count > 1;
    }

    public bool IsHead(EntryId id)
    {
        foreach (var branch in Branches)
        {
            if (branch.Head == id)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Zero also when there is no branch.</summary>
    public ulong MaxSeq
    {
        get
        {
            var max = 0UL;
            foreach (var (seq, _) in Branches)
            {
                max = Math.Max(max, seq);
            }

            return max;
        }
    }
}
