using HiNet.Crdt.Simulation.Shrinking;

namespace HiNet.Crdt.Simulation.Fuzzing;

/// <summary>
/// Makes a failing case small: first fewer operations, by delta debugging, then plainer ones, field by field, and all of it again until
/// nothing goes any more. Only runs to which the same oracle objects count. The same failure shrinks to the same one.
/// </summary>
internal sealed class FuzzShrinker(FuzzTarget target, FuzzReport report, int maximumRuns)
{
    private const int MostRounds = 4;

    private int _runs;
    private FuzzReport? _report;

    public FuzzFailure Shrink()
    {
        var operations = target.Draw(new Kernel.KeyedRandom(report.Seed));
        for (var round = 0; round < MostRounds; round++)
        {
            var before = operations;
            operations = DeltaDebugging.Minimize(operations, Fails);
            operations = Plainer(operations);
            if (before.SequenceEqual(operations))
            {
                break;
            }
        }

        return new FuzzFailure
        {
            Target = target.Name,
            Seed = report.Seed,
            Result = (_report ?? report).Result,
            Oracle = report.Oracle!,
            Problem = (_report ?? report).Problem!,
            Product = BuildVersion.Product,
            Commit = BuildVersion.Commit,
            Operations = operations,
        };
    }

    private IReadOnlyList<FuzzOperation> Plainer(IReadOnlyList<FuzzOperation> operations)
    {
        for (var i = 0; i < operations.Count; i++)
        {
            foreach (var way in Ways(operations[i]))
            {
                FuzzOperation[] candidate = [.. operations];
                candidate[i] = way(operations[i]);
                if (candidate[i] != operations[i] && Fails(candidate))
                {
                    operations = candidate;
                }
            }
        }

        return operations;
    }

    private static IEnumerable<Func<FuzzOperation, FuzzOperation>> Ways(FuzzOperation operation)
    {
        yield return static o => o with { Twist = FuzzTwist.None };
        yield return static o => o with { Past = FuzzPast.Everything };
        yield return static o => o with { Who = 0 };
        yield return static o => o with { Target = 0 };
        yield return static o => o with { Size = 0 };
        foreach (var divisor in new[] { 16, 4, 2 })
        {
            yield return o => o with { Who = o.Who / divisor };
            yield return o => o with { Target = o.Target / divisor };
            yield return o => o with { Size = o.Size / divisor };
        }

        for (var i = 0; i < 4; i++)
        {
            yield return static o => o with { Who = Math.Max(0, o.Who - 1) };
            yield return static o => o with { Target = Math.Max(0, o.Target - 1) };
            yield return static o => o with { Size = Math.Max(0, o.Size - 1) };
        }
    }

    private bool Fails(IReadOnlyList<FuzzOperation> operations)
    {
        if (_runs >= maximumRuns)
        {
            return false;
        }

        _runs++;
        var found = Fuzzer.Run(target, report.Seed, operations);
        if (found.Oracle != report.Oracle || found.Result != report.Result)
        {
            return false;
        }

        _report = found;
        return true;
    }
}
