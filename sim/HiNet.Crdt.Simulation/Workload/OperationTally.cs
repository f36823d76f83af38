namespace HiNet.Crdt.Simulation.Workload;

/// <summary>How the operations of one kind went.</summary>
internal sealed class OperationTally
{
    public int Attempted { get; set; }

    public int Succeeded { get; set; }

    /// <summary>The engine said no.</summary>
    public int Refused { get; set; }

    /// <summary>The node died before it answered.</summary>
    public int Lost { get; set; }

    /// <summary>The node was down, or there was nothing to act on.</summary>
    public int Skipped { get; set; }

    public string? LastRefusal { get; set; }
}
