namespace HiNet.Crdt.Simulation.Nodes;

/// <summary>Bugs of <see cref="Canary"/> that show in what is read: what an engine with the bug would show of a home.</summary>
internal sealed class PlantedReading(INodeReader reader, Canary canary) : INodeReader
{
    private const int ShortText = 8;

    /// <summary>The reader itself when the bug is elsewhere.</summary>
    public static INodeReader Of(Canary canary, INodeReader reader) =>
        canary is Canary.TextCut or Canary.ReplyForgotten or Canary.AuthorMistaken or Canary.EditUntold
            or Canary.ContactsReversed or Canary.ContactsUnmet or Canary.EquivocationMistaken or Canary.WaitingMiscounted or Canary.ReadMistaken
            ? new PlantedReading(reader, canary)
            : reader;

    public IReadOnlyList<Contact> Contacts() => canary switch
    {
        Canary.ContactsReversed => [.. reader.Contacts().Reverse()],
        Canary.ContactsUnmet => [.. reader.Contacts().Select(contact => contact with { Status = ContactStatus.InviteUsed })],
        _ => reader.Contacts(),
    };

    public IReadOnlyList<ConversationId> Conversations() => reader.Conversations();

    public IReadOnlyList<GroupInvitation> Invitations() => reader.Invitations();

    public bool Has(ConversationId conversation) => reader.Has(conversation);

    public ConversationKind Kind(ConversationId conversation) => reader.Kind(conversation);

    public string Name(ConversationId conversation) => reader.Name(conversation);

    public IReadOnlyList<Member> Members(ConversationId conversation) => reader.Members(conversation);

    public EventCursor LastCursor(ConversationId conversation) => reader.LastCursor(conversation);

    public IReadOnlyList<ConversationEvent> Events(ConversationId conversation, EventCursor after, int limit) =>
        [.. reader.Events(conversation, after, limit)
            .Where(happened => canary != Canary.EditUntold || happened is not MessageEdited)
            .Select(happened => happened switch
            {
                MessageAdded added => added with { Message = Shown(conversation, added.Message) },
                MessagesRead read when canary == Canary.ReadMistaken => read with { UpTo = Before(conversation, read.UpTo) },
                EquivocationDetected detected when canary == Canary.EquivocationMistaken =>
                    detected with { Author = new Person(detected.Author.Id, "nobody"), Seq = detected.Seq + 1_000, Second = detected.First },
                _ => happened,
            })];

    public IReadOnlyList<Message> ReadPage(ConversationId conversation, int limit, EntryId? before) =>
        [.. reader.ReadPage(conversation, limit, before).Select(message => Shown(conversation, message))];

    public Message? Find(ConversationId conversation, EntryId message) =>
        reader.Find(conversation, message) is { } found ? Shown(conversation, found) : null;

    public ConversationSummary Summarize(ConversationId conversation)
    {
        var summary = reader.Summarize(conversation);
        return summary.Last is { } last ? summary with { Last = Shown(conversation, last) } : summary;
    }

    public ConversationStatus Status(ConversationId conversation) =>
        canary == Canary.WaitingMiscounted ? reader.Status(conversation) with { Parked = 77, Missing = 77 } : reader.Status(conversation);

    public long Entries() => reader.Entries();

    private EntryId Before(ConversationId conversation, EntryId message) =>
        reader.Find(conversation, message) is not null && reader.ReadPage(conversation, 1, message) is [var earlier] ? earlier.Id : message;

    private Message Shown(ConversationId conversation, Message message) => canary switch
    {
        Canary.TextCut => message with { Text = message.Text is { Length: > ShortText } text ? text[..ShortText] : message.Text },
        Canary.ReplyForgotten => message with { ReplyTo = null },
        Canary.AuthorMistaken when message.ReplyTo is { } target && reader.Find(conversation, target) is { } answered =>
            message with { Author = answered.Author },
        _ => message,
    };
}
