namespace HiNet.Crdt.Core.Engine;

/// <summary>What a node does by policy. Bounds of the protocol are in <c>Limits</c>, not here.</summary>
public sealed record NodeCoreOptions
{
    /// <summary>The addresses (host:port) put into invites when the caller names none.</summary>
    public IReadOnlyList<string> AdvertisedAddresses { get; init; } = [];

    /// <summary>Whether received messages are acknowledged to their authors.</summary>
    public bool SendReceipts { get; init; } = true;

    /// <summary>Whether groups that contacts add this person to are joined by themselves; otherwise each waits for a decision.</summary>
    public bool AcceptInvitations { get; init; }

    /// <summary>How long received messages are gathered before one receipt acknowledges them all.</summary>
    public TimeSpan ReceiptDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How the node takes part in the DHT; null when it does not.</summary>
    public Dht.DhtOptions? Dht { get; init; }

    /// <summary>Whether there is LAN discovery, to be told whom to recognise.</summary>
    public bool UsesLan { get; init; }

    /// <summary>Entries of one conversation that wait for a predecessor; fewer in simulations that want to see the bound reached.</summary>
    internal int CausalBufferEntries { get; init; } = Limits.CausalBufferEntries;

    /// <summary>Other bounds, smaller in simulations for the same reason.</summary>
    internal EngineBounds Bounds { get; init; } = EngineBounds.Default;

    /// <summary>Bytes that the channels of one link together may have waiting in it; fewer in simulations that want to see them take turns.</summary>
    internal long LinkWindowBytes { get; init; } = Limits.LinkWindowBytes;

    /// <summary>Mistakes to make, for tests of the tests.</summary>
    internal PlantedBug Planted { get; init; }
}
