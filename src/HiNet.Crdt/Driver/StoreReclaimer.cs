using HiNet.Crdt.Core.Engine.Driving;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Diagnostics;
using HiNet.Crdt.Storage;
using Microsoft.Extensions.Logging;

namespace HiNet.Crdt.Driver;

/// <summary>
/// The thread that reclaims erased bytes when <see cref="ReclaimSchedule"/> says so, and before the node stops. Writes go on beside it: of a
/// large store it can take seconds.
/// </summary>
internal sealed class StoreReclaimer
{
    private readonly object _gate = new();
    private readonly IEntryStore _store;
    private readonly Inbox _inbox;
    private readonly ILogger _logger;
    private readonly DriverClock _clock;
    private readonly Thread _thread;

    /// <summary>Within <see cref="_gate"/>.</summary>
    private readonly ReclaimSchedule _schedule;

    /// <summary>Within <see cref="_gate"/>.</summary>
    private bool _stopping;

    internal StoreReclaimer(IEntryStore store, DriverClock clock, Inbox inbox, ILogger logger)
    {
        _store = store;
        _inbox = inbox;
        _logger = logger;
        _clock = clock;
        _schedule = new ReclaimSchedule(clock.Now);
        _thread = new Thread(Run) { Name = "hinet reclaimer", IsBackground = true };
        _thread.Start();
    }

    /// <summary>A batch is durable.</summary>
    internal void Wrote(Instant begun, bool erases)
    {
        lock (_gate)
        {
            _schedule.Wrote(begun, _clock.Now, erases);
            if (erases)
            {
                Monitor.Pulse(_gate);
            }
        }
    }

    /// <summary>Reclaims what is due, then ends the thread. May be called again.</summary>
    internal void Stop()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.Pulse(_gate);
        }

        _thread.Join();
    }

    private void Run()
    {
        try
        {
            while (AwaitDue())
            {
                var began = _clock.Now;
                Reclaim();
                lock (_gate)
                {
                    var now = _clock.Now;
                    _schedule.Ended(now, now - began);
                }
            }
        }
        catch (Exception defect)
        {
            _inbox.Fault(defect);
        }
    }

    /// <summary>Returns when it is time to reclaim; false when stopping with nothing due.</summary>
    private bool AwaitDue()
    {
        lock (_gate)
        {
            while (true)
            {
                var wait = _schedule.Due is { } due ? due - _clock.Now : Timeout.InfiniteTimeSpan;
                if (_schedule.IsPending && (_stopping || wait <= TimeSpan.Zero))
                {
                    _schedule.Began();
                    return true;
                }

                if (_stopping)
                {
                    return false;
                }

                Monitor.Wait(_gate, wait);
            }
        }
    }

    private void Reclaim()
    {
        try
        {
            _store.ReclaimErased();
        }
        catch (StoreException failure)
        {
            // Which keys are due is kept in the store, so the next start tries again.
            _logger.ReclaimFailed(failure.Message, failure);
        }
    }
}
