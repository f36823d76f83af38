using HiNet.Crdt.Simulation.Kernel;

namespace HiNet.Crdt.Simulation.Fuzzing;

/// <summary>
/// Control bodies: straight into the authority graph and its fold, which must give one state for one set in any order; straight into the parser,
/// which takes any bytes; and, by the dozen or the thousand, into replicas that must still be able to make an epoch that others take.
/// </summary>
internal sealed class ControlTarget : FuzzTarget
{
    private const int ReplicaOneIn = 3;
    private const int HeavyOneIn = 12;

    private static readonly FuzzKind[] s_fold = [FuzzKind.FoldRoles, FuzzKind.FoldCards, FuzzKind.FoldMany, FuzzKind.Parse];
    private static readonly FuzzKind[] s_heavy = [FuzzKind.Crowd, FuzzKind.EpochFlood];
    private static readonly FuzzKind[] s_replica =
        [FuzzKind.Introduce, FuzzKind.SetRole, FuzzKind.Epoch, FuzzKind.Genesis, FuzzKind.HonestEpoch, FuzzKind.HonestRole, FuzzKind.HandOver];

    private static readonly FuzzPast[] s_pasts = Enum.GetValues<FuzzPast>();

    private readonly EntriesTarget _entries = new();

    public override string Name => "control";

    public override IReadOnlyList<FuzzKind> Kinds { get; } = [.. s_fold, .. s_replica, .. s_heavy];

    public override IReadOnlyList<FuzzOperation> Draw(KeyedRandom random)
    {
        var draws = new FuzzDraws(random);
        if (draws.Chance(ReplicaOneIn))
        {
            var operations = EntriesTarget.Draw(draws, s_replica);
            if (draws.Chance(HeavyOneIn))
            {
                // One heavy operation, ahead of light ones: what follows must still work.
                operations = [new FuzzOperation(s_heavy[draws.Draw(s_heavy.Length)], 0, FuzzPast.Everything, FuzzTwist.None, draws.Number(), draws.Draw(300)), .. operations.Take(12)];
            }

            return operations;
        }

        return [.. Enumerable.Range(0, draws.Length()).Select(_ => new FuzzOperation(
            s_fold[draws.Draw(s_fold.Length)], draws.Draw(64), draws.Chance(2) ? FuzzPast.Everything : s_pasts[draws.Draw(s_pasts.Length)], FuzzTwist.None, draws.Number(), draws.Number()))];
    }

    public override void Run(KeyedRandom random, IReadOnlyList<FuzzOperation> operations, FuzzRecord record)
    {
        List<FuzzOperation> straight = [.. operations.Where(operation => s_fold.Contains(operation.Kind))];
        if (straight.Count > 0)
        {
            new FoldCase(random, record).Run(straight);
        }

        if (straight.Count < operations.Count)
        {
            _entries.Run(random, [.. operations.Where(operation => !s_fold.Contains(operation.Kind))], record);
        }
    }
}
