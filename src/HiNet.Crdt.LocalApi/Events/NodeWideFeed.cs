namespace HiNet.Crdt.LocalApi.Events;

/// <summary>All conversations' events, those of conversations that appear later included.</summary>
internal sealed class NodeWideFeed : ChannelFeed
{
    private readonly INode _node;

    private NodeWideFeed(INode node) => _node = node;

    /// <param name="node">Whose.</param>
    /// <param name="from">Where each conversation begins.</param>
    public static NodeWideFeed Open(INode node, FeedPlace from)
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
                    feed.FollowAll(FeedPlace.Start);
                }
            },
            feed.Complete));
        feed.FollowAll(FeedPlace.Start);
        return feed;
    }

    private void FollowAll(FeedPlace from)
    {
        foreach (var conversation in _node.Conversations)
        {
            TryFollow(conversation, from.In(conversation.Id));
        }
    }
}
