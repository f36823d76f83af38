using HiNet.Crdt.Core.Engine.Reading;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Simulation.Kernel;

namespace HiNet.Crdt.Simulation.Nodes;

/// <summary>
/// Runs one observer's <see cref="SubscriptionMachine{T}"/> in virtual time, as the shell runs it on the thread pool. Without a
/// pace the steps are taken on the spot; with one, each delivery takes that long, and the world goes on meanwhile.
/// </summary>
internal abstract class SimulatedSubscription<T>(SimulatedNode node, IObserver<T> observer, TimeSpan pace) : IDisposable, IEventTarget
{
    private readonly SubscriptionMachine<T> _machine = new();
    private bool _isDraining;

    public int TraceId => -3;

    /// <summary>Items held that were not delivered yet.</summary>
    public int Held => _machine.Held;

    public bool HasEnded => _machine.HasEnded;

    /// <summary>Called once, when nothing more will be delivered.</summary>
    public Action? OnEnded { get; init; }

    public void Signal() => RunIf(_machine.Signal());

    public void Complete() => RunIf(_machine.Complete());

    public void Dispose() => RunIf(_machine.Dispose());

    /// <summary>Delivers all that there is at once, whatever the pace. Not from within a call of the observer.</summary>
    public void Drain()
    {
        _isDraining = true;
        _machine.Signal();
        Run();
        _isDraining = false;
    }

    public void Fire(in ScheduledEvent scheduled) => Run();

    /// <summary>The next items, or none.</summary>
    protected abstract IReadOnlyList<T> Fetch();

    protected virtual void Delivering(T item)
    {
    }

    private void RunIf(bool mustRun)
    {
        if (mustRun)
        {
            Run();
        }
    }

    private void Run()
    {
        while (true)
        {
            switch (_machine.Next())
            {
                case SubscriptionStep.Fetch:
                    FetchNow();
                    break;
                case SubscriptionStep.Deliver:
                    var item = _machine.Current!;
                    Delivering(item);
                    Tell(item, completes: false);
                    if (pace > TimeSpan.Zero && !_isDraining)
                    {
                        node.World.Scheduler.After(pace.Ticks / TimeSpan.TicksPerMicrosecond, this, 0);
                        return;
                    }

                    break;
                case SubscriptionStep.Complete:
                    OnEnded?.Invoke();
                    Tell(default, completes: true);
                    break;
                case SubscriptionStep.End:
                    OnEnded?.Invoke();
                    break;
                default:
                    return;
            }
        }
    }

    private void FetchNow()
    {
        try
        {
            _machine.Fetched(Fetch());
        }
        catch (StoreException) when (node.Process.Disk.IsUnreadable)
        {
            _machine.FetchFailed();
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
        catch (Exception defect) when (defect is not SimulationException)
        {
            _machine.Threw();
            node.World.ObserverThrew(node, defect);
        }
    }
}
