using System.Reactive.Disposables;
using HiNet.Crdt.LocalApi.Contract;

namespace HiNet.Crdt.LocalApi.Events;

/// <summary>All conversations' events, those of conversations that appear later included.</summary>
internal sealed class NodeWideFeed : ChannelFeed
{
    private readonly INode _node;
    private readonly CompositeDisposable _subscriptions = [];
    private readonly HashSet<ConversationId> _subscribed = [];
    private readonly Lock _gate = new();

    private NodeWideFeed(INode node) => _node = node;

    /// <param name="node">Whose.</param>
    /// <param name="from">Applied to each conversation; null for live events only.</param>
    public static NodeWideFeed Open(INode node, EventCursor? from)
    {
        var feed = new NodeWideFeed(node);
        feed.SubscribeAll(from);

        // First listed, then listened, then listed again: a conversation that appears between the two is not missed.
        // What is new since the first listing is wanted from its first event on, also in a live feed.
        feed._subscriptions.Add(node.Events.Subscribe(
            e =>
            {
                if (e is ConversationAdded)
                {
                    feed.SubscribeAll(EventCursor.Start);
                }
            },
            feed.Complete));
        feed.SubscribeAll(EventCursor.Start);
        return feed;
    }

    protected override void Unsubscribe() => _subscriptions.Dispose();

    private void SubscribeAll(EventCursor? from)
    {
        foreach (var conversation in _node.Conversations)
        {
            bool isNew;
            lock (_gate)
            {
                isNew = _subscribed.Add(conversation.Id);
            }

            if (isNew)
            {
                Subscribe(conversation, from);
            }
        }
    }

    private void Subscribe(IConversation conversation, EventCursor? from)
    {
        if (from is { } cursor)
        {
            _ = Task.Run(() => _subscriptions.Add(conversation.EventsFrom(cursor).Subscribe(e => Offer(e.ToInfo()))));
        }
        else
        {
            _subscriptions.Add(conversation.Events.Subscribe(e => Offer(e.ToInfo())));
        }
    }
}
