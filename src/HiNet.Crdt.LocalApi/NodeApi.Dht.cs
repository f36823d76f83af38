using System.Text;
using HiNet.Crdt.LocalApi.Contract;

namespace HiNet.Crdt.LocalApi;

public sealed partial class NodeApi
{
    /// <summary>Longest key in bytes of UTF-8, so that it fits into a request's first line also when all of it is escaped.</summary>
    private const int LongestKey = 1_024;

    private INodeDht Dht => _dht ?? throw new LocalApiException(501, "This node takes no part in the DHT.");

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PeerInfo>> GetPeersAsync(CancellationToken cancellationToken = default) =>
        [.. (await Links.GetPeersAsync(cancellationToken).ConfigureAwait(false)).Select(ContractMapping.ToInfo)];

    /// <inheritdoc/>
    public async Task<DhtStatsInfo> GetDhtStatsAsync(CancellationToken cancellationToken = default) =>
        (await Dht.GetStatsAsync(cancellationToken).ConfigureAwait(false)).ToInfo();

    /// <inheritdoc/>
    public async Task<DhtFoundInfo> GetDhtSlotsAsync(string key, CancellationToken cancellationToken = default)
    {
        var target = Target(key);
        return (await Dht.GetAsync(target, cancellationToken).ConfigureAwait(false)).ToInfo(target);
    }

    /// <inheritdoc/>
    public async Task<DhtPutInfo> PutDhtTextAsync(string key, string text, CancellationToken cancellationToken = default)
    {
        var slot = Dht.CreateSlot(Target(key), text);
        return (await Dht.PutAsync(slot, isKeptUp: false, cancellationToken).ConfigureAwait(false)).ToInfo(slot);
    }

    private Bytes32 Target(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Encoding.UTF8.GetByteCount(key) is > 0 and <= LongestKey
            ? Dht.TargetOf(key)
            : throw new LocalApiException(400, $"A key of the DHT is 64 hex digits, or a text of 1 to {LongestKey:N0} bytes.");
    }
}
