namespace HiNet.Crdt.LocalApi.Events;

/// <summary>One conversation's events.</summary>
internal sealed class ConversationFeed : ChannelFeed
{
    private ConversationFeed()
    {
    }

    /// <param name="conversation">Which.</param>
    /// <param name="from">Null for live events only.</param>
    public static ConversationFeed Open(IConversation conversation, EventCursor? from)
    {
        var feed = new ConversationFeed();
        feed.TryFollow(conversation, from);
        return feed;
    }

    protected override void SourceCompleted() => Complete();
}
