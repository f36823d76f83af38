using Google.Protobuf;
using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Dht;

/// <summary>A node among peers that answer what a test says. They are numbered by their distance from a target, the nearest first.</summary>
internal sealed class ScriptedPeers
{
    private readonly List<NodeKeyPair> _keys;
    private readonly SortedDictionary<Endpoint, int> _numbers = [];

    public ScriptedPeers(Bytes32 target, int count, DhtOptions? options = null)
    {
        Target = new DhtId(target);
        _keys = [.. Enumerable.Range(0, count).Select(i => NodeKeyPair.FromSeed(TestKeys.Sodium, TestKeys.Named($"scripted {i}").ToArray()))
            .OrderBy(keys => DhtId.OfNode(TestKeys.Sodium, keys.Id.Value), Comparer<DhtId>.Create(Target.CompareDistances))];
        Peers = [.. _keys.Select((keys, i) => DhtPeer.Of(TestKeys.Sodium, new DhtContact(keys.Id.Value, TestNetwork.EndpointOf(i))))];
        for (var i = 0; i < count; i++)
        {
            _numbers[Peers[i].Endpoint] = i;
        }

        Asker = Network.Add(9_999, options);
        Network.Passes = Pass;
    }

    public DhtId Target { get; }

    public TestNetwork Network { get; } = new();

    public TestNode Asker { get; }

    public IReadOnlyList<DhtPeer> Peers { get; }

    /// <summary>What a peer answers to a query; null where it is silent.</summary>
    public Func<int, DatagramKind, DhtQuery, DhtAnswer?> Answer { get; set; } = (_, _, _) => new DhtAnswer();

    /// <summary>How long a peer waits before it answers.</summary>
    public Func<int, DatagramKind, TimeSpan> Delay { get; set; } = (_, _) => TimeSpan.Zero;

    /// <summary>What was asked, of whom and when.</summary>
    public List<(Instant At, int Peer, DatagramKind Kind, DhtQuery Query)> Asked { get; } = [];

    /// <summary>Puts peers into the node's table.</summary>
    public void Know(params IEnumerable<int> peers)
    {
        foreach (var peer in peers)
        {
            Asker.Machine.Table.Offer(Peers[peer], Network.Now, out _).ShouldBe(RoutingOffer.Added);
        }
    }

    public int CountOf(DatagramKind kind, int peer) => Asked.Count(asked => asked.Kind == kind && asked.Peer == peer);

    private bool Pass(Endpoint from, Endpoint to, ReadOnlyMemory<byte> bytes)
    {
        if (from != Asker.Endpoint || !_numbers.TryGetValue(to, out var peer))
        {
            return true;
        }

        Datagram.TryRead(bytes.Span, out var datagram, out _).ShouldBeTrue();
        DatagramPayload.TryReadQuery(datagram.Kind, datagram.Payload, out var query).ShouldBeTrue();
        Asked.Add((Network.Now, peer, datagram.Kind, query));
        if (Answer(peer, datagram.Kind, query) is { } answer)
        {
            var pairKey = new byte[32];
            PeerSecrets.TryDerive(TestKeys.Sodium, _keys[peer], datagram.Sender, pairKey).ShouldBeTrue();
            var reply = Datagram.Write(
                TestKeys.Sodium, datagram.Kind | (DatagramKind)0x80, datagram.Transaction, _keys[peer].Id.Value, answer.ToByteArray(), pairKey);
            Network.After(Delay(peer, datagram.Kind), () => Network.Send(to, from, reply));
        }

        return false;
    }
}
