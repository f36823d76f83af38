using Google.Protobuf;
using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Dht;

public sealed class KnownContactsTests
{
    private static readonly DhtPeer[] s_peers = [.. Enumerable.Range(0, 40).Select(i => Peer($"node {i}", i))];

    [Fact]
    public void The_first_32_are_found_again_under_the_same_transaction()
    {
        for (var transaction = 0UL; transaction < 8; transaction++)
        {
            var known = KnownContacts.Write(TestKeys.Sodium, s_peers, transaction);
            known.Length.ShouldBe(64);
            KnownContacts.IsWellFormed(known.Span).ShouldBeTrue();
            s_peers[..32].Count(peer => KnownContacts.Contains(TestKeys.Sodium, known.Span, peer, transaction)).ShouldBe(32);
            s_peers[32..].Count(peer => KnownContacts.Contains(TestKeys.Sodium, known.Span, peer, transaction)).ShouldBe(0);
        }
    }

    [Fact]
    public void Who_names_nobody_knows_nobody() => KnownContacts.Contains(TestKeys.Sodium, [], s_peers[0], 1).ShouldBeFalse();

    [Fact]
    public void Each_of_eight_transactions_has_another_tag_and_so_has_another_endpoint()
    {
        var tags = Enumerable.Range(0, 8).Select(i => KnownContacts.Write(TestKeys.Sodium, [s_peers[0]], (ulong)i)).ToList();
        tags.Distinct().Count().ShouldBe(8);
        var elsewhere = Peer("node 0", 1);
        Enumerable.Range(0, 8).Count(i => KnownContacts.Contains(TestKeys.Sodium, tags[i].Span, elsewhere, (ulong)i)).ShouldBe(0);
    }

    [Fact]
    public void Somebody_told_at_a_wrong_endpoint_is_found_at_the_true_one()
    {
        // The one that is asked first tells of all the others, at addresses where nobody is; they all are honest.
        var network = new TestNetwork();
        var nodes = network.Grow(30);
        var (asker, target) = (network.Add(50), TestKeys.Named("t"));
        var liar = nodes[0];
        network.Passes = (from, to, bytes) =>
        {
            if (to != liar.Endpoint || !Datagram.TryRead(bytes.Span, out var query, out _) || query.Kind != DatagramKind.FindNode)
            {
                return true;
            }

            var lie = new DhtAnswer();
            for (var i = 1; i <= 20; i++)
            {
                lie.Contacts.Add(ByteString.CopyFrom(new DhtContact(nodes[i].Keys.Id.Value, TestNetwork.EndpointOf(1_000 + i)).Encode()));
            }

            var pairKey = new byte[32];
            PeerSecrets.TryDerive(TestKeys.Sodium, liar.Keys, query.Sender, pairKey).ShouldBeTrue();
            network.Send(to, from, Datagram.Write(TestKeys.Sodium, DatagramKind.FindNodeAnswer, query.Transaction, liar.Keys.Id.Value, lie.ToByteArray(), pairKey));
            return false;
        };
        network.Do<DhtResult.Pinged>(asker, new DhtOperation.Ping(liar.Endpoint));
        network.Do<DhtResult.Pinged>(asker, new DhtOperation.Ping(nodes[25].Endpoint));
        var found = network.Do<DhtResult.FoundNodes>(asker, new DhtOperation.FindNode(target));
        found.Nearest.Count.ShouldBe(20);
    }

    [Fact]
    public void An_answer_leaves_out_whom_the_asker_knows_and_a_query_that_expects_no_news_is_short()
    {
        // All of the twelve know each other, so nobody has news for the first; its tokens are no longer good.
        var network = new TestNetwork();
        var nodes = network.Grow(12);
        network.Run(TimeSpan.FromMinutes(4));
        nodes.ForEach(node => node.Sent.Clear());
        network.Do<DhtResult.FoundNodes>(nodes[0], new DhtOperation.FindNode(TestKeys.Named("t"))).Nearest.Count.ShouldBe(11);

        var answers = nodes[1..].SelectMany(node => node.Sent).Where(sent => sent.To == nodes[0].Endpoint).Select(sent => Read(sent.Bytes.Span)).OfType<DhtAnswer>().ToList();
        answers.Count.ShouldBe(11);
        answers.ShouldAllBe(answer => answer.Contacts.Count == 0);
        nodes[0].Sent.Count(sent => sent.Bytes.Length == DatagramPayload.UnprovenQuerySize).ShouldBe(new DhtOptions().Concurrency);
    }

    private static DhtPeer Peer(string name, int index) => DhtPeer.Of(TestKeys.Sodium, new DhtContact(TestKeys.Signing(name).Public, TestNetwork.EndpointOf(index)));

    private static DhtAnswer? Read(ReadOnlySpan<byte> bytes) =>
        Datagram.TryRead(bytes, out var datagram, out _) && datagram.Kind == DatagramKind.FindNodeAnswer
        && DatagramPayload.TryReadAnswer(datagram.Kind, datagram.Payload, out var answer) ? answer : null;
}
