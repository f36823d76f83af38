using System.Diagnostics;
using HiNet.Crdt.Simulation.Fuzzing;

namespace HiNet.Crdt.Simulation.Cli;

/// <summary>
/// Runs the cases of a range of seeds in several threads, which share nothing. What comes of a case depends on its seed alone; the clock has a part
/// only in how many cases are begun.
/// </summary>
internal sealed class FuzzSweep(IReadOnlyList<string> targets, ulong first, ulong last, TimeSpan? limit, FuzzFailureStore store)
{
    private readonly Lock _gate = new();
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly FuzzSummary _summary = new(targets);
    private ulong _next = first;
    private bool _isDone;

    public int Run(int threads, bool json)
    {
        store.Check();
        List<Thread> workers = [.. Enumerable.Range(0, threads).Select(_ => new Thread(Work, maxStackSize: 16 << 20))];
        workers.ForEach(worker => worker.Start());
        workers.ForEach(worker => worker.Join());
        var time = _watch.Elapsed;
        if (!json)
        {
            FuzzTables.Show(Console.Out, _summary);
        }

        store.SaveAndTell(_summary.Failures);
        Console.Out.WriteLine(json ? FuzzJson.Write(_summary, time) : FuzzTables.Result(_summary, time));
        return (int)_summary.Worst;
    }

    private void Work()
    {
        while (Take() is { } seed)
        {
            foreach (var target in targets)
            {
                var report = Fuzzer.Run(target, seed);
                lock (_gate)
                {
                    _summary.Add(report);
                }
            }
        }
    }

    private ulong? Take()
    {
        lock (_gate)
        {
            if (_isDone || _watch.Elapsed >= limit)
            {
                return null;
            }

            var seed = _next++;
            _isDone = seed == last;
            return seed;
        }
    }
}
