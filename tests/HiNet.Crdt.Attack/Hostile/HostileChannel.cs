using HiNet.Crdt.Core.Links;

namespace HiNet.Crdt.Attack.Hostile;

/// <summary>A conversation's channel on a hostile link, with the victim's device and one's own proved.</summary>
internal sealed class HostileChannel(HostileMember member, HostileChain chain)
{
    public const int ProveType = 0;
    public const int SummaryType = 1;
    public const int FrontierType = 2;
    public const int PullType = 3;
    public const int SegmentsType = 4;
    public const int ConsumedType = 5;
    public const int WantType = 7;
    public const int BodiesType = 8;

    public HostileMember Member { get; } = member;

    public HostileChain Chain { get; } = chain;

    /// <summary>Said to the victim as the own time, beside the true one.</summary>
    public TimeSpan ClockLie { get; init; }

    /// <summary>Whether the proof of the device is not one.</summary>
    public bool ForgesProof { get; init; }

    /// <summary>Takes what the victim says, by type, on the link's reading task.</summary>
    public Action<int, byte[]>? Heard { get; init; }

    public LinkChannel? Channel { get; set; }

    public bool HasProved { get; set; }

    /// <summary>Segments that the victim has not given back.</summary>
    public long Unconsumed { get; set; }

    public TaskCompletionSource Ready { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Closed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
