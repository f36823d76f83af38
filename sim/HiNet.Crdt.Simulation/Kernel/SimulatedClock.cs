using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Simulation.Kernel;

/// <summary>
/// A node's two clocks. The monotonic one starts somewhere else in each life of the node, as a real one does with each boot, so
/// that an instant which was written to disk is found out. The wall clock is off by a constant, runs fast or slow, and can be stepped.
/// </summary>
internal sealed class SimulatedClock(long epochMilliseconds, long skewMicroseconds, long driftPerMillion)
{
    private const long FarOff = 3_600_000_000;
    private const long Day = 24 * FarOff;

    private long _steps;
    private long _monotonicStart;

    /// <summary>True once the wall clock was stepped ahead by more than a day in all: what lasts for weeks may have ended by it.</summary>
    public bool HasBeenFarAhead { get; private set; }

    /// <summary>True once the wall clock was stepped at all.</summary>
    public bool HasBeenStepped { get; private set; }

    /// <summary>How far the wall clock is off now, in microseconds.</summary>
    public long Offset(Instant now) => skewMicroseconds + _steps + (now.Microseconds / 1_000_000 * driftPerMillion);

    public Instant Monotonic(Instant now) => new(now.Microseconds + _monotonicStart);

    /// <summary>When a monotonic reading will be reached in virtual time.</summary>
    public Instant Virtual(Instant monotonic) => monotonic == Instant.Never ? Instant.Never : new Instant(monotonic.Microseconds - _monotonicStart);

    /// <summary>Unix time in milliseconds, as this node believes.</summary>
    public long Wall(Instant now) => epochMilliseconds + ((now.Microseconds + Offset(now)) / 1000);

    /// <summary>Another machine's clock that shows the same.</summary>
    public SimulatedClock Copy() => new(epochMilliseconds, skewMicroseconds, driftPerMillion) { _steps = _steps, HasBeenFarAhead = HasBeenFarAhead, HasBeenStepped = HasBeenStepped };

    /// <summary>The monotonic clock has stood still for so long.</summary>
    public void Stood(long microseconds) => _monotonicStart -= microseconds;

    /// <summary>Somebody sets the wall clock right, if it was stepped by more than an hour in all, or at all. False when it was not.</summary>
    public bool SetRight(bool evenIfNear)
    {
        var isOff = evenIfNear ? _steps != 0 : Math.Abs(_steps) > FarOff;
        _steps = isOff ? 0 : _steps;
        return isOff;
    }

    public void Step(long milliseconds)
    {
        _steps += milliseconds * 1000;
        HasBeenFarAhead |= _steps > Day;
        HasBeenStepped = true;
    }

    public void Boot(long monotonicStart) => _monotonicStart = monotonicStart;
}
