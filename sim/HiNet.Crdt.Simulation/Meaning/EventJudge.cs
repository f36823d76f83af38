using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Simulation.Invariants;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Meaning;

/// <summary>
/// Judges the event of one entry, or that there is none, as one reader is told of it (specs/05-conversations.md, "Events").
/// </summary>
/// <param name="checker">Knows the world.</param>
/// <param name="reader">Who is told.</param>
/// <param name="expected">What the conversation says to them.</param>
/// <param name="isEnd">They hold all, so they can read all.</param>
/// <param name="isReplay">Told now, from the start, and not as it happened.</param>
internal sealed class EventJudge(InvariantChecker checker, NodeProcess reader, ExpectedConversation expected, bool isEnd, bool isReplay)
{
    /// <summary>Judges messages for the same reader.</summary>
    public MessageJudge Messages { get; } = new(checker, reader, expected, isEnd);

    private IntentLog Intents => checker.Intents;

    /// <summary>What is wrong with an entry's event, in words; null when nothing is.</summary>
    public string? Problem(ConversationEvent? told, LedgerEntry entry)
    {
        if (told is null)
        {
            return !entry.WithoutBody.Contains(reader.Index) && MustBeTold(entry) ? "is not told to subscribers" : null;
        }

        if (told.Conversation != entry.Entry.Conversation || told.Time != new HybridTimestamp(entry.Entry.Time).ToDateTime())
        {
            return $"is told as {told.GetType().Name} with the time {told.Time:O}, which is not its own";
        }

        return IsRight(told, entry) ? null : $"is told as {told}";
    }

    private bool MustBeTold(LedgerEntry entry) => Intents.Of(entry.Entry.Id) switch
    {
        null => entry.Entry.Kind is EntryKind.Introduce || (entry.Entry.Kind is EntryKind.GroupInvitation && isEnd && IsHonest(entry)),
        Intent.Say => isEnd || AuthorOf(entry) == reader.Home.Self.Id,
        Intent.Found or Intent.Grant => true,
        Intent.Delete delete => delete.Targets.Any(target => expected.Find(target) is { } message && message.Author == AuthorOf(entry)),
        Intent.Edit edit => isEnd && expected.Find(edit.Target) is { IsDeleted: false } message && message.Author == AuthorOf(entry),
        Intent.React or Intent.ReadUpTo or Intent.Acknowledge => isEnd,
        _ => false,
    };

    private bool IsRight(ConversationEvent told, LedgerEntry entry)
    {
        var author = AuthorOf(entry);
        switch (Intents.Of(entry.Entry.Id), told)
        {
            case (Intent.Say, MessageAdded added) when expected.Find(entry.Entry.Id) is { } meant:
                return isReplay
                    ? Messages.Problem(added.Message, meant) is null
                    : added.Id == meant.Id && Is(added.Author, author) && (added.Message.Text is null || meant.HasSaid(added.Message.Text));
            case (Intent.Edit edit, MessageEdited edited):
                return edited.Message == edit.Target && Is(edited.Author, author) && edited.Text == edit.Text
                    && expected.Find(edit.Target) is { } target && target.Author == author && !(isReplay && target.IsDeleted && !target.IsVague);
            case (Intent.Delete delete, MessageDeleted deleted):
                return Is(deleted.Author, author) && delete.Targets.Contains(deleted.Message) && expected.Find(deleted.Message)?.Author == author;
            case (Intent.React { Remove: false } react, ReactionAdded added):
                return added.Message == react.Target && added.Emoji == react.Emoji && Is(added.Author, author);
            case (Intent.React { Remove: true } react, ReactionRemoved removed):
                return removed.Message == react.Target && removed.Emoji == react.Emoji && Is(removed.Author, author);
            case (Intent.ReadUpTo upTo, MessagesRead read):
                return read.UpTo == upTo.Target && Is(read.By, author);
            case (Intent.Acknowledge, MessagesDelivered delivered):
                return Is(delivered.By, author);
            case (Intent.Found found, GroupCreated created):
                return created.Name == found.Name && Is(created.By, author) && AreFounders(created.Members, [author, .. found.Members]);
            case (Intent.Grant { Role: Role.None } grant, MemberLeft left):
                return Is(left.Member, grant.Person);
            case (Intent.Grant { BringsDevices: true } grant, MemberAdded added):
                return Is(added.Member, grant.Person) && Is(added.By, author) && added.Role == grant.Role;
            case (Intent.Grant { BringsDevices: false } grant, RoleChanged changed):
                return Is(changed.Member, grant.Person) && Is(changed.By, author) && changed.Role == grant.Role;
            default:
                return IsRightUnasked(told, entry, author);
        }
    }

