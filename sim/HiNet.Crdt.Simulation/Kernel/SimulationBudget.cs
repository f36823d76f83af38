namespace HiNet.Crdt.Simulation.Kernel;

/// <summary>What a run may use. Exhausting it is a failure (a liveness failure), never a quiet end.</summary>
public sealed record SimulationBudget
{
    /// <summary>Events in the whole run.</summary>
    public long Events { get; init; } = 200_000_000;

    /// <summary>Events at one and the same virtual time: what a loop without progress runs into.</summary>
    public long EventsAtOneTime { get; init; } = 1_000_000;

    /// <summary>Virtual time from the start of the world.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromDays(3650);

    internal long TimeMicroseconds => Time.Ticks / TimeSpan.TicksPerMicrosecond;
}
