namespace HiNet.Crdt.Core.Dht;

/// <summary>What the routing table made of a contact.</summary>
internal enum RoutingOffer
{
    /// <summary>It is in the table now.</summary>
    Added,

    /// <summary>It was there already, and was seen again.</summary>
    Known,

    /// <summary>Its bucket is full; it waits.</summary>
    Reserved,

    /// <summary>Its address or network has its share of the table.</summary>
    Crowded,

    /// <summary>It is ourselves.</summary>
    Refused,
}