    // What nobody asked for in so many words, or what is not known yet.
    private bool IsRightUnasked(ConversationEvent told, LedgerEntry entry, IdentityId author) => (entry.Entry.Kind, told) switch
    {
        (EntryKind.Introduce, DeviceAdded added) => checker.HomeOf(added.Device) is { } owner
            ? Is(added.Member, owner.Home.Self.Id)
            : !IsHonest(entry) && Is(added.Member, author),
        (EntryKind.GroupInvitation, GroupInvitationReceived invitation) => Is(invitation.By, author) && (!IsHonest(entry) || IsInvitation(invitation, author)),
        (EntryKind.EquivocationReport, EquivocationDetected detected) => IsEquivocation(detected),
        _ => Intents.Of(entry.Entry.Id) is null && (CommandIntent.IsAskedFor(entry.Entry.Kind) || entry.Entry.Kind is EntryKind.Receipt) && MayBeOf(told, entry, author),
    };

    // Of what is not known, the kind is, whose it is, and which: else the event of another entry of the same moment would be taken for its own.
    private static bool MayBeOf(ConversationEvent told, LedgerEntry entry, IdentityId author) => told switch
    {
        MessageAdded added => entry.Entry.Kind == EntryKind.Message && added.Id == entry.Entry.Id,
        MessageEdited edited => entry.Entry.Kind == EntryKind.Edit && edited.Author.Id == author,
        MessageDeleted deleted => entry.Entry.Kind == EntryKind.Delete && deleted.Author.Id == author,
        ReactionAdded added => entry.Entry.Kind == EntryKind.Reaction && added.Author.Id == author,
        ReactionRemoved removed => entry.Entry.Kind == EntryKind.Reaction && removed.Author.Id == author,
        MessagesDelivered delivered => entry.Entry.Kind == EntryKind.Receipt && delivered.By.Id == author,
        MessagesRead read => entry.Entry.Kind == EntryKind.Receipt && read.By.Id == author,
        _ => true,
    };

    /// <summary>
    /// Whether a device whose person may have two futures stands at two entries in one place. A proof may name entries that no honest
    /// disk holds: of those only the signatures say that they were written.
    /// </summary>
    private bool IsEquivocation(EquivocationDetected told) =>
        told.First != told.Second
        && checker.HomeOf(told.Device) is { } owner
        && !checker.IsReliable(owner)
        && Is(told.Author, owner.Home.Self.Id)
        && MayStandIn(told, told.First)
        && MayStandIn(told, told.Second);

    private bool MayStandIn(EquivocationDetected told, EntryId id) =>
        checker.LedgerOf(told.Conversation)?.Find(id) is not { Entry: var entry } || (entry.Device == told.Device && entry.Seq == told.Seq);

    /// <summary>Whether the author has founded the group with, or added to it, the other person of the direct conversation.</summary>
    private bool IsInvitation(GroupInvitationReceived invitation, IdentityId author)
    {
        if (Intents.Of(new EntryId(invitation.Group.Value)) is not Intent.Found found || checker.LedgerOf(invitation.Group) is not { } group)
        {
            return false;
        }

        var self = reader.Home.Self.Id;
        var invited = author == self ? Intents.People.OtherIn(reader.Index, invitation.Conversation) : self;
        return invitation.Name == found.Name && invited is { } person
            && ((AuthorOf(group.Entries[0]) == author && found.Members.Contains(person))
                || group.Entries.Any(entry => AuthorOf(entry) == author && Intents.Of(entry.Entry.Id) is Intent.Grant grant && grant.Person == person));
    }

    private bool AreFounders(IReadOnlyList<Person> told, IReadOnlyList<IdentityId> founders) =>
        told.Count == founders.Count && told.Zip(founders).All(pair => Is(pair.First, pair.Second));

    private bool Is(Person told, IdentityId person) => told.Id == person && Intents.People.IsName(reader.Index, person, told.Name);

    private bool IsHonest(LedgerEntry entry) => checker.IsReliable(entry);

    private IdentityId AuthorOf(LedgerEntry entry) => checker.AuthorOf(entry);
}
