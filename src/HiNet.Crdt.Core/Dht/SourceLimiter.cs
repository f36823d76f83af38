using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Dht;

/// <summary>
/// Bounds the queries of each address. IPv6 addresses are counted by /64, which is what one host has. Who forges many sources only
/// makes the table forget others' counts, never more work than the node allows in all.
/// </summary>
internal sealed class SourceLimiter(DhtOptions options)
{
    internal const int MaxSources = 4_096;

    private readonly LeastRecentlyUsed<UInt128, Allowance> _sources = new(MaxSources);

    public int Count => _sources.Count;

    public bool IsAllowed(Endpoint source, Instant now)
    {
        if (options.IsExempt(source.Address))
        {
            return true;
        }

        var host = source.IsIPv4 ? source.Address : source.Address >> 64 << 64;
        if (!_sources.TryGet(host, out var allowance))
        {
            allowance = new Allowance(new TokenBucket(options.QueriesPerSecond, options.QueryBurst, now));
            _sources.Set(host, allowance);
        }

        return allowance.Bucket.TryTake(now);
    }

    private sealed class Allowance(TokenBucket bucket)
    {
        public TokenBucket Bucket = bucket;
    }
}
