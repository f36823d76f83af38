using System.Collections.Concurrent;
using System.Diagnostics;
using HiNet.Crdt.Mutation.Mutants;
using HiNet.Crdt.Mutation.Results;
using HiNet.Crdt.Mutation.Running;

namespace HiNet.Crdt.Mutation;

/// <summary>One run: makes the instrumented copy, records what reaches what, and gives each mutant to a worker.</summary>
internal sealed class Campaign(Options options, TextWriter log)
{
    // Checks that noticed a mutant run again without it, so that a kill is the mutant's and no one else's. Long ones are believed.
    private const double LongestDoubted = 500;

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly CheckOrder _order = new(options.Budget);
    private int _done;
    private int _told;

    public IReadOnlyList<Verdict> Run(CancellationToken cancellationToken)
    {
        var folder = Path.Combine(Workspace.Artifacts, "run");
        CopyBuilt(folder);
        var project = MutatedProject.Read(Workspace.Core, Workspace.CoreGenerated, Workspace.BuiltTests);
        var set = new MutantSet(options.Wants, options.IsInSample);
        IReadOnlyList<Mutant> mutants = [.. InstrumentedCopy.Write(project, set, Path.Combine(folder, "HiNet.Crdt.Core.dll")).Take(options.Limit)];
        Say($"{mutants.Count} mutants; {set.Dropped} more do not compile");
        if (mutants.Count == 0)
        {
            return [];
        }

        var settings = FormattableString.Invariant($"{options.Seeds} {options.Budget}");
        var fingerprints = new Fingerprints(Workspace.Core, Workspace.Tests, Workspace.Simulation, settings);
        using var memory = new Memory(Path.Combine(Workspace.Artifacts, "results.jsonl"), fingerprints, options.All);
        var old = mutants.Select(memory.Find).OfType<Verdict>().ToDictionary(verdict => verdict.Mutant.Id);
        List<Mutant> open = [.. mutants.Where(mutant => !old.ContainsKey(mutant.Id))];
        Say($"{old.Count} verdicts of earlier runs still hold, {open.Count} mutants are to be run");
        var fresh = open.Count == 0 ? [] : RunAll(folder, open, memory, cancellationToken);
        return [.. old.Values.Concat(fresh).OrderBy(verdict => verdict.Mutant.Id)];
    }

    private IReadOnlyCollection<Verdict> RunAll(string folder, List<Mutant> open, Memory memory, CancellationToken cancellationToken)
    {
        var recording = Recording.Make(folder, options.Workers, options.Seeds, (done, all) => Progress("recorded", done, all), cancellationToken);
        _told = 0;
        foreach (var (check, problem) in recording.Failing)
        {
            Say($"without any mutant fails, and is left out: {check}: {problem}");
        }

        Say($"{recording.Profiles.Count} checks recorded, {recording.Profiles.Values.Sum(profile => profile.Milliseconds) / 1000:0} s of a processor");
        ConcurrentQueue<Mutant> waiting = new(open);
        ConcurrentBag<Verdict> verdicts = [];
        List<Thread> threads = [.. Enumerable.Range(0, options.Workers).Select(_ => new Thread(() => Work(folder, recording, waiting, verdict =>
        {
            verdicts.Add(verdict);
            memory.Keep(verdict);
            Progress("mutants", Interlocked.Increment(ref _done), open.Count);
        }, cancellationToken)))];
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        cancellationToken.ThrowIfCancellationRequested();
        return verdicts;
    }

    private void Work(string folder, Recording recording, ConcurrentQueue<Mutant> waiting, Action<Verdict> add, CancellationToken cancellationToken)
    {
        using var process = new WorkerProcess(folder, records: false);
        while (!cancellationToken.IsCancellationRequested && waiting.TryDequeue(out var mutant))
        {
            add(Judge(process, recording, mutant, isAgain: false));
        }
    }

    private Verdict Judge(WorkerProcess process, Recording recording, Mutant mutant, bool isAgain)
    {
        var checks = _order.Order(mutant, recording.Reaching(mutant.Id));
        if (checks.Count == 0)
        {
            return new Verdict(mutant, Outcome.NotReached);
        }

        var reply = process.Ask(new Request(mutant.Id, [.. checks.Select(check => check.Name)], [.. checks.Select(check => check.StepLimit)]), name => recording.Profiles[name].Patience);
        if (reply.FailedAt is not { } failedAt)
        {
            return new Verdict(mutant, Outcome.Survived, Checks: checks.Count);
        }

        var killer = recording.Profiles[failedAt];
        var ran = checks.TakeWhile(check => check != killer).Count() + 1;
        if (!reply.RanOut && !isAgain && killer.Milliseconds <= LongestDoubted
            && process.Ask(new Request(0, [failedAt], [killer.StepLimit]), _ => killer.Patience).FailedAt is not null)
        {
            // Something that outlives a check was changed: a fresh process knows nothing of it.
            process.End();
            return Judge(process, recording, mutant, isAgain: true);
        }

        _order.Noticed(mutant, failedAt);
        var outcome = reply.RanOut ? Outcome.TimedOut : killer.IsSeed ? Outcome.KilledBySeed : Outcome.KilledByTest;
        return new Verdict(mutant, outcome, failedAt, reply.Problem, ran);
    }

    // Symbols are left behind: with them each failed assertion would look up its source.
    private static void CopyBuilt(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        foreach (var built in new[] { Workspace.BuiltTests, Workspace.BuiltSimulation })
        {
            foreach (var path in Directory.EnumerateFiles(built, "*.dll"))
            {
                File.Copy(path, Path.Combine(folder, Path.GetFileName(path)), overwrite: true);
            }
        }
    }

    private void Progress(string what, int done, int all)
    {
        var tenth = done * 20 / all;
        if (Interlocked.Exchange(ref _told, tenth) < tenth)
        {
            Say($"{done} of {all} {what}");
        }
    }

    private void Say(FormattableString message)
    {
        lock (log)
        {
            log.WriteLine($"{_watch.Elapsed:h\\:mm\\:ss} {FormattableString.Invariant(message)}");
        }
    }
}
