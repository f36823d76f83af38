namespace HiNet.Crdt.Simulation.Workload;

/// <summary>In what a drawn world is larger than others; what is null is drawn as usual.</summary>
internal sealed record WorldShape
{
    public int? Nodes { get; init; }

    public int? Operations { get; init; }

    public int? Conversations { get; init; }

    /// <summary>Bytes of texts that pile up in each conversation while their author is away; 0 for none.</summary>
    public int Backlog { get; init; }

    /// <summary>Whether it is larger in anything.</summary>
    public bool IsLarge => Nodes is not null || Conversations is not null || Backlog > 0;
}
