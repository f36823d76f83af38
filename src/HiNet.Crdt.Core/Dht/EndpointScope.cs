namespace HiNet.Crdt.Core.Dht;

/// <summary>How far an address reaches; a node that is reached from afar is told nothing of nearer ones, and believes nothing of them.</summary>
internal enum EndpointScope
{
    /// <summary>This machine.</summary>
    Loopback,

    /// <summary>Some network of somebody's own: RFC 1918, 3927, 4193, 6598, and link-local IPv6.</summary>
    Private,

    /// <summary>Everywhere.</summary>
    Public,
}
