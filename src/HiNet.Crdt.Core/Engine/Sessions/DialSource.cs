namespace HiNet.Crdt.Core.Engine.Sessions;

/// <summary>Where an address comes from. Each has dials of its own, so that whoever can name many of one kind holds up that kind alone.</summary>
internal enum DialSource
{
    /// <summary>Kept linked: a contact's own, or the host's.</summary>
    Kept,

    /// <summary>Somebody was seen there by a record of the DHT: who knows a secret that is written under can name any number.</summary>
    Dht,

    /// <summary>Somebody was seen there on the LAN: who is there can name any number.</summary>
    Lan,
}
