using System.Collections.Concurrent;
using System.Diagnostics;

namespace HiNet.Crdt.Mutation.Running;

/// <summary>Which check reaches which mutant, from one run of all checks with no mutant on.</summary>
internal sealed class Recording
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private Recording(IReadOnlyDictionary<string, CheckProfile> profiles, IReadOnlyList<(string Check, string Problem)> failing)
    {
        Profiles = profiles;
        Failing = failing;
    }

    public IReadOnlyDictionary<string, CheckProfile> Profiles { get; }

    /// <summary>Checks that fail without any mutant, and so can tell nothing.</summary>
    public IReadOnlyList<(string Check, string Problem)> Failing { get; }

    /// <summary>Runs every test and the seeds from 1.</summary>
    public static Recording Make(string folder, int workers, int seeds, Action<int, int> progress, CancellationToken cancellationToken)
    {
        var processes = Enumerable.Range(0, workers).Select(_ => new WorkerProcess(folder, records: true)).ToList();
        try
        {
            processes.ForEach(process => process.Start());
            List<string> checks = [.. processes[0].Tests, .. Enumerable.Range(1, seeds).Select(seed => SeedCase.Prefix + seed)];
            ConcurrentQueue<string> waiting = new(checks);
            ConcurrentDictionary<string, CheckProfile> profiles = new(StringComparer.Ordinal);
            ConcurrentBag<(string Check, string Problem)> failing = [];
            Parallel.ForEach(processes, new ParallelOptions { MaxDegreeOfParallelism = workers }, process =>
            {
                while (!cancellationToken.IsCancellationRequested && waiting.TryDequeue(out var check))
                {
                    var watch = Stopwatch.StartNew();
                    var reply = process.Ask(new Request(0, [check], [long.MaxValue]), _ => s_patience);
                    if (reply.FailedAt is null)
                    {
                        profiles[check] = new CheckProfile(check, reply.Milliseconds, watch.Elapsed, reply.Steps, reply.Reached!);
                    }
                    else
                    {
                        failing.Add((check, reply.Problem ?? ""));
                    }

                    progress(profiles.Count + failing.Count, checks.Count);
                }
            });
            cancellationToken.ThrowIfCancellationRequested();
            return new Recording(new SortedDictionary<string, CheckProfile>(profiles, StringComparer.Ordinal), [.. failing.OrderBy(pair => pair.Check, StringComparer.Ordinal)]);
        }
        finally
        {
            processes.ForEach(process => process.Dispose());
        }
    }

    /// <summary>The checks that reach a mutant.</summary>
    public IEnumerable<CheckProfile> Reaching(int mutant) => Profiles.Values.Where(profile => profile.Reached[mutant] != 0);
}
