using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Simulation.Kernel;

namespace HiNet.Crdt.Simulation;

public sealed partial class SimulatedWorld
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(2);

    /// <summary>So long at most what was written by a clock that was ahead is waited for, beginning when the world came to rest.</summary>
    private static readonly TimeSpan s_longestPatience = TimeSpan.FromHours(2);

    private bool _isRunning;

    /// <summary>Lets virtual time pass.</summary>
    /// <exception cref="SimulationException">An invariant was broken, or a budget used up.</exception>
    public void RunFor(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        Run(Scheduler.Now + time, static () => false);
    }

    /// <summary>Lets virtual time pass until something is so; it is looked at after each event.</summary>
    /// <exception cref="SimulationException">It was not so within <paramref name="limit"/>, or an invariant was broken.</exception>
    public void RunUntil(Func<bool> condition, TimeSpan limit)
    {
        ArgumentNullException.ThrowIfNull(condition);
        if (!Run(Scheduler.Now + limit, condition))
        {
            throw Failure(SimulationResult.Liveness, "run-until", $"what was waited for did not happen within {limit.TotalSeconds:0.###} virtual seconds");
        }
    }

    /// <summary>
    /// Lets virtual time pass until nothing is left to be done: nothing under way on the network or at a disk, every member that
    /// is up holds every entry, and it stays so for two seconds. Then checks that members agree.
    /// </summary>
    /// <exception cref="SimulationException">
    /// It did not come to that within <see cref="WorldOptions.Patience"/>, or that much longer as clocks are apart or entries are ahead of
    /// them, since an entry from the future waits until it is due; the message says what was still missing.
    /// </exception>
    public void RunUntilQuiet() => RunUntilQuiet(isEnd: true);

    internal void RunUntilQuiet(bool isEnd)
    {
        var began = Scheduler.Now;
        var patience = Options.Patience + ClockSpan() + Invariants.Custody.LongestWait();
        var limit = began + patience;
        var quietSince = Scheduler.Now;
        var pending = Pending();
        string? owed = null;
        while (pending is not null || Scheduler.Now - quietSince < s_quiet)
        {
            if (Scheduler.Now >= limit && Invariants.Custody.LongestWait() is { Ticks: > 0 } more && Scheduler.Now + more < began + s_longestPatience)
            {
                // Something was written since then by a clock that was ahead.
                patience += more + Options.Patience;
                limit = began + patience;
            }
            else if (Scheduler.Now >= limit)
            {
                throw Failure(SimulationResult.Liveness, "convergence", $"after {patience.TotalSeconds:0} virtual seconds {pending ?? owed ?? "it was not quiet for two seconds"}");
            }

            Run(Instant.Min(Scheduler.Now + s_look, limit), static () => false);
            pending = Pending();
            if (pending is null && Scheduler.Now - quietSince >= s_quiet)
            {
                pending = owed = Invariants.Owed();
            }

            if (pending is not null)
            {
                quietSince = Scheduler.Now;
            }
        }

        Invariants.Quiet(isEnd);
    }

    private TimeSpan ClockSpan()
    {
        if (_nodes.Count == 0)
        {
            return TimeSpan.Zero;
        }

        var clocks = _nodes.Select(node => node.Process.WallClock).ToList();
        return TimeSpan.FromMilliseconds(clocks.Max() - clocks.Min());
    }

    /// <summary>What still has to happen, in words; null when nothing has.</summary>
    internal string? Pending()
    {
        foreach (var node in _nodes)
        {
            if (node.IsUp && node.Process.IsHonest && !node.Process.IsPaused && node.Process.Busy > 0)
            {
                return $"node {node.Index} was still busy with {node.Process.Busy} batches, checks and commands";
            }
        }

        return Invariants.Custody.Missing();
    }

    /// <summary>Moves virtual time until a task is complete, unless the world moves already: then the task completes inside it.</summary>
    internal Task<T> Await<T>(Task<T> task, CancellationToken cancellationToken)
    {
        if (_isRunning || task.IsCompleted)
        {
            return task;
        }

        if (!Run(Scheduler.Now + Options.Patience, () => task.IsCompleted || cancellationToken.IsCancellationRequested))
        {
            throw Failure(SimulationResult.Liveness, "operation-completes", $"an operation was not done within {Options.Patience.TotalSeconds:0} virtual seconds");
        }

        return task.IsCompleted ? task : Task.FromCanceled<T>(cancellationToken);
    }

    // Continuations must run here and now, whatever the caller's context is; with a context set they would leave the thread.
    private bool Run(Instant until, Func<bool> condition)
    {
        if (_isRunning)
        {
            throw new InvalidOperationException("The world runs already: inside an observer, let the task complete instead of moving time.");
        }

        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        _isRunning = true;
        try
        {
            while (!condition())
            {
                if (!Scheduler.Step(until))
                {
                    return condition();
                }
            }

            return true;
        }
        catch (BudgetExhaustedException exhausted)
        {
            throw Failure(SimulationResult.Liveness, "budget", exhausted.Message);
        }
        finally
        {
            _isRunning = false;
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }
}
