namespace HiNet.Crdt.Simulation.Dht;

/// <summary>A measured run of the DHT: how large, how ill, and how much is asked of it.</summary>
public sealed record DhtRunOptions
{
    internal const int MaxChurningNodes = 10_000;

    internal static readonly TimeSpan ShortestSession = TimeSpan.FromMinutes(1);
    internal static readonly TimeSpan LongestSession = TimeSpan.FromDays(7);

    /// <summary>Nodes, 2 to 1,000,000. Their routing tables are filled beforehand, as those of a network that has grown for long are.</summary>
    public required int Nodes { get; init; }

    /// <summary>The part of the nodes that is gone without anybody having noticed yet; 0 to 1.</summary>
    public double Dead { get; init; }

    /// <summary>The part of the nodes that tells others of its accomplices only, and keeps no slot; 0 to 1. With any, lookups go over disjoint paths.</summary>
    public double Hostile { get; init; }

    /// <summary>Hostile nodes tell of the honest nodes nearest to what is looked for, at their own addresses: ids that they cannot prove.</summary>
    public bool AreIdsForged { get; init; }

    /// <summary>
    /// Hostile nodes say that they hold slots of their own, and give them one at a time, by a writer of their own each, as late as the asker
    /// waits.
    /// </summary>
    public bool AreSlow { get; init; }

    /// <summary>
    /// The mean time that a node stays up, 1 minute to 7 days; null where all stay. Times are drawn from an exponential distribution,
    /// as the comparisons of tables under churn have it (Rhea et al.; Li et al., both 2004): nothing can be learnt from a node's age, which
    /// flatters Kademlia less than the heavy-tailed times that were measured of people. At most 10,000 nodes, none dead or hostile.
    /// </summary>
    public TimeSpan? Session { get; init; }

    /// <summary>Lookups of nodes, and as many of records.</summary>
    public int Lookups { get; init; } = 1000;

    /// <summary>The part of the datagrams that is lost; 0 to 1.</summary>
    public double Loss { get; init; }

    /// <summary>What everything derives from.</summary>
    public ulong Seed { get; init; } = 1;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Nodes, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Nodes, 1_000_000);
        ArgumentOutOfRangeException.ThrowIfLessThan(Lookups, 1);
        if (Session is { } session)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(session, ShortestSession);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(session, LongestSession);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(Nodes, MaxChurningNodes);
            ArgumentOutOfRangeException.ThrowIfNotEqual(Dead + Hostile, 0);
        }

        foreach (var part in new[] { Dead, Hostile, Loss, Dead + Hostile })
        {
            if (part is not (>= 0 and < 1))
            {
                throw new ArgumentOutOfRangeException(nameof(Dead), "Parts lie between 0 and 1, and some nodes have to be alive and honest.");
            }
        }
    }
}
