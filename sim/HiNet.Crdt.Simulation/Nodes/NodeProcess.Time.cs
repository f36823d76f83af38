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
    private ulong _wakeDraws;

    /// <summary>When the machine fell asleep; null when it is awake.</summary>
    private Instant? _asleepSince;
    private bool _clockStops;
    private bool _missedWallClock;

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

    /// <summary>Timers fire late; the wall clock is read when the next reading is due, by the monotonic clock.</summary>
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

        if (_missedWallClock)
        {
            _missedWallClock = false;
            var rest = _clockStops ? _world.Random.Below(DrawStream.TimeFaults, (ulong)Index, _wakeDraws++, WallClockInterval) : 0;
            _scheduler.After(rest, this, (int)NodeEventKind.WallClock, Generation);
        }

        Drain();
    }

    /// <summary>Whoever looks after the machine sets its clock right.</summary>
    public void SetClockRight()
    {
        if (_clock.SetRight() && IsUp)
        {
            GiveWallClock(again: false);
        }
    }

    public void Backup() => _backup = Disk.Image();

    /// <summary>Ends the life, puts the last backup back, and starts another one from it.</summary>
    public void Restore()
    {
        Crash();
        Disk.IsFull = false;
        Disk.Load(_backup!);
        _lastCommitted = null;
        _world.Invariants.Restored(this);
        Boot();
    }
}
