using HiNet.Crdt.Core.Engine.Reading;
using HiNet.Crdt.Diagnostics;
using Microsoft.Extensions.Logging;

namespace HiNet.Crdt.Events;

/// <summary>
/// Runs one observer's <see cref="SubscriptionMachine{T}"/> on the thread pool: a signal that finds it resting sends it there.
/// The machine decides; here are the threads and the lock. One thread at a time calls the observer, and without the lock.
/// </summary>
internal abstract class Subscription<T>(IObserver<T> observer, ILogger logger) : IDisposable, IThreadPoolWorkItem
{
    [ThreadStatic]
    private static Subscription<T>? s_current;

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SubscriptionMachine<T> _machine = new();
    private long _uncounted;

    /// <summary>Completed when the observer will not be called again; already so for the observer that is being called and asks.</summary>
    internal Task Ended => s_current == this ? Task.CompletedTask : _ended.Task;

    /// <summary>Called once, when nothing more will be delivered.</summary>
    internal Action? OnEnded { get; init; }

    /// <summary>Held around the machine and whatever else decides, never around a call of the observer or the store.</summary>
    protected Lock Gate { get; } = new();

    /// <summary>There may be something new. Neither blocks nor throws.</summary>
    internal void Signal()
    {
        bool mustRun;
        lock (Gate)
        {
            mustRun = _machine.Signal();
        }

        RunIf(mustRun);
    }

    /// <summary>Delivers what there still is, then completes the observer.</summary>
    internal void Complete()
    {
        bool mustRun;
        lock (Gate)
        {
            mustRun = _machine.Complete();
        }

        RunIf(mustRun);
    }

    /// <summary>Delivers nothing more; a call of the observer that is under way is not waited for.</summary>
    public void Dispose()
    {
        bool mustRun;
        lock (Gate)
        {
            mustRun = _machine.Dispose();
        }

        RunIf(mustRun);
    }

    void IThreadPoolWorkItem.Execute()
    {
        s_current = this;
        try
        {
            while (Step())
            {
            }
        }
        finally
        {
            s_current = null;
        }
    }

    /// <summary>The next items, or none; without the lock.</summary>
    /// <exception cref="HiNetException">The store cannot be read now.</exception>
    protected abstract IReadOnlyList<T> Fetch();

    /// <summary>Items were fetched, or none; within the lock.</summary>
    protected virtual void Fetched(int count)
    {
    }

    /// <summary>An item is about to be delivered; within the lock.</summary>
    protected virtual void Delivering(T item)
    {
    }

    private void RunIf(bool mustRun)
    {
        if (mustRun)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private bool Step()
    {
        SubscriptionStep step;
        T? current;
        lock (Gate)
        {
            step = _machine.Next();
            current = _machine.Current;
            if (step == SubscriptionStep.Deliver)
            {
                Delivering(current!);
            }
        }

        switch (step)
        {
            case SubscriptionStep.Fetch:
                FetchNow();
                return true;
            case SubscriptionStep.Deliver:
                _uncounted++;
                Tell(current!, completes: false);
                return true;
            case SubscriptionStep.Complete:
                OnEnded?.Invoke();
                Tell(default, completes: true);
                _ended.TrySetResult();
                return true;
            case SubscriptionStep.End:
                OnEnded?.Invoke();
                _ended.TrySetResult();
                return true;
            default:
                CountDelivered();
                return false;
        }
    }

    private void FetchNow()
    {
        CountDelivered();
        try
        {
            var page = Fetch();
            lock (Gate)
            {
                Fetched(page.Count);
                _machine.Fetched(page);
            }
        }
        catch (HiNetException failure)
        {
            logger.EventsUnreadable(failure.Message, failure);
            lock (Gate)
            {
                _machine.FetchFailed();
            }
        }
#pragma warning disable CA1031 // Here is the bottom of a thread of the pool: whatever passes it ends the host's process.
        catch (Exception defect)
#pragma warning restore CA1031
        {
            logger.EventsBroken(defect);
            lock (Gate)
            {
                _machine.Threw();
            }
        }
    }

    private void Tell(T? item, bool completes)
    {
        try
        {
            if (completes)
            {
                observer.OnCompleted();
            }
            else
            {
                observer.OnNext(item!);
            }
        }
#pragma warning disable CA1031 // Whatever a host's observer throws is its own defect and ends only itself.
        catch (Exception defect)
#pragma warning restore CA1031
        {
            logger.ObserverFailed(defect);
            lock (Gate)
            {
                _machine.Threw();
            }
        }
    }

    private void CountDelivered()
    {
        if (_uncounted > 0)
        {
            NodeMetrics.Events.Add(_uncounted);
            _uncounted = 0;
        }
    }
}
