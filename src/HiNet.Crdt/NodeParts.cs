using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Discovery;
using HiNet.Crdt.Driver;
using HiNet.Crdt.Events;
using HiNet.Crdt.Storage;
using HiNet.Crdt.Transport;
using Microsoft.Extensions.Logging;

namespace HiNet.Crdt;

/// <summary>What a started node is made of.</summary>
internal sealed record NodeParts(
    NodeHome Home,
    ICryptography Cryptography,
    IEntryStore Store,
    NodeCore Core,
    NodeReaders Readers,
    NodeDriver Driver,
    LinkTransport Transport,
    DatagramTransport? Datagrams,
    LanDiscovery? Lan,
    Inbox Inbox,
    ConversationEventHub ConversationEvents,
    NodeEventHub NodeEvents,
    NodeAddress? ListenAddress,
    IReadOnlyList<string> AdvertisedAddresses,
    ILogger Logger);
