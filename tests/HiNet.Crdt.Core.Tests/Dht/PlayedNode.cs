using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Dht;

/// <summary>Another node, as a <see cref="LoneNode"/> meets it: it answers at once, with nothing to tell, unless a test has it do otherwise.</summary>
internal sealed class PlayedNode(NodeKeyPair keys, Endpoint endpoint, byte[] pairKey)
{
    public DhtContact Contact { get; } = new(keys.Id.Value, endpoint);

    public DhtPeer Peer { get; } = DhtPeer.Of(TestKeys.Sodium, new DhtContact(keys.Id.Value, endpoint));

    public NodeKeyPair Keys => keys;

    public Bytes32 Key => Contact.NodeKey;

    public Endpoint Endpoint => Contact.Endpoint;

    public byte[] PairKey => pairKey;

    public bool IsSilent { get; set; }

    /// <summary>What it answers to a query; null for nothing.</summary>
    public Func<SentDatagram, DhtAnswer?> Answers { get; set; } = _ => new DhtAnswer();
}
