using System.Text;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>
/// A node refuses only what it is right to refuse. The reason that it gives is compared with what the world knows: what was asked
/// before, what is on which disk, which disk is full, who was made a member by whom. A reason that the catalogue does not have is
/// never right.
/// </summary>
internal sealed class RefusalJustified(InvariantChecker checker) : Invariant(checker)
{
    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    private readonly SortedDictionary<RefusalReason, (int Right, int Wrong)> _judged = [];
    private readonly HashSet<(int Node, EntryId Message)> _deleted = [];
    private readonly Dictionary<string, (int Node, long Expires)> _invites = [];
    private readonly SortedDictionary<int, int> _invitesOf = [];

    /// <summary>By how much each node's wall clock was ahead of the world's time when that was least, in milliseconds.</summary>
    private readonly SortedDictionary<int, long> _lowestOffsets = [];
    private readonly SortedDictionary<int, long> _highestOffsets = [];
    private readonly HashSet<(int Node, IdentityId Contact)> _contacts = [];

    public override string Id => "refusal-justified";

    /// <summary>How often each reason was given, rightly and not.</summary>
    public IReadOnlyDictionary<RefusalReason, (int Right, int Wrong)> Judged => _judged;

    /// <summary>Everything is mended and everyone has come to hold what they must: nothing is on its way any more that would excuse a node.</summary>
    public bool IsSettled { get; set; }

    public override void Submitted(NodeProcess process, NodeCommand command)
    {
        switch (command)
        {
            case NodeCommand.Delete delete:
                _deleted.Add((process.Index, delete.Message));
                break;
            case NodeCommand.CreateInvite:
                _invitesOf[process.Index] = _invitesOf.GetValueOrDefault(process.Index) + 1;
                break;
        }
    }

    public override void Announced(NodeProcess process, NodeEvent announced)
    {
        if (announced is ContactAdded added)
        {
            _contacts.Add((process.Index, added.Contact.Id));
        }
    }

    /// <summary>Notes what an adversary was told, too: it may give its invite to an honest node.</summary>
    public override void Completed(NodeProcess process, NodeCommand command, NodeResult result)
    {
        switch (command, result)
        {
            case (NodeCommand.CreateInvite, NodeResult.Invited invited):
                _invites[invited.Invite] = (process.Index, Lowest(process) + (long)Limits.InviteLifetime.TotalMilliseconds);
                break;
            case (NodeCommand.AddContact, NodeResult.Added added):
                _contacts.Add((process.Index, added.Contact.Id));
                break;
            case (_, NodeResult.Refused refused) when process.IsHonest:
                Judge(process, command, refused);
                break;
        }
    }

    /// <summary>What a node is told of its clock counts, also if somebody sets that right before it comes to anything.</summary>
    public override void Handling(NodeProcess process, NodeInput? input)
    {
        if (input is NodeInput.WallClockRead read)
        {
            var offset = read.UnixMilliseconds - (long)Checker.World.Now.TotalMilliseconds;
            _highestOffsets[process.Index] = Math.Max(offset, _highestOffsets.GetValueOrDefault(process.Index, long.MinValue));
        }
    }

    public override void Looked()
    {
        foreach (var process in Checker.Processes)
        {
            Lowest(process);
        }
    }

    private void Judge(NodeProcess process, NodeCommand command, NodeResult.Refused refused)
    {
        var reason = RefusalCatalogue.ReasonOf(refused.Problem);

        // What a home that was put back has forgotten is not known here.
        var isRight = IsRight(process, command, reason) || Checker.WasRestored(process.Home.Device);
        var (right, wrong) = _judged.GetValueOrDefault(reason);
        _judged[reason] = isRight ? (right + 1, wrong) : (right, wrong + 1);
        if (!isRight)
        {
            Fail($"node {process.Index} refused {command.GetType().Name} without a reason: \"{refused.Problem}\"");
        }
    }

    // What a node's clock shows or, if it was further back before, would show still: a node goes by what it has read.
    private long Lowest(NodeProcess process)
    {
        var now = (long)Checker.World.Now.TotalMilliseconds;
        var offset = Math.Min(process.WallClock - now, _lowestOffsets.GetValueOrDefault(process.Index, long.MaxValue));
        _lowestOffsets[process.Index] = offset;
        return now + offset;
    }

