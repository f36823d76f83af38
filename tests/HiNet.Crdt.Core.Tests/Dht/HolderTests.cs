using Google.Protobuf;
using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Dht;

/// <summary>Whom a lookup of slots reads, of those who say they hold some.</summary>
public sealed class HolderTests
{
    private readonly TestNetwork _network = new();

    [Fact]
    public void Of_holders_with_the_same_slots_one_is_read()
    {
        var nodes = _network.Grow(12);
        Hold(nodes[1..9], "w", 1);
        Get(nodes[10], out var asked).Slots.Single().Sequence.ShouldBe(1UL);
        asked.ShouldBe(1);
    }

    [Fact]
    public void Who_holds_the_slots_itself_reads_nobody_that_has_the_same()
    {
        var nodes = _network.Grow(12);
        Hold(nodes[1..9], "w", 1);
        Get(nodes[3], out var asked).Slots.Single().Sequence.ShouldBe(1UL);
        asked.ShouldBe(0);
    }

    [Fact]
    public void Holders_of_something_else_are_read_too_and_the_newest_counts()
    {
        var nodes = _network.Grow(12);
        Hold(nodes[1..9], "w", 1);
        Hold(nodes[4..5], "w", 2);
        Hold(nodes[6..7], "v", 7);
        var got = Get(nodes[10], out var asked);
        got.Slots.Select(slot => slot.Sequence).Order().ShouldBe([2UL, 7UL]);
        got.Holders.ShouldBe(8);
        asked.ShouldBe(3);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Holders_that_do_not_have_what_they_say_hide_nothing(bool areSilent)
    {
        // All but one lie, and whichever is read first, the one that does not is read as well.
        var nodes = _network.Grow(12);
        Hold(nodes[1..9], "w", 1);
        var liars = nodes[1..8].Select(node => node.Endpoint).ToList();
        _network.Passes = (from, to, bytes) =>
        {
            if (liars.Contains(to) && Datagram.TryRead(bytes.Span, out var datagram, out _) && datagram.Kind == DatagramKind.Get)
            {
                var liar = nodes.Find(node => node.Endpoint == to)!;
                var pairKey = new byte[32];
                PeerSecrets.TryDerive(TestKeys.Sodium, liar.Keys, datagram.Sender, pairKey).ShouldBeTrue();
                var nothing = Datagram.Write(TestKeys.Sodium, DatagramKind.GetAnswer, datagram.Transaction, liar.Keys.Id.Value, new DhtAnswer().ToByteArray(), pairKey);
                if (!areSilent)
                {
                    _network.Send(to, from, nothing);
                }

                return false;
            }

            return true;
        };
        Get(nodes[10], out _).Slots.Single().Sequence.ShouldBe(1UL);
    }

    [Fact]
    public void A_holder_whose_slot_is_forged_hides_nothing()
    {
        var nodes = _network.Grow(12);
        Hold(nodes[1..9], "w", 1);
        var good = nodes[8].Machine.Slots.Live(TestKeys.Named("t"), _network.UnixSeconds).Single();
        var forged = DhtSlot.From(good.Target, good.Writer, 1, good.ExpiresUnixSeconds, new byte[40], good.Signature);
        foreach (var liar in nodes[1..8])
        {
            liar.Machine.Slots.Expire(long.MaxValue);
            liar.Machine.Slots.Put(forged, nodes[0].Endpoint, _network.UnixSeconds, out _).ShouldBe(PutOutcome.Stored);
        }

        Get(nodes[10], out _).Slots.Single().Sealed.ToArray().ShouldBe(good.Sealed.ToArray());
        nodes[10].Counted(DhtInstruments.RefusedSlot).ShouldBeLessThanOrEqualTo(1);
    }

    private void Hold(IEnumerable<TestNode> holders, string writer, ulong sequence)
    {
        var slot = TestSlots.Of("t", writer, sequence, _network.UnixSeconds + 3600, size: 100);
        foreach (var holder in holders)
        {
            holder.Machine.Slots.Put(slot, holder.Endpoint, _network.UnixSeconds, out _).ShouldBe(PutOutcome.Stored);
        }
    }

    private DhtResult.FoundSlots Get(TestNode node, out int asked)
    {
        node.Sent.Clear();
        var found = _network.Do<DhtResult.FoundSlots>(node, new DhtOperation.Get(TestKeys.Named("t")));
        asked = node.Sent.Count(sent => Datagram.TryRead(sent.Bytes.Span, out var datagram, out _) && datagram.Kind == DatagramKind.Get);
        return found;
    }
}
