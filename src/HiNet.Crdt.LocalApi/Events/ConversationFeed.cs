using System.Reactive.Disposables;
using HiNet.Crdt.LocalApi.Contract;

namespace HiNet.Crdt.LocalApi.Events;

/// <summary>One conversation's events.</summary>
internal sealed class ConversationFeed : ChannelFeed
{
    private readonly SingleAssignmentDisposable _subscription = new();

    private ConversationFeed()
    {
    }

    /// <param name="conversation">Which.</param>
    /// <param name="from">Null for live events only.</param>
    public static ConversationFeed Open(IConversation conversation, EventCursor? from)
    {
        var feed = new ConversationFeed();
        if (from is { } cursor)
        {
            // A replay may run inside Subscribe, and the reader only starts once this method has returned.
            _ = Task.Run(() => feed._subscription.Disposable =
                conversation.EventsFrom(cursor).Subscribe(e => feed.Offer(e.ToInfo()), feed.Complete));
        }
        else
        {
            feed._subscription.Disposable = conversation.Events.Subscribe(e => feed.Offer(e.ToInfo()), feed.Complete);
        }

        return feed;
    }

    protected override void Unsubscribe() => _subscription.Dispose();
}
