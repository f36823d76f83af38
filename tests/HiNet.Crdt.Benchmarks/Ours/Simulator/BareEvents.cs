using System.Diagnostics;
using HiNet.Crdt.Benchmarks.Framework;
using HiNet.Crdt.Simulation.Kernel;

namespace HiNet.Crdt.Benchmarks.Ours.Simulator;

/// <summary>The simulator's kernel by itself: a thousand targets that each schedule their next event when one fires.</summary>
internal sealed class BareEvents : IMeasurement
{
    private const int Targets = 1_000;
    private const int Events = 5_000_000;

    public string Name => OurMeasurements.BareEvents;

    public string? Unavailable => null;

    public Task<IReadOnlyDictionary<string, double>> RunAsync(CancellationToken cancellationToken)
    {
        var scheduler = new Scheduler(new SimulationBudget { Events = long.MaxValue });
        for (var i = 0; i < Targets; i++)
        {
            scheduler.At(i, new Target(scheduler, i), 0);
        }

        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Events; i++)
        {
            scheduler.Step(new(long.MaxValue - 1));
        }

        return Task.FromResult<IReadOnlyDictionary<string, double>>(
            new Dictionary<string, double> { [Metric.Rate] = Events / Stopwatch.GetElapsedTime(started).TotalSeconds });
    }

    private sealed class Target(Scheduler scheduler, int id) : IEventTarget
    {
        private readonly KeyedRandom _random = new((ulong)id);
        private ulong _draws;

        public int TraceId => id;

        public void Fire(in ScheduledEvent scheduled) =>
            scheduler.After(_random.Between(DrawStream.LinkLatency, (ulong)id, _draws++, 1, 10_000), this, 0);
    }
}
