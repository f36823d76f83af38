using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Dht;

public sealed class KnownContactsTests
{
    private static readonly DhtId[] s_ids = [.. Enumerable.Range(0, 40).Select(i => new DhtId(TestKeys.Named($"id {i}")))];

    [Fact]
    public void The_first_32_are_found_again_under_the_same_transaction()
    {
        for (var transaction = 0UL; transaction < 8; transaction++)
        {
            var known = KnownContacts.Write(s_ids, transaction);
            known.Length.ShouldBe(64);
            KnownContacts.IsWellFormed(known.Span).ShouldBeTrue();
            foreach (var id in s_ids[..32])
            {
                KnownContacts.Contains(known.Span, id, transaction).ShouldBeTrue();
            }

            s_ids[32..].Count(id => KnownContacts.Contains(known.Span, id, transaction)).ShouldBe(0);
        }
    }

    [Fact]
    public void Two_ids_that_one_transaction_takes_for_each_other_differ_for_another()
    {
        // They share 21 bytes: the tags of two transactions in eight.
        var other = s_ids[0].WithPrefix(170, s_ids[1]);
        var mistaken = Enumerable.Range(0, 8).Where(i => KnownContacts.Contains(KnownContacts.Write([s_ids[0]], (ulong)i).Span, other, (ulong)i));
        mistaken.ShouldBe([0, 1]);
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

    private static DhtAnswer? Read(ReadOnlySpan<byte> bytes) =>
        Datagram.TryRead(bytes, out var datagram, out _) && datagram.Kind == DatagramKind.FindNodeAnswer
        && DatagramPayload.TryReadAnswer(datagram.Kind, datagram.Payload, out var answer) ? answer : null;
}
