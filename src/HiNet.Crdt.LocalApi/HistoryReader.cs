namespace HiNet.Crdt.LocalApi;

/// <summary>Reads a history of any length from its oldest message on, with a page of it in memory.</summary>
/// <param name="readPage">As <see cref="IConversation.ReadPage"/>: so many messages in front of one, or the newest; oldest first.</param>
internal sealed class HistoryReader(Func<int, EntryId?, IReadOnlyList<Message>> readPage)
{
    /// <summary>Messages that are in memory at a time. Each may have 64 KiB, and there may be many readers.</summary>
    internal const int Page = 200;

    /// <summary>
    /// The newest messages in front of one, or of all, oldest first. Pages are read from the newest back, but the answer starts with
    /// the oldest: one pass finds where pages begin, a second one reads them forwards.
    /// </summary>
    public IEnumerable<Message> Read(int limit, EntryId? end)
    {
        var newest = readPage(Math.Min(limit, Page), end);
        if (newest.Count < Page || newest.Count == limit)
        {
            return newest;
        }

        var begins = new Stack<(EntryId First, EntryId? End)>();
        var page = newest;
        for (var left = limit; page.Count > 0;)
        {
            begins.Push((page[0].Id, end));
            end = page[0].Id;
            left -= page.Count;
            if (left <= 0 || page.Count < Page)
            {
                break;
            }

            page = readPage(Math.Min(left, Page), end);
        }

        return Forwards(begins);
    }

    private IEnumerable<Message> Forwards(Stack<(EntryId First, EntryId? End)> begins)
    {
        while (begins.TryPop(out var range))
        {
            // More than one page where messages came into the middle since the first pass.
            var pages = new Stack<IReadOnlyList<Message>>();
            var end = range.End;
            do
            {
                pages.Push(readPage(Page, end));
                end = pages.Peek() is [var first, ..] ? first.Id : null;
            }
            while (end is not null && pages.Peek().All(message => message.Id != range.First));

            foreach (var message in pages.SelectMany(page => page).SkipWhile(message => message.Id != range.First))
            {
                yield return message;
            }
        }
    }
}
