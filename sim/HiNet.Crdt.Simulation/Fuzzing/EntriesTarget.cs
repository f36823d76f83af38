using HiNet.Crdt.Simulation.Kernel;

namespace HiNet.Crdt.Simulation.Fuzzing;

/// <summary>
/// Validly signed entries of members and others into <c>Replica.Offer</c>: written, handed out in several orders, and then compared. In the end
/// the honest replicas write once more, and all have to take that.
/// </summary>
internal sealed class EntriesTarget : FuzzTarget
{
    private const int RestartOneIn = 3;

    private static readonly TimeSpan s_step = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_end = TimeSpan.FromDays(1);
    private static readonly FuzzTwist[] s_twists = [.. Enum.GetValues<FuzzTwist>().Where(twist => twist < FuzzTwist.MessageCut)];
    private static readonly FuzzPast[] s_pasts = Enum.GetValues<FuzzPast>();

    public override string Name => "entries";

    public override IReadOnlyList<FuzzKind> Kinds { get; } = [.. Enum.GetValues<FuzzKind>().Where(kind => kind <= FuzzKind.UnknownContent)];

    /// <summary>A mistake of the engine's that every replica makes, to see whether it is found. Never set outside our own tests.</summary>
    public Canary Canary { get; init; }

    public override IReadOnlyList<FuzzOperation> Draw(KeyedRandom random) => Draw(new FuzzDraws(random), Kinds);

    /// <summary>Operations of some of these kinds.</summary>
    internal static List<FuzzOperation> Draw(FuzzDraws draws, IReadOnlyList<FuzzKind> all)
    {
        var kinds = draws.Some(all);
        var twists = draws.Some(s_twists);
        var pasts = draws.Some(s_pasts);
        var (twisted, strange) = (1 + draws.Draw(8), 1 + draws.Draw(8));
        List<FuzzOperation> operations = [];
        for (var left = draws.Length(); left > 0; left--)
        {
            operations.Add(new FuzzOperation(
                kinds[draws.Draw(kinds.Count)],
                draws.Draw(64),
                draws.Chance(strange) ? pasts[draws.Draw(pasts.Count)] : FuzzPast.Everything,
                draws.Chance(twisted) ? twists[draws.Draw(twists.Count)] : FuzzTwist.None,
                draws.Number(),
                draws.Number()));
        }

        return operations;
    }

    public override void Run(KeyedRandom random, IReadOnlyList<FuzzOperation> operations, FuzzRecord record)
    {
        var scene = new FuzzScene(random, record, Canary);
        var pool = new FuzzPool(scene);
        var honest = new FuzzHonest(scene, pool);
        var writer = new FuzzWriter(scene, pool);
        honest.Settle(scene.Scribe, null);
        for (var i = 0; i < operations.Count; i++)
        {
            record.Drawn(operations[i]);
            scene.Pass(s_step);
            scene.Scribe.TakeDue();
            Act(scene, pool, honest, writer, operations[i], (ulong)i);
            honest.Settle(scene.Scribe, null);
        }

        var judges = new EntriesJudges(scene, pool, honest);
        judges.Deliver(before: true);
        scene.Pass(s_end);
        judges.Deliver(before: false);
        judges.Compare("of all that was written");
        FuzzRules.Check(scene, pool);
        Tell(scene, pool, record);
        judges.LetWrite();
        judges.Compare("after they have written once more");
        if (scene.Draw(RestartOneIn) == 0)
        {
            judges.Restart();
            judges.Compare("after all have started again");
        }

        FuzzRules.Check(scene, pool);
        judges.Count();
    }

    private static void Act(FuzzScene scene, FuzzPool pool, FuzzHonest honest, FuzzWriter writer, FuzzOperation operation, ulong number)
    {
        switch (operation.Kind)
        {
            case FuzzKind.HandOver:
                var entries = pool.Entries.Where(entry => operation.Size % 3 == 0 || (entry.Number + operation.Target) % (operation.Size % 3) != 1).ToList();
                scene.Other.TakeDue();
                new FuzzDelivery(scene, scene.Other, number).Deliver(entries);
                honest.Settle(scene.Other, operation);
                break;
            case FuzzKind.Wait:
                scene.Pass(TimeSpan.FromSeconds(operation.Size % 400));
                break;
            case FuzzKind.Restart:
                (operation.Who % 2 == 0 ? scene.Scribe : scene.Other).Restart();
                break;
            case <= FuzzKind.HonestLeave:
                honest.Act(operation);
                break;
            default:
                writer.Write(operation);
                break;
        }
    }

    private static void Tell(FuzzScene scene, FuzzPool pool, FuzzRecord record)
    {
        foreach (var entry in pool.Entries)
        {
            if (entry.Operation is { } operation)
            {
                var isApplied = scene.Scribe.Replica.Knows(entry.Id);
                record.Made(operation, isApplied, !isApplied && scene.Scribe.Replica.IsRefused(entry.Id));
                record.Count(isApplied ? "entriesApplied" : "entriesNotApplied");
            }
        }
    }
}
