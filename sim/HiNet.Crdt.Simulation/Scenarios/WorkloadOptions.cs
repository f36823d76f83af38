namespace HiNet.Crdt.Simulation.Scenarios;

/// <summary>What people do at random.</summary>
public sealed record WorkloadOptions
{
    /// <summary>Operations a second over all nodes; most are messages, the others edits, deletions, reactions and read marks.</summary>
    public double MessagesPerSecond { get; init; } = 1;

    /// <summary>How many conversations there are. The first is a group of everyone; then direct ones and groups take turns.</summary>
    public int Conversations { get; init; } = 1;

    /// <summary>People in one group at most; larger worlds have several groups.</summary>
    internal int LargestGroup { get; init; } = 100;
}
