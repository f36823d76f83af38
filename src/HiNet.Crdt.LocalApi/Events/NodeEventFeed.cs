using System.Threading.Channels;
using HiNet.Crdt.LocalApi.Contract;

namespace HiNet.Crdt.LocalApi.Events;

/// <summary>
/// The node's own events, from now on. They are kept nowhere, so the newest wait for a slow reader and the oldest go, as for
/// every observer of theirs.
/// </summary>
internal sealed class NodeEventFeed : IEventFeed
{
    private readonly Channel<EventInfo> _events = Channel.CreateBounded<EventInfo>(new BoundedChannelOptions(ChannelFeed.Capacity)
    {
        SingleReader = true,
        FullMode = BoundedChannelFullMode.DropOldest,
    });

    private IDisposable? _subscription;

    private NodeEventFeed()
    {
    }

    public static NodeEventFeed Open(INode node)
    {
        var feed = new NodeEventFeed();
        feed._subscription = node.Events.Subscribe(
            happened => feed._events.Writer.TryWrite(happened.ToInfo()), () => feed._events.Writer.TryComplete());
        return feed;
    }

    public IAsyncEnumerable<EventInfo> ReadAllAsync(CancellationToken cancellationToken = default) =>
        _events.Reader.ReadAllAsync(cancellationToken);

    public ValueTask DisposeAsync()
    {
        _subscription?.Dispose();
        _events.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }
}
