using HiNet.Crdt.LocalApi.Contract;

namespace HiNet.Crdt.LocalApi.Events;

/// <summary>The node's own events, from now on.</summary>
internal sealed class NodeEventFeed : ChannelFeed
{
    private IDisposable? _subscription;

    private NodeEventFeed()
    {
    }

    public static NodeEventFeed Open(INode node)
    {
        var feed = new NodeEventFeed();
        feed._subscription = node.Events.Subscribe(e => feed.Offer(e.ToInfo()), feed.Complete);
        return feed;
    }

    protected override void Unsubscribe() => _subscription?.Dispose();
}
