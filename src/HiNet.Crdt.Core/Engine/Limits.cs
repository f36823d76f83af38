namespace HiNet.Crdt.Core.Engine;

/// <summary>Bounds on everything that a remote node, or time, could make grow.</summary>
public static class Limits
{
    /// <summary>Entries of one conversation that wait for a predecessor.</summary>
    public const int CausalBufferEntries = 65_536;

    /// <summary>Bytes of them.</summary>
    public const long CausalBufferBytes = 12L << 20;

    /// <summary>Entries of one conversation that wait for their time.</summary>
    public const int ParkedEntries = 1_024;

    /// <summary>Bytes of them.</summary>
    public const long ParkedBytes = 8L << 20;

    /// <summary>
    /// Bytes of entries of all conversations that wait for a predecessor, of which the one that has waited the longest gives way
    /// (<see cref="Log.WaitingRoom"/>); and of those that wait for their time, of which a conversation may keep no more than would be left free
    /// (<see cref="Log.SharedRoom"/>).
    /// </summary>
    public const long WaitingBytes = 16L << 20;

    /// <summary>
    /// Bytes of what all channels remember of devices that are unknown here, which their other ends have named. A channel keeps no more of them than would be left free.
    /// </summary>
    public const long RememberedBytes = 16L << 20;

    /// <summary>Headers of entries for which there was no room among them.</summary>
    public const int TurnedAway = 1_024;

    /// <summary>Entry ids of one conversation that are known to be refused, so that they are not asked for again.</summary>
    public const int RefusedIds = 4_096;

    /// <summary>What a replica remembers of recent entries, so that most predecessors are found without a read.</summary>
    public const int RecentEntries = 16_384;

    /// <summary>Bytes of the newest entries of one conversation that are kept, to be sent without a read: the oldest of them give way.</summary>
    public const long NewestBytesOfOne = 256L << 10;

    /// <summary>The same of all conversations: the one in which the longest time nothing was applied keeps none.</summary>
    public const long NewestBytes = 4L << 20;

    /// <summary>Bytes of segments that a sender has under way to a receiver that has not consumed them.</summary>
    public const long SegmentWindowBytes = 4L << 20;

    /// <summary>A link with more bytes to send than this is ended: its other end does not read.</summary>
    public const long LinkBufferBytes = 16L << 20;

    /// <summary>
    /// Bytes that all channels of a link together may have waiting in it; then they take turns as it sends. With the longest
    /// message on top, and what has no turn to wait for, it is well below <see cref="LinkBufferBytes"/>.
    /// </summary>
    public const long LinkWindowBytes = 4L << 20;

    /// <summary>The machine hears of what a link has sent each time it is so many bytes.</summary>
    public const long LinkReportBytes = LinkWindowBytes / 16;

    /// <summary>
    /// Conversations open on one link at once. A link takes some more channels of one end (<see cref="Links.LinkOptions.MaxChannels"/>):
    /// whoever knocks with an invite is answered while all conversations are offered.
    /// </summary>
    public const int ConversationChannels = 960;

    /// <summary>Bytes of segments in one message.</summary>
    public const int SegmentMessageBytes = 128 << 10;

    /// <summary>Bytes of segments in one message where runs that cannot be divided make it longer; a link takes twice as much.</summary>
    public const int SegmentMessageMaxBytes = 4 << 20;

    /// <summary>Entries looked at for one message of segments, so that a device's entries come in long runs.</summary>
    public const int SegmentHorizon = 1_024;

    /// <summary>Devices, unknown here, that a channel remembers of its other end.</summary>
    public const int RemoteDevices = 65_536;

    /// <summary>Members up to which received messages are acknowledged one by one; above, receipts would outnumber messages.</summary>
    public const int ReceiptMembers = 32;

    /// <summary>Devices whose messages one receipt acknowledges; with all that there may be, it would not fit into an entry.</summary>
    public const int ReceiptMarks = 1_024;

    /// <summary>Entries looked at after a start, back to the last own receipt, for messages that were not acknowledged: more do not come while one is due.</summary>
    public const int RecalledEntries = 4_096;

    /// <summary>Members of a group. Each has a device at least, and an epoch has a box for every one (<see cref="Authority.AuthorityState.AuthorizedDevicesInAll"/>).</summary>
    public const int GroupMembers = 2_000;

    /// <summary>Members of a group at its creation.</summary>
    public const int GenesisMembers = 256;

    /// <summary>Epoch secrets handed over with an invitation to a group.</summary>
    public const int InvitationEpochs = 1_024;

    /// <summary>Invitations of one contact that wait for a decision; a new one takes the place of their oldest.</summary>
    public const int InvitationsOfOnePerson = 32;

