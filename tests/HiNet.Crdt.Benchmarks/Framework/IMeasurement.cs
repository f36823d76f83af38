namespace HiNet.Crdt.Benchmarks.Framework;

/// <summary>
/// One piece of work that can be repeated and yields a few figures each time. A run sets up and tears down everything it
/// needs, and counts only the work itself. Runs never overlap.
/// </summary>
internal interface IMeasurement
{
    /// <summary>What rows call it by.</summary>
    string Name { get; }

    /// <summary>Null when it can run here; otherwise the reason for people.</summary>
    string? Unavailable { get; }

    /// <summary>True for work that is long enough to be done once in a session, however many runs are asked for.</summary>
    bool IsRunOnce => false;

    /// <summary>Does the work once. Keys name the figures, such as <see cref="Metric.Rate"/>.</summary>
    Task<IReadOnlyDictionary<string, double>> RunAsync(CancellationToken cancellationToken);
}
