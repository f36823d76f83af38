namespace HiNet.Crdt.Simulation.Kernel;

/// <summary>Takes events when their time has come.</summary>
internal interface IEventTarget
{
    /// <summary>What tells this target from every other one in the trace; the same in every run of a seed.</summary>
    int TraceId { get; }

    void Fire(in ScheduledEvent scheduled);
}
