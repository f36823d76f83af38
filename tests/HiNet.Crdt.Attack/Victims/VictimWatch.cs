using System.Collections.Concurrent;
using System.Diagnostics;

namespace HiNet.Crdt.Attack.Victims;

/// <summary>What the victim notices of itself: memory, processor time, complaints about peers.</summary>
internal sealed class VictimWatch : IObserver<NodeEvent>, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
    private readonly HiNetNode _node;
    private readonly IDisposable _subscription;
    private readonly ConcurrentDictionary<string, long> _misbehaved = [];
    private readonly ConcurrentDictionary<string, long> _noticed = [];
    private readonly List<double> _megabytes = [];
    private readonly List<double> _managed = [];
    private readonly Lock _gate = new();
    private Timer? _sampling;
    private long _started;
    private TimeSpan _cpu;

    public VictimWatch(HiNetNode node)
    {
        _node = node;
        _subscription = node.Events.Subscribe(this);
    }

    /// <summary>The attack begins.</summary>
    public void Start()
    {
        (_started, _cpu) = (Stopwatch.GetTimestamp(), Own().TotalProcessorTime);
        _sampling = new Timer(_ => Sample(), null, TimeSpan.Zero, Pause);
    }

    public VictimReport Report(SteadySender sender)
    {
        lock (_gate)
        {
            var own = Own();
            var status = _node.GetStatus();
            return new VictimReport
            {
                Notes = sender.Notes,
                Said = sender.Said,
                SendMilliseconds = sender.Milliseconds,
                PeakMegabytes = own.PeakWorkingSet64 / 1e6,
                Megabytes = _megabytes,
                ManagedMegabytes = _managed,
                CorePercent = (own.TotalProcessorTime - _cpu) / Stopwatch.GetElapsedTime(_started) * 100,
                Entries = status.Entries,
                Connected = _noticed.GetValueOrDefault(nameof(PeerConnected)),
                Misbehaved = _misbehaved,
                Noticed = _noticed,
                Problem = status.Problem,
            };
        }
    }

    public void OnNext(NodeEvent value)
    {
        _noticed.AddOrUpdate(value.GetType().Name, 1, static (_, count) => count + 1);
        if (value is PeerMisbehaved misbehaved)
        {
            _misbehaved.AddOrUpdate(misbehaved.Reason, 1, static (_, count) => count + 1);
        }
    }

    public void OnError(Exception error) => throw new InvalidOperationException("A node's events ended in an error.", error);

    public void OnCompleted()
    {
    }

    public void Dispose()
    {
        _subscription.Dispose();
        _sampling?.Dispose();
    }

    private void Sample()
    {
        lock (_gate)
        {
            _megabytes.Add(Environment.WorkingSet / 1e6);
            _managed.Add(GC.GetGCMemoryInfo().TotalCommittedBytes / 1e6);
        }
    }

    private static Process Own() => Process.GetCurrentProcess();
}
