using System.Runtime.CompilerServices;
using HiNet.Crdt.LocalApi.Contract;

namespace HiNet.Crdt.LocalApi;

public sealed partial class NodeApi
{
    // The first pass leaves room in the second one for messages that came into the middle meanwhile.
    private const int FirstPass = 9_000;
    private const int SecondPass = 10_000;

    /// <inheritdoc/>
    public async IAsyncEnumerable<MessageInfo> GetHistoryAsync(
        string conversation,
        int? limit = null,
        string? before = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (limit < 1)
        {
            throw new LocalApiException(400, "The limit must be 1 or more.");
        }

        var target = References.Conversation(_node, conversation);
        EntryId? end = before is null ? null : References.Message(target, before);
        await Task.Yield();
        foreach (var message in Read(target, limit ?? int.MaxValue, end))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return message.ToInfo();
        }
    }

    /// <summary>
    /// Pages are read from the newest back, but the answer starts with the oldest: one pass finds where pages begin, a second one
    /// reads them forwards, so that no more than a page is ever in memory.
    /// </summary>
    private static IEnumerable<Message> Read(IConversation conversation, int limit, EntryId? end)
    {
        var newest = conversation.ReadPage(Math.Min(limit, FirstPass), end);
        if (newest.Count < FirstPass || newest.Count == limit)
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
            if (left <= 0 || page.Count < FirstPass)
            {
                break;
            }

            page = conversation.ReadPage(Math.Min(left, FirstPass), end);
        }

        return Forwards(conversation, begins);
    }

    private static IEnumerable<Message> Forwards(IConversation conversation, Stack<(EntryId First, EntryId? End)> begins)
    {
        while (begins.TryPop(out var range))
        {
            foreach (var message in conversation.ReadPage(SecondPass, range.End).SkipWhile(m => m.Id != range.First))
            {
                yield return message;
            }
        }
    }
}
