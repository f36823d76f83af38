using HiNet.Crdt.Core.Engine;

namespace HiNet.Crdt.Simulation.Scenarios;

/// <summary>The bounds of the engine that a scenario can make smaller. Nodes still understand each other: each is one node's own affair.</summary>
internal static class ScenarioBounds
{
    /// <summary>In alphabetical order.</summary>
    public static IReadOnlyList<ScenarioBound> All { get; } =
    [
        new("channels", 1, bounds => bounds.Channels, (bounds, value) => bounds with { Channels = value }),
        new("genesisMembers", 1, bounds => bounds.GenesisMembers, (bounds, value) => bounds with { GenesisMembers = value }),
        new("invitationEpochs", 1, bounds => bounds.InvitationEpochs, (bounds, value) => bounds with { InvitationEpochs = value }),
        new("invites", 1, bounds => bounds.Invites, (bounds, value) => bounds with { Invites = value }),
        new("links", 1, bounds => bounds.Links, (bounds, value) => bounds with { Links = value }),
        new("newestBytes", 1_024, bounds => (int)bounds.NewestBytes, (bounds, value) => bounds with { NewestBytes = value }),
        new("ownHeadClaims", 1, bounds => bounds.OwnHeadClaims, (bounds, value) => bounds with { OwnHeadClaims = value }),
        new("parents", 1, bounds => bounds.Parents, (bounds, value) => bounds with { Parents = value }),
        new("parkedRuns", 1, bounds => bounds.ParkedEntries, (bounds, value) => bounds with { ParkedEntries = value }),
        new("receiptMembers", 1, bounds => bounds.ReceiptMembers, (bounds, value) => bounds with { ReceiptMembers = value }),
        new("recentEntries", 1, bounds => bounds.RecentEntries, (bounds, value) => bounds with { RecentEntries = value }),
        new("refusedIds", 1, bounds => bounds.RefusedIds, (bounds, value) => bounds with { RefusedIds = value }),
        new("remoteDevices", 1, bounds => bounds.RemoteDevices, (bounds, value) => bounds with { RemoteDevices = value }),
        new("segmentHorizon", 1, bounds => bounds.SegmentHorizon, (bounds, value) => bounds with { SegmentHorizon = value }),
        new("segmentMessageBytes", 256, bounds => bounds.SegmentMessageBytes, (bounds, value) => bounds with { SegmentMessageBytes = value }),
        new("segmentMessageMaxBytes", 1_024, bounds => bounds.SegmentMessageMaxBytes, (bounds, value) => bounds with { SegmentMessageMaxBytes = value }),
        new("segmentWindowBytes", 256, bounds => bounds.SegmentWindowBytes, (bounds, value) => bounds with { SegmentWindowBytes = value }),
        new("supersededEpochs", 1, bounds => bounds.SupersededEpochs, (bounds, value) => bounds with { SupersededEpochs = value }),
    ];

    /// <summary>The engine's bounds with those that a scenario makes smaller.</summary>
    public static EngineBounds Of(Scenario scenario)
    {
        var bounds = EngineBounds.Default;
        foreach (var bound in All)
        {
            if (scenario.Bounds.TryGetValue(bound.Name, out var value))
            {
                bounds = bound.With(bounds, value);
            }
        }

        return bounds;
    }
}
