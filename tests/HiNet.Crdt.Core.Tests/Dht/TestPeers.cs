using System.Buffers.Binary;
using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Dht;

/// <summary>Peers by their distance from <see cref="Target"/>, which has an id of zeros.</summary>
internal static class TestPeers
{
    public static DhtId Target => default;

    /// <summary>The peer at a distance; at another address it is another contact with the same id.</summary>
    public static DhtPeer At(int distance, int address = 0) =>
        new(new DhtContact(TestKeys.Named($"peer {distance}"), TestNetwork.EndpointOf(distance + (10_000 * address))), IdAt(distance));

    public static DhtId IdAt(int distance) => new(0, 0, 0, (ulong)distance);

    /// <summary>Those at a distance and at each after it.</summary>
    public static List<DhtPeer> From(int distance, int count) => [.. Enumerable.Range(distance, count).Select(each => At(each))];

    public static int DistanceOf(DhtPeer peer) => BinaryPrimitives.ReadInt32BigEndian(peer.Id.Value.ToArray().AsSpan(28));
}
