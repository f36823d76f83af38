using System.Reactive.Disposables;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using HiNet.Crdt.LocalApi.Contract;

namespace HiNet.Crdt.LocalApi.Events;

/// <summary>
/// A queue between conversations' event streams and one reader. When <see cref="FeedBuffer"/> has no room for an event, its
/// conversation's subscription is ended, and begun again from its cursor when there is. Nothing ever waits inside an observer.
/// </summary>
internal abstract class ChannelFeed : IEventFeed
{
    internal const int Capacity = 1_024;

    private readonly Channel<EventInfo> _events = Channel.CreateUnbounded<EventInfo>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CompositeDisposable _subscriptions = [];
    private readonly Dictionary<ConversationId, IConversation> _sources = [];
    private readonly FeedBuffer _buffer = new(Capacity);
    private readonly Lock _gate = new();

    /// <summary>Conversations whose subscription was ended for want of room.</summary>
    internal int Stopped
    {
        get
        {
            lock (_gate)
            {
                return _buffer.Stopped;
            }
        }
    }

    public async IAsyncEnumerable<EventInfo> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var info in _events.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            Read();
            yield return info;
        }
    }

    public ValueTask DisposeAsync()
    {
        _subscriptions.Dispose();
        _events.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    /// <summary>Takes in a conversation, unless it is one of the feed's already; without a cursor, what happens from now on.</summary>
    protected bool TryFollow(IConversation conversation, EventCursor? from)
    {
        lock (_gate)
        {
            if (!_sources.TryAdd(conversation.Id, conversation))
            {
                return false;
            }
        }

        Subscribe(conversation, from);
        return true;
    }

    /// <summary>Keeps a subscription for as long as the feed is open.</summary>
    protected void Keep(IDisposable subscription) => _subscriptions.Add(subscription);

    /// <summary>The reader gets what there is, then the end.</summary>
    protected void Complete() => _events.Writer.TryComplete();

    /// <summary>A source's stream is over.</summary>
    protected virtual void SourceCompleted()
    {
    }

    private void Subscribe(IConversation conversation, EventCursor? from)
    {
        var subscription = new SingleAssignmentDisposable();
        _subscriptions.Add(subscription);
        var isStopped = false;
        void Hear(ConversationEvent happened)
        {
            if (isStopped)
            {
                return;
            }

            if (!TryOffer(conversation.Id, happened))
            {
                isStopped = true;
                _subscriptions.Remove(subscription);
            }
        }

        if (from is { } cursor)
        {
            // A replay may run inside Subscribe, and whoever opens the feed or reads it does not wait for that.
            _ = Task.Run(() => subscription.Disposable = conversation.EventsFrom(cursor).Subscribe(Hear, SourceCompleted));
        }
        else
        {
            subscription.Disposable = conversation.Events.Subscribe(Hear, SourceCompleted);
        }
    }

    private bool TryOffer(ConversationId source, ConversationEvent happened)
    {
        lock (_gate)
        {
            // Within the lock, so that the order of the queue is that of the cursors.
            var info = happened.ToInfo();
            if (!_buffer.TryAdd(source, happened.Cursor, info.Text?.Length ?? 0))
            {
                return false;
            }

            _events.Writer.TryWrite(info);
            return true;
        }
    }

    private void Read()
    {
        List<(IConversation Source, EventCursor Behind)> begun;
        lock (_gate)
        {
            begun = [.. _buffer.Read().Select(source => (_sources[source.Source], source.Behind))];
        }

        foreach (var (source, behind) in begun)
        {
            Subscribe(source, behind);
        }
    }
}
