namespace HiNet.Crdt.Simulation;

/// <summary>Bugs that can be planted between the engine and the world. A simulator that does not catch them is blind.</summary>
internal enum Canary
{
    None = 0,

    /// <summary>Batches are reported durable at once and written later: everything is sent, acknowledged and published too early.</summary>
    SendBeforeDurable = 1,

    /// <summary>A restarted node finds its disk as it was one batch before the crash.</summary>
    LostAcknowledgedBatch = 2,

    /// <summary>Each publication is reported twice.</summary>
    PublishedTwice = 3,

    /// <summary>Every published conversation's last event is reported once more after a restart.</summary>
    PublishedTwiceAfterRestart = 4,

    /// <summary>Every signature is taken for a good one.</summary>
    SignatureUnchecked = 5,

    /// <summary>The entries of one batch are applied in the reverse order.</summary>
    AppliesReordered = 6,

    /// <summary>A full disk's refusal is taken for success.</summary>
    WriteErrorIgnored = 7,

    /// <summary>A deletion ends when an edit comes behind it, whichever was meant to be last.</summary>
    DeletionResurrected = 8,

    /// <summary>What a receipt says is added to what earlier ones said.</summary>
    ReceiptCountedTwice = 9,

    /// <summary>Entries that wait for a predecessor are kept without a bound.</summary>
    CausalBufferUnbounded = 10,

    /// <summary>In the engine: an entry's place in its device's chain is not checked.</summary>
    BacklinkUnchecked = 11,

    /// <summary>In the engine: an entry does not wait for what others wrote before it.</summary>
    ParentsAppliedLate = 12,

    /// <summary>In the engine: the first entry after a restart takes its time from the wall clock alone.</summary>
    TimeForgottenInRestart = 13,

    /// <summary>In the engine: frontiers are compared by height.</summary>
    FrontierByHeight = 14,

    /// <summary>In the engine: entries from the future are applied and passed on.</summary>
    ParkedRelayed = 15,

    /// <summary>Every text is shown up to its eighth character.</summary>
    TextCut = 16,

    /// <summary>Answers are shown without what they answer.</summary>
    ReplyForgotten = 17,

    /// <summary>Answers are shown as by whom they answer.</summary>
    AuthorMistaken = 18,

    /// <summary>Subscribers are not told of edits.</summary>
    EditUntold = 19,

    /// <summary>What a receipt says takes the place of what earlier ones said.</summary>
    LastReceiptWins = 20,

    /// <summary>A restarted node does not know its receipts any more.</summary>
    ReceiptsForgottenInRestart = 21,

    /// <summary>The row that leads from a message to a reaction is not kept.</summary>
    ReactionRowForgotten = 22,

    /// <summary>The edits of a deleted message keep their texts.</summary>
    EditOfDeletedKept = 23,

    /// <summary>Nobody is told of new conversations and contacts, nor that a contact was met.</summary>
    AdditionsUnannounced = 24,

    /// <summary>Contacts are listed in the reverse order.</summary>
    ContactsReversed = 25,

    /// <summary>Every contact is shown as one whose invite was used up.</summary>
    ContactsUnmet = 26,

    /// <summary>Equivocations are told of as another's, in another place, of one entry.</summary>
    EquivocationMistaken = 27,

    /// <summary>Entries are said to wait where none do.</summary>
    WaitingMiscounted = 28,

    /// <summary>Subscribers are told that somebody has read up to the message before the one that they have.</summary>
    ReadMistaken = 29,

    /// <summary>In the engine: an entry that came without its body stays without.</summary>
    AbsentForGood = 30,

    /// <summary>In the engine: any number of invitations waits, and any number of empty groups is joined.</summary>
    InvitationsUnbounded = 32,

    /// <summary>In the engine: equal conversations keep their channels, whoever waits.</summary>
    ChannelsNeverRest = 33,

    /// <summary>In the engine: what comes ahead of its secret is told of at once.</summary>
    AwaitedToldAtOnce = 34,

    /// <summary>In the engine: any number of entries waits for its time.</summary>
    ParkedUnbounded = 36,

    /// <summary>In the engine: a conversation that finds no room on a link is not opened there any more.</summary>
    NobodyWaitsForRoom = 37,

    /// <summary>In the engine: clocks are counted by the node that a link leads to, and not by its person.</summary>
    ClocksByNode = 38,

    /// <summary>In the engine: an empty group stays that was joined under the id of a direct conversation.</summary>
    SquattersStay = 39,

    /// <summary>In the engine: of the control keys with which several invite to a group, the first counts.</summary>
    FirstKeyCounts = 40,

    /// <summary>In the engine: one person may have any number of links.</summary>
    LinksOfOneUnbounded = 41,

    /// <summary>In the engine: a deletion counts, whoever wrote it.</summary>
    AnyoneDeletes = 42,

    /// <summary>In the engine: what came without its body is acknowledged.</summary>
    AbsentAcknowledged = 43,

    /// <summary>In the engine: nobody is told of a fork.</summary>
    ForksUnreported = 44,

    /// <summary>In the engine: links on which nobody shows who they are stay, whoever waits.</summary>
    StrangersStay = 45,

    /// <summary>In the engine: whoever cannot open an epoch that others write under does not ask for it.</summary>
    EpochsNotAskedFor = 46,

    /// <summary>In the engine: an epoch's secret is whatever somebody says that it is.</summary>
    SecretsBelieved = 47,

    /// <summary>In the engine: whoever is pulled from keeps the turn while anything comes.</summary>
    TurnKept = 48,
}
