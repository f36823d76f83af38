namespace HiNet.Crdt.Core.Engine;

/// <summary>
/// Those of the <see cref="Limits"/> that a simulation makes smaller, so that small worlds meet them, too. What peers must agree
/// on is not among them: nodes with different ones understand each other.
/// </summary>
internal sealed record EngineBounds
{
    public static EngineBounds Default { get; } = new();

    /// <summary><see cref="Limits.ParkedEntries"/>.</summary>
    public int ParkedEntries { get; init; } = Limits.ParkedEntries;

    /// <summary><see cref="Limits.ParkedBytes"/>.</summary>
    public long ParkedBytes { get; init; } = Limits.ParkedBytes;

    /// <summary><see cref="Limits.WaitingBytes"/>.</summary>
    public long WaitingBytes { get; init; } = Limits.WaitingBytes;

    /// <summary><see cref="Limits.GroupsOfOnePerson"/>.</summary>
    public int GroupsOfOnePerson { get; init; } = Limits.GroupsOfOnePerson;

    /// <summary><see cref="Limits.RememberedBytes"/>.</summary>
    public long RememberedBytes { get; init; } = Limits.RememberedBytes;

    /// <summary><see cref="Limits.RefusedIds"/>.</summary>
    public int RefusedIds { get; init; } = Limits.RefusedIds;

    /// <summary><see cref="Limits.RecentEntries"/>.</summary>
    public int RecentEntries { get; init; } = Limits.RecentEntries;

    /// <summary><see cref="Limits.NewestBytes"/>.</summary>
    public long NewestBytes { get; init; } = Limits.NewestBytes;

    /// <summary><see cref="Limits.SegmentWindowBytes"/>.</summary>
    public int SegmentWindowBytes { get; init; } = (int)Limits.SegmentWindowBytes;

    /// <summary><see cref="Limits.SegmentMessageBytes"/>.</summary>
    public int SegmentMessageBytes { get; init; } = Limits.SegmentMessageBytes;

    /// <summary><see cref="Limits.SegmentMessageMaxBytes"/>.</summary>
    public int SegmentMessageMaxBytes { get; init; } = Limits.SegmentMessageMaxBytes;

    /// <summary><see cref="Limits.SegmentHorizon"/>.</summary>
    public int SegmentHorizon { get; init; } = Limits.SegmentHorizon;

    /// <summary>Devices of one conversation that a channel remembers, <see cref="Limits.RemoteDevices"/>.</summary>
    public int RemoteDevices { get; init; } = Limits.RemoteDevices;

    /// <summary><see cref="Limits.ReceiptMembers"/>.</summary>
    public int ReceiptMembers { get; init; } = Limits.ReceiptMembers;

    /// <summary><see cref="Limits.ReceiptMarks"/>.</summary>
    public int ReceiptMarks { get; init; } = Limits.ReceiptMarks;

    /// <summary><see cref="Limits.GenesisMembers"/>, as far as this node creates groups.</summary>
    public int GenesisMembers { get; init; } = Limits.GenesisMembers;

    /// <summary><see cref="Limits.InvitationEpochs"/>, as far as this node invites.</summary>
    public int InvitationEpochs { get; init; } = Limits.InvitationEpochs;

    /// <summary><see cref="Limits.SupersededEpochs"/>.</summary>
    public int SupersededEpochs { get; init; } = Limits.SupersededEpochs;

    /// <summary><see cref="Limits.Invites"/>.</summary>
    public int Invites { get; init; } = Limits.Invites;

    /// <summary><see cref="Limits.OwnHeadClaims"/>.</summary>
    public int OwnHeadClaims { get; init; } = Limits.OwnHeadClaims;

    /// <summary>Parents that this node's entries have at most, 1 or more and up to what the log allows.</summary>
    public int Parents { get; init; } = Log.EntryLimits.MaxParents;

    /// <summary>Links of the node.</summary>
    public int Links { get; init; } = 512;

    /// <summary><see cref="Limits.ConversationChannels"/>.</summary>
    public int Channels { get; init; } = Limits.ConversationChannels;
}
