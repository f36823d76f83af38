namespace HiNet.Crdt.Simulation.Dht;

/// <summary>A measured run of the DHT: how large, how ill, and how much is asked of it.</summary>
public sealed record DhtRunOptions
{
    /// <summary>Nodes, 2 to 1,000,000. Their routing tables are filled beforehand, as those of a network that has grown for long are.</summary>
    public required int Nodes { get; init; }

    /// <summary>The part of the nodes that is gone without anybody having noticed yet; 0 to 1.</summary>
    public double Dead { get; init; }

    /// <summary>The part of the nodes that tells others of its accomplices only, and keeps no slot; 0 to 1. With any, lookups go over disjoint paths.</summary>
    public double Hostile { get; init; }

    /// <summary>Hostile nodes tell of the honest nodes nearest to what is looked for, at their own addresses: ids that they cannot prove.</summary>
    public bool AreIdsForged { get; init; }

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
        foreach (var part in new[] { Dead, Hostile, Loss, Dead + Hostile })
        {
            if (part is not (>= 0 and < 1))
            {
                throw new ArgumentOutOfRangeException(nameof(Dead), "Parts lie between 0 and 1, and some nodes have to be alive and honest.");
            }
        }
    }
}
