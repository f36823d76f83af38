namespace HiNet.Crdt.Core.Dht;

/// <summary>Bounds and intervals of a node of the DHT. The defaults are for real networks.</summary>
public sealed record DhtOptions
{
    /// <summary>Contacts in a bucket, nodes that a lookup ends with, and nodes that a slot is put at: Kademlia's k. 1 to 20.</summary>
    public int BucketSize { get; init; } = 20;

    /// <summary>Queries that one path of a lookup has under way: Kademlia's α. 1 to 16.</summary>
    public int Concurrency { get; init; } = 3;

    /// <summary>Paths that share no node, in puts and in lookups that matter. 1 to 8.</summary>
    public int DisjointPaths { get; init; } = 4;

    /// <summary>How long a query waits before any round trip has been measured.</summary>
    public TimeSpan InitialTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The shortest wait for an answer.</summary>
    public TimeSpan MinTimeout { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest wait for an answer.</summary>
    public TimeSpan MaxTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>A contact that was not heard of for so long is pinged before it is relied on.</summary>
    public TimeSpan QuestionableAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Unanswered queries in a row after which a contact is dropped. At least 1.</summary>
    public int MaxFailures { get; init; } = 2;

    /// <summary>A bucket in which nothing was looked up for so long is refreshed.</summary>
    public TimeSpan RefreshAfter { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How often the table is handed out to be kept.</summary>
    public TimeSpan KeepEvery { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How often it is handed out at most while it goes on changing; the first change is, at once.</summary>
    public TimeSpan KeepPause { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a slot that is to be kept up is put again.</summary>
    public TimeSpan RepublishEvery { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How far ahead of the storing node's clock a slot may expire.</summary>
    public TimeSpan MaxLifetime { get; init; } = TimeSpan.FromHours(29);

    /// <summary>Contacts of one /24 (IPv6: /48) in one bucket.</summary>
    public int NetworkPerBucket { get; init; } = 2;

    /// <summary>Contacts of one /24 (IPv6: /48) in the table.</summary>
    public int NetworkPerTable { get; init; } = 8;

    /// <summary>Slots at one target.</summary>
    public int SlotsPerTarget { get; init; } = 64;

    /// <summary>Slots from one network (/24, IPv6: /48).</summary>
    public int SlotsPerSource { get; init; } = 256;

    /// <summary>Slots in all; some 1.3 KB each.</summary>
    public int MaxSlots { get; init; } = 8_192;

    /// <summary>Queries a second that one address may send.</summary>
    public int QueriesPerSecond { get; init; } = 40;

    /// <summary>Queries that one address may send at once.</summary>
    public int QueryBurst { get; init; } = 120;

    /// <summary>Keys a second that are new to us and agreed with, some 60 µs each; a flood of invented keys costs no more.</summary>
    public int AgreementsPerSecond { get; init; } = 2_000;

    /// <summary>Ranges in which addresses are not scarce and prove nothing: the bounds by address and network do not hold there.</summary>
    public IReadOnlyList<AddressRange> ExemptRanges { get; init; } = [AddressRange.LoopbackIPv4, AddressRange.LoopbackIPv6];

    internal bool IsExempt(UInt128 address)
    {
        for (var i = 0; i < ExemptRanges.Count; i++)
        {
            if (ExemptRanges[i].Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    internal void Validate()
    {
        Require(BucketSize is >= 1 and <= 20, nameof(BucketSize));
        Require(Concurrency is >= 1 and <= 16, nameof(Concurrency));
        Require(DisjointPaths is >= 1 and <= 8, nameof(DisjointPaths));
        Require(MinTimeout > TimeSpan.Zero && MaxTimeout >= MinTimeout && InitialTimeout > TimeSpan.Zero, nameof(MinTimeout));
        Require(MaxFailures >= 1, nameof(MaxFailures));
        Require(RefreshAfter > TimeSpan.Zero && KeepEvery > TimeSpan.Zero && KeepPause > TimeSpan.Zero && RepublishEvery > TimeSpan.Zero && QuestionableAfter > TimeSpan.Zero, nameof(RefreshAfter));
        Require(SlotsPerTarget >= 1 && SlotsPerSource >= 1 && MaxSlots >= 1, nameof(MaxSlots));
        Require(QueriesPerSecond >= 1 && QueryBurst >= 1 && AgreementsPerSecond >= 1, nameof(QueriesPerSecond));
    }

    private static void Require(bool holds, string name)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, "The option is out of its range.");
        }
    }
}
