using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Simulation.Kernel;

namespace HiNet.Crdt.Simulation.Fuzzing;

/// <summary>
/// How entries reach one replica: cut into runs, in some order, some of them twice or first without their bodies, with batches and starts
/// in between. All of it is drawn for that one replica.
/// </summary>
internal sealed class FuzzDelivery(FuzzScene scene, FuzzReplica target, ulong owner)
{
    private const int MostOfRun = 9;
    private const int Block = 6;

    private ulong _draws;

    /// <summary>Offers entries in an order of its own.</summary>
    public void Deliver(IReadOnlyList<FuzzEntry> entries)
    {
        var runs = Order(Cut(entries));
        var restarts = Draw(3) == 0;
        var batch = 1 + Draw(12);
        for (var i = 0; i < runs.Count; i++)
        {
            if (Draw(6) == 0)
            {
                target.Offer(Bodyless(runs[i]));
            }

            target.Offer(runs[i]);
            if (Draw(10) == 0)
            {
                target.Offer(runs[Draw(i + 1)]);
            }

            if (Draw(12) == 0)
            {
                FillAny(entries);
            }

            if (i % batch == batch - 1)
            {
                target.Flush();
            }

            if (restarts && Draw(14) == 0)
            {
                target.Restart();
            }
        }

        target.Flush();
    }

    /// <summary>Offers everything in the order of writing, until whatever can be applied must be.</summary>
    public void Complete(IReadOnlyList<FuzzEntry> entries)
    {
        const int Rounds = 2;
        target.TakeDue();
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var entry in entries)
            {
                target.Offer(Single(entry));
            }

            target.Flush();
        }
    }

    public static SignedRun Single(FuzzEntry entry) => new(entry.Writer.Device, [entry.Given], entry.Writer.Sign(entry.Id));

    /// <summary>A body by itself, as an answer to a question for it; mostly that of another entry.</summary>
    private void FillAny(IReadOnlyList<FuzzEntry> entries)
    {
        var entry = entries[Draw(entries.Count)];
        var other = Draw(2) == 0 ? entry : entries[Draw(entries.Count)];
        if (other.Given.Body is { } body)
        {
            target.Replica.Fill(entry.Id, body, scene.Now);
        }
    }

    /// <summary>What one device wrote in one go may travel together, up to the end of a segment.</summary>
    private List<SignedRun> Cut(IReadOnlyList<FuzzEntry> entries)
    {
        List<SignedRun> runs = [];
        HashSet<EntryId> taken = [];
        for (var i = 0; i < entries.Count; i++)
        {
            if (!taken.Add(entries[i].Id))
            {
                continue;
            }

            List<FuzzEntry> run = [entries[i]];
            var most = 1 + Draw(MostOfRun);
            for (var j = i + 1; j < entries.Count && run.Count < most && !SegmentRule.MustSign(run[^1].Header.Seq); j++)
            {
                if (entries[j].Header.Previous == run[^1].Id && entries[j].Header.Device == run[^1].Header.Device
                    && entries[j].Header.Seq == run[^1].Header.Seq + 1 && taken.Add(entries[j].Id))
                {
                    run.Add(entries[j]);
                }
            }

            runs.Add(new SignedRun(run[^1].Writer.Device, [.. run.Select(entry => entry.Given)], run[^1].Writer.Sign(run[^1].Id)));
        }

        return runs;
    }

    private List<SignedRun> Order(List<SignedRun> runs)
    {
        switch (Draw(5))
        {
            case 0:
                return runs;
            case 1:
                runs.Reverse();
                return runs;
            case 2:
                return [.. runs.Chunk(Block).SelectMany(block => Shuffled([.. block]))];
            default:
                return Shuffled(runs);
        }
    }

    private List<SignedRun> Shuffled(List<SignedRun> runs)
    {
        for (var i = runs.Count - 1; i > 0; i--)
        {
            var other = Draw(i + 1);
            (runs[i], runs[other]) = (runs[other], runs[i]);
        }

        return runs;
    }

    private static SignedRun Bodyless(SignedRun run) => run with { Entries = [.. run.Entries.Select(entry => entry.WithBody(null))] };

    private int Draw(int bound) => (int)scene.Random.Below(DrawStream.FuzzDelivery, owner, _draws++, bound);
}
