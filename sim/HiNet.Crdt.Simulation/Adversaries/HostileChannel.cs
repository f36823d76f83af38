using HiNet.Crdt.Core.Links;

namespace HiNet.Crdt.Simulation.Adversaries;

/// <summary>A conversation's channel on a link that an attacker holds. It is opened and proved properly; what is said on it is up to the attacker.</summary>
internal sealed class HostileChannel(ChannelLink link, MemberWriter writer)
{
    public const int ProveType = 0;
    public const int SummaryType = 1;
    public const int FrontierType = 2;
    public const int PullType = 3;
    public const int SegmentsType = 4;
    public const int ConsumedType = 5;
    public const int CaughtUpType = 6;

    public ChannelLink Link { get; } = link;

    /// <summary>What the attacker knows of the conversation.</summary>
    public MemberWriter Writer { get; } = writer;

    public LinkChannel? Channel { get; set; }

    public bool HasProved { get; set; }

    public bool IsOpen => Channel is { State: LinkChannelState.Open };

    /// <summary>Sends a message of any type; one on a channel that the other end has closed is lost.</summary>
    public void Send(int type, byte[] payload) => Link.Send(this, type, payload);
}
