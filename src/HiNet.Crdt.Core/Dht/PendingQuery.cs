using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Dht;

/// <summary>A query under way.</summary>
internal sealed class PendingQuery
{
    public required ulong Transaction { get; init; }

    public required DatagramKind Kind { get; init; }

    public required Endpoint Endpoint { get; init; }

    /// <summary>Who has to answer; null where anybody may.</summary>
    public required DhtPeer? Peer { get; init; }

    public required Instant SentAt { get; init; }

    public required Instant TimeoutAt { get; init; }

    public required QueryOwner Owner { get; init; }

    /// <summary>The owner's own.</summary>
    public object? Tag { get; init; }
}
