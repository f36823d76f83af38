using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Simulation.Kernel;
using HiNet.Crdt.Simulation.Storage;

namespace HiNet.Crdt.Simulation.Nodes;

// Machines that sleep, and homes that are put back as they were. The engine survives the first because every deadline may come late
// and every reading of the wall clock may be another than was expected, and the second because a device with two futures is
// reported, and both are kept.
internal sealed partial class NodeProcess
{
    private DiskImage? _backup;

    /// <summary>When the machine fell asleep; null when it is awake.</summary>
    private Instant? _asleepSince;
    private bool _clockStops;

    /// <summary>Whose home this one is a copy of; null for a node of its own.</summary>
    public int? Original { get; init; }

    /// <summary>A copy that was stopped: it never runs again.</summary>
    public bool IsGone { get; set; }

    /// <summary>Its wall clock was once more than a day ahead.</summary>
    public bool HasBeenFarAhead => _clock.HasBeenFarAhead;

    /// <summary>Its wall clock did not always run on.</summary>
    public bool HasBeenStepped => _clock.HasBeenStepped;

    public bool HasBackup => _backup is not null;

    public void Suspend(bool monotonicStops)
    {
        if (IsUp && !IsPaused)
        {
            IsPaused = true;
            _asleepSince = _scheduler.Now;
            _clockStops = monotonicStops;
        }
    }

    /// <summary>Timers fire late. As the driver does it, the node is told the time before anything else that has waited.</summary>
    public void Wake()
    {
        if (_asleepSince is not { } since || !IsUp)
        {
            return;
        }

        _asleepSince = null;
        IsPaused = false;
        _timerAt = long.MaxValue;
        if (_clockStops)
        {
            _clock.Stood(_scheduler.Now.Microseconds - since.Microseconds);
        }

        _isHandling = true;
        try
        {
            Handle(new NodeInput.WallClockRead(WallClock));
        }
        finally
        {
            _isHandling = false;
        }

        Drain();
    }

    /// <summary>Whoever looks after the machine sets its clock right.</summary>
    public void SetClockRight(bool evenIfNear)
    {
        if (_clock.SetRight(evenIfNear) && IsUp)
        {
            GiveWallClock(again: false);
        }
    }

    /// <summary>A clock that shows what this one shows, of another machine.</summary>
    public SimulatedClock CopyClock() => _clock.Copy();

    public void Backup() => _backup = Disk.Image();

    /// <summary>Ends the life, puts the last backup back, and starts another one from it.</summary>
    public void Restore()
    {
        Crash();
        Disk.IsFull = false;
        Disk.Load(_backup!);
        Home.Reread();
        _lastCommitted = null;
        _world.Invariants.Restored(this);
        Boot();
    }
}
