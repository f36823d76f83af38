using HiNet.Crdt.Diagnostics;
using Microsoft.Extensions.Logging;

namespace HiNet.Crdt.Events;

/// <summary>
/// One observer and the pump that feeds it. A signal sends the pump to the thread pool unless it is there already, in which
/// case it looks once more before it rests; so nothing is polled and no signal is lost. One thread at a time calls the observer.
/// </summary>
internal abstract class Subscription<T>(IObserver<T> observer, ILogger logger) : IDisposable, IThreadPoolWorkItem
{
    private const int Resting = 0;
    private const int Running = 1;
    private const int RunningAndSignalled = 2;

    [ThreadStatic]
    private static Subscription<T>? s_current;

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state;
    private volatile bool _completing;
    private volatile bool _disposed;

    /// <summary>Completed when the observer will not be called again; already so for the observer that is being called and asks.</summary>
    internal Task Ended => s_current == this ? Task.CompletedTask : _ended.Task;

    /// <summary>Called once, when nothing more will be delivered.</summary>
    internal Action? OnEnded { get; init; }

    /// <summary>There may be something new. Neither blocks nor throws.</summary>
    internal void Signal()
    {
        // What is new was written before the state is read here, as the pump writes its state before it looks for what is
        // new: one of the two sees the other.
        Interlocked.MemoryBarrier();
        while (true)
        {
            var state = Volatile.Read(ref _state);
            if (state == Resting && Interlocked.CompareExchange(ref _state, Running, Resting) == Resting)
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                return;
            }

            if (state == RunningAndSignalled
                || (state == Running && Interlocked.CompareExchange(ref _state, RunningAndSignalled, Running) == Running))
            {
                return;
            }
        }
    }

    /// <summary>Delivers what there still is, then completes the observer.</summary>
    internal void Complete()
    {
        _completing = true;
        Signal();
    }

    /// <summary>Delivers nothing more; a call of the observer that is under way is not waited for.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            Signal();
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        s_current = this;
        try
        {
            do
            {
                Interlocked.Exchange(ref _state, Running);
                Pump();
            }
            while (Interlocked.CompareExchange(ref _state, Resting, Running) != Running);
        }
        finally
        {
            s_current = null;
        }
    }

    /// <summary>The next items, or none.</summary>
    /// <exception cref="HiNetException">The store cannot be read now.</exception>
    protected abstract IReadOnlyList<T> Next();

    /// <summary>An item is about to be delivered.</summary>
    protected virtual void Delivering(T item)
    {
    }

    private void Pump()
    {
        try
        {
            while (!_disposed)
            {
                var completing = _completing;
                var items = Next();
                if (items.Count == 0)
                {
                    Finish(completing);
                    return;
                }

                Deliver(items);
            }
        }
        catch (HiNetException failure)
        {
            // Not the end of the subscription, because nothing is lost: the next signal reads from the same place.
            logger.EventsUnreadable(failure.Message, failure);
            Finish(_completing);
            return;
        }
#pragma warning disable CA1031 // Whatever a host's observer throws is its own defect and ends only itself.
        catch (Exception defect)
#pragma warning restore CA1031
        {
            logger.ObserverFailed(defect);
            _disposed = true;
        }

        Finish(completing: false);
    }

    private void Deliver(IReadOnlyList<T> items)
    {
        for (var i = 0; i < items.Count && !_disposed; i++)
        {
            Delivering(items[i]);
            observer.OnNext(items[i]);
        }

        NodeMetrics.Events.Add(items.Count);
    }

    private void Finish(bool completing)
    {
        if ((!completing && !_disposed) || !_ended.TrySetResult())
        {
            return;
        }

        OnEnded?.Invoke();
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        try
        {
            observer.OnCompleted();
        }
#pragma warning disable CA1031 // As in Pump.
        catch (Exception defect)
#pragma warning restore CA1031
        {
            logger.ObserverFailed(defect);
        }
    }
}
