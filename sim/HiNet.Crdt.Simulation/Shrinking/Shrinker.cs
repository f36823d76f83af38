using HiNet.Crdt.Simulation.Failures;
using HiNet.Crdt.Simulation.Kernel;
using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Shrinking;

/// <summary>
/// Makes a failure small enough to be understood: first fewer operations, faults and adversaries, by delta debugging, then fewer nodes, a calmer
/// network, shorter times, and all of it again until nothing goes any more. Only runs that break the same invariant count, and the
/// seed stays: what one operation does never depends on whether another is there. The same failure shrinks to the same one.
/// </summary>
public sealed class Shrinker
{
    private const int MostRounds = 4;
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan[] s_gaps = [TimeSpan.Zero, TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(100), s_second];

    private readonly int _maximumRuns;
    private readonly IProgress<ShrinkProgress>? _progress;
    private readonly Func<Failure, RunReport> _run;
    private readonly HashSet<ulong> _tried = [];
    private Failure _best = null!;
    private RunReport _report = null!;
    private string _stage = string.Empty;
    private int _runs;

    /// <summary>A shrinker for one failure.</summary>
    /// <param name="maximumRuns">Runs at most, 1 or more; the smallest failure so far counts when they are used up.</param>
    /// <param name="progress">Told of each run, on the calling thread if it is not <see cref="Progress{T}"/>.</param>
    public Shrinker(int maximumRuns = 2_000, IProgress<ShrinkProgress>? progress = null)
        : this(maximumRuns, progress, static failure => FailureReplay.Run(failure))
    {
    }

    internal Shrinker(int maximumRuns, IProgress<ShrinkProgress>? progress, Func<Failure, RunReport> run)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumRuns, 1);
        _maximumRuns = maximumRuns;
        _progress = progress;
        _run = run;
    }

    /// <summary>Shrinks a failure.</summary>
    /// <exception cref="HiNetException">It is a difference between two processes, which no run in one process shows.</exception>
    public ShrinkResult Shrink(Failure failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        if (failure.Result == SimulationResult.Nondeterminism)
        {
            throw new HiNetException("A difference between two processes cannot be shrunk in one process: replay the file in two builds or processes with --log and compare their lines.");
        }

        _runs = 1;
        _tried.Clear();
        _best = failure;
        _report = _run(failure);
        if (!failure.IsShownBy(_report))
        {
            return new ShrinkResult(failure, _report, IsReproduced: false, _runs, IsMinimal: false);
        }

        if (failure.Scenario is null)
        {
            ShrinkHistory();
        }
        else
        {
            ShrinkScenario();
        }

        var smallest = _best with
        {
            Product = BuildVersion.Product,
            Commit = BuildVersion.Commit,
            At = _report.VirtualTime,
            Problem = _report.Problem ?? string.Empty,
            TraceHash = _report.TraceHash,
        };
        return new ShrinkResult(smallest, _report, IsReproduced: true, _runs, IsMinimal: _runs < _maximumRuns);
    }

    private Scenario Best => _best.Scenario!;

    private void ShrinkScenario()
    {
        _best = _best with { Scenario = ExplicitScenario.Of(Best, _best.Seed) };
        _tried.Add(TraceHash.Of(FailureWriter.Write(_best)));
        CutTheEnd();
        for (var round = 0; round < MostRounds; round++)
        {
            var before = ScenarioWriter.Write(Best);
            LeaveOutParts();
            LeaveOutNodes();
            Calm();
            Shorten();
            if (ScenarioWriter.Write(Best) == before)
            {
                break;
            }
        }

        _stage = "rounding times";
        _ = Try(TimeShift.Rounded(Best, s_second)) || Try(TimeShift.Rounded(Best, TimeSpan.FromMilliseconds(100))) || Try(TimeShift.Rounded(Best, TimeSpan.FromMilliseconds(10)));
    }

    // What comes after the failure has no part in it. A failure of the quiet time afterwards needs its scenario to end.
    private void CutTheEnd()
    {
        _stage = "cutting the end";
        var at = _report.VirtualTime;
        if (at < Best.Duration)
        {
            Try(Best with
            {
                Duration = at + TimeSpan.FromMilliseconds(1),
                Faults = [.. Best.Faults.Where(fault => fault.At <= at)],
                Operations = [.. Best.Operations.Where(operation => !operation.IsAfterwards && operation.At <= at)],
            });
        }
    }

    private void LeaveOutParts()
    {
        _stage = "operations and faults";
        DeltaDebugging.Minimize(ScenarioPart.Of(Best), parts => Try(ScenarioPart.With(Best, parts)));
    }

    private void LeaveOutNodes()
    {
        _stage = "nodes";
        for (var node = Best.Nodes - 1; node >= 0 && Best.Nodes > 1; node--)
        {
            Try(NodeRemoval.Without(Best, node));
        }
    }

    private void Calm()
    {
        _stage = "network and clocks";
        foreach (var way in Calming.Ways)
        {
            Try(way(Best));
        }
    }

    private void Shorten()
    {
        _stage = "times";
        for (var i = 1; i < TimeShift.Times(Best).Count; i++)
        {
            foreach (var wanted in s_gaps.Append((TimeShift.Times(Best)[i] - TimeShift.Times(Best)[i - 1]) / 2))
            {
                var times = TimeShift.Times(Best);
                var gap = times[i] - times[i - 1];

                // Two at once stay two: the order between them would be lost, and with it what this gap stands for.
                if (wanted < gap && (wanted > TimeSpan.Zero || i == 1) && Try(TimeShift.Earlier(Best, times[i], gap - wanted)))
                {
                    break;
                }
            }
        }
    }

    private void ShrinkHistory()
    {
        _stage = "entries";
        var whole = _best.Trace!;
        DeltaDebugging.Minimize(
            [.. Enumerable.Range(0, whole.History.Entries.Count)],
            kept => kept.Count > 0 && Try(_best with { Trace = whole with { History = HistorySubset.Of(whole.History, kept) } }));
    }

    private bool Try(Scenario scenario) => scenario.Duration > TimeSpan.Zero && Try(_best with { Scenario = scenario });

    // A candidate that was tried before failed to fail, or is the best already.
    private bool Try(Failure candidate)
    {
        if (_runs >= _maximumRuns || !_tried.Add(TraceHash.Of(FailureWriter.Write(candidate))))
        {
            return false;
        }

        _runs++;
        var report = _run(candidate);
        var isShown = _best.IsShownBy(report);
        if (isShown)
        {
            _best = candidate;
            _report = report;
        }

        _progress?.Report(new ShrinkProgress(
            _runs,
            _maximumRuns,
            _stage,
            _best.Scenario?.Nodes ?? _best.Trace!.History.Authors.Count,
            _best.Scenario?.Operations.Count ?? _best.Trace!.History.Entries.Count,
            _best.Scenario?.Faults.Count ?? 0));
        return isShown;
    }
}
