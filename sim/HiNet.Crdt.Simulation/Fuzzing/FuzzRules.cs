using HiNet.Crdt.Core.Engine;

namespace HiNet.Crdt.Simulation.Fuzzing;

/// <summary>
/// What is so of every applied entry, by the headers alone: a second reading of the log's specification, without anything of the engine's that
/// decides. Replicas that are wrong in the same way agree with each other, and not with this.
/// </summary>
internal static class FuzzRules
{
    public static void Check(FuzzScene scene, FuzzPool pool)
    {
        foreach (var entry in pool.Entries)
        {
            if (scene.Scribe.Replica.Knows(entry.Id))
            {
                var problem = ProblemOf(scene, pool, entry);
                FuzzFinding.Require(problem is null, "applied-fits-past", () => $"entry {entry.Number} of kind {entry.Header.Kind} is applied, and {problem}");
            }
        }
    }

    /// <summary>Null when it fits.</summary>
    private static string? ProblemOf(FuzzScene scene, FuzzPool pool, FuzzEntry entry)
    {
        var header = entry.Header;
        List<FuzzEntry> predecessors = [];
        foreach (var id in FuzzPool.Predecessors(header))
        {
            if (pool.Find(id) is not { } predecessor || !scene.Scribe.Replica.Knows(id))
            {
                return "one that it follows is not";
            }

            predecessors.Add(predecessor);
        }

        var previous = header.Previous is { } before ? pool.Find(before)!.Header : null;
        return entry.Entry.Conversation != scene.Conversation ? "is of another conversation"
            : previous is not null && (previous.Device != header.Device || previous.Seq + 1 != header.Seq) ? "is not behind the entry before it in its chain"
            : predecessors.Exists(predecessor => predecessor.Header.Hlc >= header.Hlc) ? "its time is not above that of what it follows"
            : header.Depth != (predecessors.Count == 0 ? 0 : predecessors.Max(predecessor => predecessor.Header.Depth) + 1) ? "its depth is wrong"
            : header.Authority != pool.AuthorityOf(FuzzPool.Predecessors(header)) ? "its authority hash is wrong"
            : header.Hlc.Milliseconds > scene.Wall + (long)Limits.FutureTolerance.TotalMilliseconds ? "its time has not come"
            : header.Epoch is null && !entry.HasBody ? "its control body was never there"
            : null;
    }
}
