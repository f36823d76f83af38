namespace HiNet.Crdt.LocalApi.Events;

/// <summary>All conversations' events, those of conversations that appear later included.</summary>
internal sealed class NodeWideFeed : ChannelFeed
{
    private readonly INode _node;

    private NodeWideFeed(INode node) => _node = node;

    /// <param name="node">Whose.</param>
    /// <param name="from">Applied to each conversation; null for live events only.</param>
    public static NodeWideFeed Open(INode node, EventCursor? from)
    {
        var feed = new NodeWideFeed(node);
        feed.FollowAll(from);

        // First listed, then listened, then listed again: a conversation that appears between the two is not missed.
        // What is new since the first listing is wanted from its first event on, also in a live feed.
        feed.Keep(node.Events.Subscribe(
            e =>
            {
                if (e is ConversationAdded)
                {
                    feed.FollowAll(EventCursor.Start);
                }
            },
            feed.Complete));
        feed.FollowAll(EventCursor.Start);
        return feed;
    }

    private void FollowAll(EventCursor? from)
    {
        foreach (var conversation in _node.Conversations)
        {
            TryFollow(conversation, from);
        }
    }
}
