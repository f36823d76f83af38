namespace HiNet.Crdt.LocalApi.Events;

/// <summary>Where a feed begins: behind a cursor in the conversations named, and elsewhere in all the others.</summary>
/// <param name="Rest">In the others; null for live events only.</param>
/// <param name="Of">A cursor for each conversation named.</param>
internal sealed record FeedPlace(EventCursor? Rest, IReadOnlyDictionary<ConversationId, EventCursor> Of)
{
    /// <summary>Conversations that one request may name.</summary>
    private const int MaxNamed = 1_000;

    private static readonly IReadOnlyDictionary<ConversationId, EventCursor> s_none = new Dictionary<ConversationId, EventCursor>();

    /// <summary>Everything from the first event on.</summary>
    public static FeedPlace Start { get; } = new(EventCursor.Start, s_none);

    public EventCursor? In(ConversationId conversation) => Of.TryGetValue(conversation, out var cursor) ? cursor : Rest;

    /// <summary>Null, <c>now</c>, a cursor, or <c>CONVERSATION:CURSOR</c> with commas between: the others begin with their first event then.</summary>
    /// <exception cref="LocalApiException">It is none of these.</exception>
    public static FeedPlace Parse(string? from)
    {
        if (from is null)
        {
            return Start;
        }

        if (from == "now")
        {
            return new FeedPlace(null, s_none);
        }

        if (EventCursor.TryParse(from, out var bare))
        {
            return new FeedPlace(bare, s_none);
        }

        var of = new Dictionary<ConversationId, EventCursor>();
        foreach (var part in from.Split(','))
        {
            var colon = part.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0
                || of.Count >= MaxNamed
                || !ConversationId.TryParse(part[..colon], out var conversation)
                || !EventCursor.TryParse(part[(colon + 1)..], out var cursor)
                || !of.TryAdd(conversation, cursor))
            {
                throw new LocalApiException(400, $"'{(from.Length > 80 ? from[..80] + "…" : from)}' is not a cursor; give one that an event carried, or 'now'.");
            }
        }

        return new FeedPlace(EventCursor.Start, of);
    }
}
