namespace HiNet.Crdt.Simulation.Workload;

/// <summary>How the operations of one kind went.</summary>
internal sealed class OperationTally
{
    /// <summary>Those that found something to do.</summary>
    public int Attempted { get; set; }

    public int Succeeded { get; set; }

    /// <summary>Attempts after the first one.</summary>
    public int Retried { get; set; }

    /// <summary>Given up because it was refused, for a reason that the model knows and that does not pass, or did not in time.</summary>
    public int Explained { get; set; }

    /// <summary>Why the last one was given up; null while none was.</summary>
    public string? LastObstacle { get; set; }
}
