using HiNet.Crdt.Simulation.Kernel;

namespace HiNet.Crdt.Simulation.Workload;

/// <summary>
/// Makes bounds of the engine so small, in a part of the worlds, that a few people with a few messages meet them. Each is small in a
/// half of those worlds: two that are met together show more than either alone, and all at once would hide each other.
/// </summary>
internal sealed class BoundsGenerator(KeyedRandom random, int nodes)
{
    private const double Part = 0.25;
    private const ulong Stream = 3;

    private readonly SortedDictionary<string, int> _bounds = new(StringComparer.Ordinal);
    private ulong _number;

    /// <summary>Bounds by the names of a scenario's file; none in most worlds. The links are few only where someone takes many.</summary>
    public SortedDictionary<string, int> Generate(bool isFlooded, bool isLarge)
    {
        if (random.Chance(DrawStream.Swarm, Stream, _number++, Part))
        {
            Draw("genesisMembers", Math.Max(1, nodes - 2), Math.Max(1, nodes - 1));
            Draw("invitationEpochs", 1, 1);
            Draw("invites", 10, 16);
            Draw("ownHeadClaims", 1, 1);
            Draw("parents", 1, 3);
            Draw("receiptMembers", 1, 4);
            Draw("recentEntries", 1, 16);
            Draw("remoteDevices", 1, 4);
            Draw("segmentHorizon", 2, 40);
            Draw("segmentMessageBytes", 256, 2_048);
            Draw("segmentMessageMaxBytes", 1_024, 4_096);
            Draw("segmentWindowBytes", 256, 4_096);
            Draw("supersededEpochs", 1, 1);
        }

        // Few worlds have anything to refuse or to park, and how little room there is for either hides nothing else.
        Draw("parkedRuns", 1, 2);
        Draw("refusedIds", 1, 1);

        // Fewer than two nodes have conversations in common: they have to take turns.
        if (!isLarge)
        {
            Draw("channels", 2, 9);
        }

        if (isFlooded)
        {
            Draw("links", 2 * nodes, 4 * nodes);
        }

        // What is not kept is read: this hides nothing else.
        Draw("newestBytes", 1_024, 8_192);

        return _bounds;
    }

    private void Draw(string name, int least, int most)
    {
        var value = (int)random.Between(DrawStream.Swarm, Stream, _number++, least, most);
        if (random.Below(DrawStream.Swarm, Stream, _number++, 2) == 0)
        {
            _bounds[name] = value;
        }
    }
}