    private long Highest(NodeProcess process) =>
        Math.Max(process.WallClock, (long)Checker.World.Now.TotalMilliseconds + _highestOffsets.GetValueOrDefault(process.Index));

    private bool IsRight(NodeProcess process, NodeCommand command, RefusalReason reason) => (reason, command) switch
    {
        (RefusalReason.StorageFailed, _) => process.Disk.IsFull,
        (RefusalReason.NoSuchConversation, _) => ConversationOf(command) is { } conversation && IsAwayFrom(process, conversation),
        (RefusalReason.HistoryNotArrived, _) => ConversationOf(command) is { } conversation && IsAwayFrom(process, conversation),
        (RefusalReason.NotMember, _) => ConversationOf(command) is { } conversation && IsNoMember(process, conversation),
        (RefusalReason.OwnEntriesBehind, _) => MayBeBehind(process),
        (RefusalReason.TextInvalid, NodeCommand.SendText send) => !IsWithin(send.Text, EntryLimits.MaxTextBytes),
        (RefusalReason.TextInvalid, NodeCommand.Edit edit) => !IsWithin(edit.Text, EntryLimits.MaxTextBytes),
        (RefusalReason.EmojiInvalid, NodeCommand.React react) => !IsWithin(react.Emoji, Limits.EmojiBytes),
        (RefusalReason.GroupNameInvalid, NodeCommand.CreateGroup create) => !IsWithin(create.Name, Limits.GroupNameBytes),
        (RefusalReason.GroupTooLarge, NodeCommand.CreateGroup create) => create.Members.Append(process.Home.Self.Id).Distinct().Count() > Checker.World.Bounds.GenesisMembers,
        (RefusalReason.NoSuchMessage, _) => TargetOf(command) is { } target && !IsMessageOn(process, target.Conversation, target.Message),
        (RefusalReason.NotOwnMessage, _) => TargetOf(command) is { } target && !IsOwn(process, target.Conversation, target.Message),
        (RefusalReason.MessageDeleted, NodeCommand.Edit edit) => _deleted.Contains((process.Index, edit.Message)),
        (RefusalReason.NotContact, NodeCommand.OpenDirect open) => !_contacts.Contains((process.Index, open.Contact)),
        (RefusalReason.NotContact, NodeCommand.CreateGroup create) => create.Members.Any(member => !_contacts.Contains((process.Index, member))),
        (RefusalReason.NotContact, NodeCommand.AddMember add) => !_contacts.Contains((process.Index, add.Member)),
        (RefusalReason.AlreadyMember, NodeCommand.AddMember add) => IsMember(process, add.Conversation, add.Member),
        (RefusalReason.NotAdmin, NodeCommand.AddMember add) => IsNoAdmin(process, add.Conversation),
        (RefusalReason.NotInDirect, _) => ConversationOf(command) is { } conversation && Checker.Membership.IsDirect(conversation),
        (RefusalReason.NoInvitation, NodeCommand.AcceptInvitation { Group: var group }) => process.Home.Reader.Has(group) || !IsInvited(process, group),
        (RefusalReason.TooManyInviters, NodeCommand.AcceptInvitation { Group: var group }) => process.Home.Reader.Invitations().Any(waiting => waiting.Group == group),
        (RefusalReason.NoInvitation, NodeCommand.DeclineInvitation { Group: var group }) => !IsInvited(process, group),
        (RefusalReason.InviteUsesInvalid, NodeCommand.CreateInvite invite) => invite.Uses is < 1 or > Limits.InviteUses,
        (RefusalReason.TooManyInvites, _) => _invitesOf.GetValueOrDefault(process.Index) > Checker.World.Bounds.Invites,
        (RefusalReason.InviteInvalid, NodeCommand.AddContact add) => !_invites.ContainsKey(add.Invite),
        (RefusalReason.InviteOwn, NodeCommand.AddContact add) => _invites.TryGetValue(add.Invite, out var invite) && invite.Node == process.Index,
        (RefusalReason.InviteExpired, NodeCommand.AddContact add) => _invites.TryGetValue(add.Invite, out var invite) && Highest(process) >= invite.Expires - 60_000,
        _ => false,
    };

