using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Simulation.Kernel;

/// <summary>
/// Virtual time and the one queue. A step takes the next event, sets the clock to its time and fires it; nothing else moves
/// time, and nothing here knows what the events mean.
/// </summary>
internal sealed class Scheduler(SimulationBudget budget)
{
    private readonly EventQueue _queue = new();
    private long _now;

    /// <summary>Virtual time since the start of the world.</summary>
    public Instant Now => new(_now);

    public long Events { get; private set; }

    public int Pending => _queue.Count;

    public TraceHash Trace { get; } = new();

    /// <summary>Sees each event before it fires; null costs one test.</summary>
    public Action<long, ScheduledEvent>? Observer { get; set; }

    /// <summary>Schedules an event, now or later. A time that has passed means now.</summary>
    public void At(long time, IEventTarget target, int kind, int generation = 0, long argument = 0, object? payload = null) =>
        _queue.Add(Math.Max(time, _now), new ScheduledEvent(target, kind, generation, argument, payload));

    public void After(long microseconds, IEventTarget target, int kind, int generation = 0, long argument = 0, object? payload = null) =>
        _queue.Add(_now + Math.Max(0, microseconds), new ScheduledEvent(target, kind, generation, argument, payload));

    /// <summary>Fires the next event if it is due by <paramref name="until"/>; otherwise moves the clock there and returns false.</summary>
    /// <exception cref="BudgetExhaustedException">The run has used up its events, or its time.</exception>
    public bool Step(Instant until)
    {
        if (_queue.Count == 0 || _queue.NextTime > until.Microseconds)
        {
            _now = Math.Max(_now, until.Microseconds);
            return false;
        }

        var scheduled = _queue.Take(out var time);
        if (time > _now)
        {
            _now = time;
            EventsWithoutProgress = 0;
        }

        Events++;
        EventsWithoutProgress++;
        if (Events > budget.Events || _now > budget.TimeMicroseconds || EventsWithoutProgress > budget.EventsAtOneTime)
        {
            throw Exhausted();
        }

        Trace.Fold(time);
        Trace.Fold(((ulong)(uint)scheduled.Target.TraceId << 32) | (uint)scheduled.Kind);
        Trace.Fold(scheduled.Argument);
        Observer?.Invoke(time, scheduled);
        scheduled.Target.Fire(scheduled);
        return true;
    }

    private long EventsWithoutProgress { get; set; }

    private BudgetExhaustedException Exhausted() =>
        EventsWithoutProgress > budget.EventsAtOneTime ? new BudgetExhaustedException($"{budget.EventsAtOneTime:N0} events passed without the clock moving")
        : Events > budget.Events ? new BudgetExhaustedException($"the run took more than {budget.Events:N0} events")
        : new BudgetExhaustedException($"the run took more than {budget.Time.TotalSeconds:N0} virtual seconds");
}
