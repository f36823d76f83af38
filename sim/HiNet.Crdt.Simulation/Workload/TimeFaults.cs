using HiNet.Crdt.Simulation.Kernel;
using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Workload;

/// <summary>
/// Draws what time does to machines: sleep, clocks that jump by hours to years and are set right later, homes that are put back as
/// they were or run twice. Each befalls a few worlds in a hundred. The draws are of a stream of their own, so that all others stay what they were.
/// </summary>
internal sealed class TimeFaults
{
    private const ulong Sleep = 1, Jump = 2, Restoration = 3, Twin = 4;

    private static readonly TimeSpan[] s_spans = [TimeSpan.FromHours(1), TimeSpan.FromDays(1), TimeSpan.FromDays(30), TimeSpan.FromDays(365), TimeSpan.FromDays(365 * 50)];

    private readonly KeyedRandom _random;
    private readonly int _nodes;
    private readonly TimeSpan _duration;
    private readonly List<Fault> _faults = [];
    private ulong _draws;

    private TimeFaults(KeyedRandom random, int nodes, TimeSpan duration)
    {
        _random = random;
        _nodes = nodes;
        _duration = duration;
    }

    public static IReadOnlyList<Fault> Draw(KeyedRandom random, int nodes, TimeSpan duration)
    {
        var faults = new TimeFaults(random, nodes, duration);
        if (faults.Befalls(Sleep, 16))
        {
            faults.AddSleep();
        }

        if (faults.Befalls(Jump, 16))
        {
            faults.AddJump();
        }

        if (faults.Befalls(Restoration, 20))
        {
            faults.AddRestoration();
        }

        if (faults.Befalls(Twin, 24))
        {
            faults.AddTwin();
        }

        return faults._faults;
    }

    private void AddSleep()
    {
        for (var times = Between(1, 3); times > 0; times--)
        {
            var node = Node();
            var at = Moment();
            _faults.Add(new Fault { At = at, Kind = FaultKind.Suspend, Node = node, ClockStops = Between(0, 1) == 1 });
            _faults.Add(new Fault { At = Later(at, 10, 120_000), Kind = FaultKind.Wake, Node = node });
        }
    }

    // A clock that jumped is set right by as much, in most cases while people act; else when everything is mended.
    private void AddJump()
    {
        var node = Node();
        var at = Moment();
        var most = s_spans[Between(0, s_spans.Length - 1)];
        var by = TimeSpan.FromMilliseconds(Between((long)most.TotalMilliseconds / 20, (long)most.TotalMilliseconds));
        by = Between(0, 1) == 1 ? by : -by;
        _faults.Add(new Fault { At = at, Kind = FaultKind.StepClock, Node = node, By = by });
        if (Between(0, 3) > 0)
        {
            _faults.Add(new Fault { At = Later(at, 1_000, 30_000), Kind = FaultKind.StepClock, Node = node, By = -by });
        }
    }

    private void AddRestoration()
    {
        var node = Node();
        var at = Moment();
        _faults.Add(new Fault { At = at, Kind = FaultKind.Backup, Node = node });
        _faults.Add(new Fault { At = Later(at, 100, 40_000), Kind = FaultKind.Restore, Node = node });
    }

    private void AddTwin()
    {
        var node = Node();
        var at = Moment();
        _faults.Add(new Fault { At = at, Kind = FaultKind.Copy, Node = node });
        _faults.Add(new Fault { At = Later(at, 100, 40_000), Kind = FaultKind.EndCopy, Node = node });
    }

    private TimeSpan Moment() => TimeSpan.FromMilliseconds(Between(0, (long)_duration.TotalMilliseconds));

    private TimeSpan Later(TimeSpan at, long least, long most)
    {
        var later = at + TimeSpan.FromMilliseconds(Between(least, most));
        return later < _duration ? later : _duration;
    }

    private int Node() => (int)Between(0, _nodes - 1);

    private bool Befalls(ulong what, long oneIn) => _random.Below(DrawStream.TimeFaults, 1UL << 32 | what, 0, oneIn) == 0;

    private long Between(long from, long to) => _random.Between(DrawStream.TimeFaults, 1UL << 33, _draws++, from, to);
}