    /// <summary>The same of all contacts; a new one takes the place of the oldest of whoever has most.</summary>
    public const int InvitationsInAll = 1_024;

    /// <summary>Groups of one inviter that a node joins by itself while nothing of them has come; further ones wait.</summary>
    public const int EmptyGroupsOfOnePerson = 32;

    /// <summary>Inviters to one group whose control keys are kept, one each, until its genesis comes, which one of them opens.</summary>
    public const int InvitersOfOneGroup = 32;

    /// <summary>Of these, keys that a channel's opening proves at a time: those of who is at the other end first.</summary>
    public const int ControlKeysAtOnce = 4;

    /// <summary>Empty groups that a node has joined by itself, of all inviters; further ones wait.</summary>
    public const int EmptyGroups = 256;

    /// <summary>Groups to which one person has invited that a node joins by itself, with what has come of them; further ones wait.</summary>
    public const int GroupsOfOnePerson = 4_096;

    /// <summary>Epochs that one epoch takes the place of, so that its body stays within its bound.</summary>
    public const int SupersededEpochs = 256;

    /// <summary>How often, between a start and the next, a device that only reads asks for epochs of one person's that do not open for it.</summary>
    public const int EpochsAskedFor = 8;

    /// <summary>Bytes of UTF-8 in a group's name.</summary>
    public const int GroupNameBytes = 128;

    /// <summary>Bytes of UTF-8 in a reaction.</summary>
    public const int EmojiBytes = 64;

    /// <summary>Emojis with which one person can have reacted to a message at a time; further ones count for nothing.</summary>
    public const int ReactionsOfOnePerson = 64;

    /// <summary>Reactions of one person to a message, those that take another back among them, that are looked at: the newest.</summary>
    public const int ReactionWordsOfOnePerson = 128;

    /// <summary>The same of all people: two of each member of the largest group.</summary>
    public const int ReactionsOfMessage = 4_096;

    /// <summary>How often, between a start and the next, one person is believed to hold own entries that are not here.</summary>
    public const int OwnHeadClaims = 3;

    /// <summary>The same of all people of a conversation together.</summary>
    public const int OwnHeadClaimsInAll = 8;

    /// <summary>Bytes that all links together keep of frames that are not whole; beyond it, the link that keeps most ends.</summary>
    public const long PartialFrameBytes = 32L << 20;

    /// <summary>Links with one person, whatever devices they come from; a new one ends the oldest.</summary>
    public const int LinksOfOnePerson = 16;

    /// <summary>Cards that are known to be valid without another look.</summary>
    public const int ValidCards = 1_024;

    /// <summary>Invites that are outstanding at once.</summary>
    public const int Invites = 1_000;

    /// <summary>People who become contacts by one invite.</summary>
    public const int InviteUses = 1_000;

    /// <summary>Proofs in a channel's opening.</summary>
    public const int Proofs = 8;

    /// <summary>How long an invite is valid.</summary>
    public static readonly TimeSpan InviteLifetime = TimeSpan.FromDays(30);

    /// <summary>How long an accepted invite is waited for after its end: clocks differ, and the answer may be on its way.</summary>
    public static readonly TimeSpan InviteGrace = TimeSpan.FromHours(1);

    /// <summary>How long after a link's other end has rejected an accepted invite it is tried there again.</summary>
    public static readonly TimeSpan KnockPause = TimeSpan.FromMinutes(5);

    /// <summary>How long writing waits for own entries that a peer says it holds; as long as a pull may be silent.</summary>
    public static readonly TimeSpan OwnHeadPatience = TimeSpan.FromSeconds(15);

    /// <summary>How far above the clock limit a timestamp may lie before its entry is parked.</summary>
    public static readonly TimeSpan FutureTolerance = TimeSpan.FromMinutes(5);

    /// <summary>A node's clock is corrected, and its person told, beyond this.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(2);

    /// <summary>
    /// The most by which members' clocks let entries lie above the own one: a time zone that was set wrongly, and no more, so that
    /// contacts who lie together are not believed for long.
    /// </summary>
    public static readonly TimeSpan ClockCorrection = TimeSpan.FromDays(1);

    /// <summary>A clock that shows an earlier time was never set: 2020-01-01, in Unix milliseconds.</summary>
    public const long EarliestTime = 1_577_836_800_000;

    /// <summary>A message that comes this far behind the newest one is marked as late.</summary>
    public static readonly TimeSpan LateAfter = TimeSpan.FromMinutes(1);

    /// <summary>
    /// A link that came in and on which nobody has shown who they are stays at least this long, unless there are too many of them; after it,
    /// it makes room when the node has too many links.
    /// </summary>
    public static readonly TimeSpan IdleLink = TimeSpan.FromSeconds(10);
}
