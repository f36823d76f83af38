namespace HiNet.Crdt;

internal sealed partial class ConversationHandle
{
    private const int MaximumPage = 10_000;

    public string Name => readers.Read(id, static (reader, conversation) => reader.NameOf(conversation));

    public IObservable<ConversationEvent> Events => events.Observe(id, null);

    public IObservable<ConversationEvent> EventsFrom(EventCursor cursor) => events.Observe(id, cursor);

    public IReadOnlyList<Message> ReadPage(int limit = 50, EntryId? before = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaximumPage);
        return readers.Read((id, limit, before), static (reader, page) => reader.Page(page.id, page.limit, page.before));
    }

    public Message? Find(EntryId message) =>
        readers.Read((id, message), static (reader, wanted) => reader.Find(wanted.id, wanted.message));

    public ConversationSummary Summarize() => readers.Read(id, static (reader, conversation) => reader.Summarize(conversation));

    public ConversationStatus GetStatus() => readers.Read(id, static (reader, conversation) => reader.StatusOf(conversation));
}
