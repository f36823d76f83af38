namespace HiNet.Crdt.Core.Discovery;

/// <summary>Which of our own records: each is a set of one name and type.</summary>
[Flags]
internal enum OwnRecords
{
    None = 0,

    /// <summary>That there are services of our type at all; every node of the LAN has the same.</summary>
    Meta = 1,

    /// <summary>That our instance is one of them.</summary>
    Pointer = 2,
    Service = 4,
    Text = 8,
    IPv4 = 16,
    IPv6 = 32,

    /// <summary>That our instance has no other types than these.</summary>
    InstanceTypes = 64,

    /// <summary>That our host has no other types than these.</summary>
    HostTypes = 128,

    /// <summary>Names that others have records under too: answers wait a little, so that not all speak at once.</summary>
    Shared = Meta | Pointer,
    Addresses = IPv4 | IPv6,
    Announced = Meta | Pointer | Service | Text | Addresses,

    /// <summary>What goes when the node goes. The meta record stays: it is as much the others'.</summary>
    Withdrawn = Announced & ~Meta,
}
