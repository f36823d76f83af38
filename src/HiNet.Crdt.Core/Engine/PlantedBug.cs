namespace HiNet.Crdt.Core.Engine;

/// <summary>
/// Mistakes that the simulator's own tests put into the engine, to see that its invariants find them. Only friend assemblies can
/// ask for one; everywhere else it is <see cref="None"/>.
/// </summary>
[Flags]
internal enum PlantedBug
{
    None = 0,

    /// <summary>An entry's place in its device's chain is not checked.</summary>
    BacklinkUnchecked = 1,

    /// <summary>An entry waits for the one before it in its chain, and not for what else it has seen.</summary>
    ParentsNotAwaited = 2,

    /// <summary>The first entry after a start takes its time from the wall clock alone.</summary>
    TimeForgotten = 4,

    /// <summary>Who has an entry of some height is taken to have every entry up to it.</summary>
    FrontierByHeight = 8,

    /// <summary>Entries from the future are applied, and passed on, at once.</summary>
    FutureApplied = 16,

    /// <summary>Others' content is passed on without its body, and nobody is given one who asks for it.</summary>
    BodiesWithheld = 32,

    /// <summary>An entry that came without its body stays without.</summary>
    AbsentForGood = 64,

    /// <summary>Any number of invitations waits, and any number of empty groups is joined.</summary>
    InvitationsUnbounded = 256,

    /// <summary>Conversations of which both ends have the same keep their channels, whoever waits.</summary>
    ChannelsNeverRest = 512,

    /// <summary>What comes ahead of the secret that opens it is told of at once.</summary>
    AwaitedToldAtOnce = 1_024,

    /// <summary>Any number of entries waits for its time.</summary>
    ParkedUnbounded = 4_096,

    /// <summary>A conversation that finds no room on a link is not opened there any more.</summary>
    NobodyWaitsForRoom = 8_192,

    /// <summary>Clocks are counted by the node that a link leads to, and not by its person.</summary>
    ClocksByNode = 16_384,

    /// <summary>An empty group stays that was joined under the id of a direct conversation.</summary>
    SquattersStay = 32_768,

    /// <summary>Of the control keys with which several invite to a group, the first counts.</summary>
    FirstKeyCounts = 65_536,

    /// <summary>One person may have any number of links.</summary>
    LinksOfOneUnbounded = 131_072,

    /// <summary>A deletion counts, whoever wrote it.</summary>
    AnyoneDeletes = 262_144,

    /// <summary>What came without its body is acknowledged.</summary>
    AbsentAcknowledged = 524_288,

    /// <summary>Nobody is told of a fork.</summary>
    ForksUnreported = 1_048_576,

    /// <summary>Links on which nobody shows who they are stay, whoever waits.</summary>
    StrangersStay = 2_097_152,

    /// <summary>Whoever cannot open an epoch that others write under does not ask for it.</summary>
    EpochsNotAskedFor = 4_194_304,

    /// <summary>An epoch's secret is whatever somebody says that it is.</summary>
    SecretsBelieved = 8_388_608,

    /// <summary>Whoever is pulled from keeps the turn while anything comes.</summary>
    TurnKept = 16_777_216,
}
