using System.Threading.Channels;
using HiNet.Crdt.LocalApi.Contract;

namespace HiNet.Crdt.LocalApi.Events;

/// <summary>
/// A bounded queue between the node's event streams and one reader. Subscriptions of a node replay from its store at the pace
/// of their observer, so an observer that waits for room is all the back-pressure that is needed.
/// </summary>
internal abstract class ChannelFeed : IEventFeed
{
    private const int Capacity = 1_024;

    private readonly Channel<EventInfo> _events = Channel.CreateBounded<EventInfo>(new BoundedChannelOptions(Capacity)
    {
        SingleReader = true,
    });

    private readonly CancellationTokenSource _closed = new();

    protected CancellationToken Closed => _closed.Token;

    public IAsyncEnumerable<EventInfo> ReadAllAsync(CancellationToken cancellationToken = default) =>
        _events.Reader.ReadAllAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (!_closed.IsCancellationRequested)
        {
            await _closed.CancelAsync().ConfigureAwait(false);
            Unsubscribe();
            _events.Writer.TryComplete();
        }
    }

    protected abstract void Unsubscribe();

    /// <summary>Waits for room; gives up when the feed is closed.</summary>
    protected void Offer(EventInfo info)
    {
        if (_events.Writer.TryWrite(info) || _closed.IsCancellationRequested)
        {
            return;
        }

        try
        {
            _events.Writer.WriteAsync(info, _closed.Token).AsTask().GetAwaiter().GetResult();
        }
        catch (Exception closed) when (closed is OperationCanceledException or ChannelClosedException)
        {
            // The reader has gone; there is nobody to tell.
        }
    }

    protected void Complete() => _events.Writer.TryComplete();
}
