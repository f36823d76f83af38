using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Transport;

namespace HiNet.Crdt;

/// <summary>
/// The DHT as operators and diagnostics ask it; conversations need none of this. Every call fails with
/// <see cref="OperationRefusedException"/> on a node that takes no part in the DHT, or has too many of these calls under way.
/// </summary>
public interface INodeDht
{
    /// <summary>How the node is doing in the DHT.</summary>
    Task<DhtStats> GetStatsAsync(CancellationToken cancellationToken = default);

    /// <summary>Asks whoever is at an address for a sign of life.</summary>
    /// <param name="address">host:port, with an IPv6 address in brackets. A name is looked up first.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="InvalidAddressException">The address is malformed, or its name leads nowhere.</exception>
    Task<DhtResult.Pinged> PingAsync(string address, CancellationToken cancellationToken = default);

    /// <summary>Looks for the nodes nearest to an id.</summary>
    /// <param name="target">The id.</param>
    /// <param name="isDisjoint">Over paths that share no node: dearer, and hard to mislead.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<DhtResult.FoundNodes> FindNodesAsync(Bytes32 target, bool isDisjoint = false, CancellationToken cancellationToken = default);

    /// <summary>Looks for all slots at a target, over disjoint paths.</summary>
    Task<DhtResult.FoundSlots> GetAsync(Bytes32 target, CancellationToken cancellationToken = default);

    /// <summary>Stores a slot, signed, at the nodes nearest to its target.</summary>
    /// <param name="slot">For a text, from <see cref="CreateSlot"/>.</param>
    /// <param name="isKeptUp">Again every hour until it expires, while the node runs.</param>
    /// <param name="cancellationToken">Stops waiting, not the storing.</param>
    Task<DhtResult.PutSlot> PutAsync(DhtSlot slot, bool isKeptUp = false, CancellationToken cancellationToken = default);

    /// <summary>Where a key leads: 64 hex digits are the target themselves, any other text is hashed.</summary>
    /// <exception cref="ArgumentException">The key is empty.</exception>
    Bytes32 TargetOf(string key);

    /// <summary>
    /// A slot that everybody can read, for 24 hours, under a key of its own that nothing ties to this device. The next one at the
    /// same target takes its place.
    /// </summary>
    /// <param name="target">Where; see <see cref="TargetOf"/>.</param>
    /// <param name="text">1 to <see cref="PublicSlot.MaxTextBytes"/> bytes of UTF-8.</param>
    /// <exception cref="InvalidTextException">The text is empty or too long.</exception>
    DhtSlot CreateSlot(Bytes32 target, string text);
}