    // What is in memory and not yet on the disk is not here, but nobody is refused because of too much. A direct conversation begins
    // with its first word, which may be on its way at any time.
    private bool IsAwayFrom(NodeProcess process, ConversationId conversation) =>
        Checker.LedgerOf(conversation) is not { } ledger
        || (ledger.Held(process.Index) == 0 && !(IsSettled && !Checker.Membership.IsDirect(conversation) && !Checker.Custody.IsKeptWaiting(process) && Checker.Custody.IsTold(process, conversation) && Checker.Membership.Must(conversation, process.Home.Self.Id)));

    private bool IsNoMember(NodeProcess process, ConversationId conversation)
    {
        var self = process.Home.Self.Id;
        return Checker.Membership.HistoryOf(conversation) is not { } history
            || history.MayBeLeaving(self)
            || !IsHeld(process, conversation, new EntryId(conversation.Value))
            || !history.IsMember(self, entry => IsHeld(process, conversation, entry))
            || (IsSettled && !history.IsMember(self));
    }

    // While a change is on its way, one may know of it in memory, or not know of it at all.
    private bool IsMember(NodeProcess process, ConversationId conversation, IdentityId person) =>
        Checker.Membership.HistoryOf(conversation) is not { } history
        || !history.IsKnownTo(process.Index)
        || history.IsMember(person);

    private bool IsNoAdmin(NodeProcess process, ConversationId conversation) =>
        Checker.Membership.HistoryOf(conversation) is not { } history
        || !history.IsKnownTo(process.Index)
        || history.IsAdmin(process.Home.Self.Id) != true;

    // A peer may say so, whether it is true or not; an honest one does only if it is.
    private bool MayBeBehind(NodeProcess process) =>
        Checker.HasAdversaries
        || Checker.Ledgers.Any(ledger => ledger.Entries.Any(entry => entry.Entry.Device == process.Home.Device && !entry.HeldBy.Contains(process.Index)));

    private bool IsMessageOn(NodeProcess process, ConversationId conversation, EntryId message) =>
        Checker.LedgerOf(conversation)?.Find(message) is { Entry.IsMessage: true } entry && entry.HeldBy.Contains(process.Index);

    private bool IsOwn(NodeProcess process, ConversationId conversation, EntryId message) =>
        Checker.LedgerOf(conversation)?.Find(message) is { } entry && entry.Entry.Device == process.Home.Device;

    // Of those of an adversary, which has no end of them, older ones give way, which the disk may not show yet.
    private bool IsInvited(NodeProcess process, ConversationId group) => process.Home.Reader.Invitations().Any(invitation =>
        invitation.Group == group && Checker.Processes.Any(other => other.IsHonest && other.Home.Self.Id == invitation.By.Id));

    private bool IsHeld(NodeProcess process, ConversationId conversation, EntryId entry) =>
        Checker.LedgerOf(conversation)?.Find(entry) is { } known && known.HeldBy.Contains(process.Index);

    private static bool IsWithin(string text, int bytes)
    {
        try
        {
            return s_strict.GetByteCount(text) is var count && count > 0 && count <= bytes;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }

    private static ConversationId? ConversationOf(NodeCommand command) => command switch
    {
        NodeCommand.SendText send => send.Conversation,
        NodeCommand.Edit edit => edit.Conversation,
        NodeCommand.Delete delete => delete.Conversation,
        NodeCommand.React react => react.Conversation,
        NodeCommand.MarkRead read => read.Conversation,
        NodeCommand.AddMember add => add.Conversation,
        NodeCommand.Leave leave => leave.Conversation,
        _ => null,
    };

    private static (ConversationId Conversation, EntryId Message)? TargetOf(NodeCommand command) => command switch
    {
        NodeCommand.SendText { ReplyTo: { } target } send => (send.Conversation, target),
        NodeCommand.Edit edit => (edit.Conversation, edit.Message),
        NodeCommand.Delete delete => (delete.Conversation, delete.Message),
        NodeCommand.React react => (react.Conversation, react.Message),
        NodeCommand.MarkRead read => (read.Conversation, read.Message),
        _ => null,
    };
}
