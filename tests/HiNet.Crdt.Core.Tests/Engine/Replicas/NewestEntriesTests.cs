using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Tests.Support;
using EntryHeader = HiNet.Crdt.Core.Log.EntryHeader;

namespace HiNet.Crdt.Core.Tests.Engine.Replicas;

public sealed class NewestEntriesTests
{
    private const int Capacity = 32;

    private static readonly byte[] s_signature = [1, 2, 3];

    private readonly NewestEntries _newest = new();

    [Fact]
    public void The_last_32_arrivals_are_kept_and_none_before_them()
    {
        Fill(5, 100);
        _newest.Covers(69, 100).ShouldBeTrue();
        _newest.Covers(68, 100).ShouldBeFalse();
        _newest.Covers(68, 99).ShouldBeFalse();
        _newest.Covers(70, 101).ShouldBeFalse();
        _newest.Covers(100, 100).ShouldBeTrue();
        _newest.Covers(1, 1_000_000).ShouldBeFalse();
        _newest[80].Arrival.ShouldBe(80UL);
        _newest[80].Entry.Header.Seq.ShouldBe(80UL);
    }

    [Fact]
    public void One_that_was_erased_is_covered_no_more()
    {
        Fill(1, 3);
        _newest.Remove(2 + Capacity);
        _newest.Covers(1, 3).ShouldBeTrue();
        _newest.Remove(2);
        _newest.Covers(1, 3).ShouldBeFalse();
        _newest.Covers(3, 3).ShouldBeTrue();
    }

    [Fact]
    public void A_signature_that_comes_later_is_that_of_its_own_arrival_only()
    {
        Fill(1, 3);
        _newest.Sign(2, s_signature);
        _newest.Sign(3 + Capacity, s_signature);
        _newest[2].Signature.ToArray().ShouldBe(s_signature);
        _newest[3].Signature.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void What_is_kept_is_counted_with_headers_and_bodies()
    {
        _newest.KeptBytes.ShouldBe(0);
        var (with, without) = (Written(1), Written(2).WithBody(null));
        _newest.Add(1, with, default);
        _newest.KeptBytes.ShouldBe(200 + with.HeaderBytes.Length + 50);
        _newest.Add(2, without, default);
        _newest.KeptBytes.ShouldBe(200 + with.HeaderBytes.Length + 50 + 200 + without.HeaderBytes.Length);
    }

    private void Fill(ulong first, ulong last)
    {
        for (var arrival = first; arrival <= last; arrival++)
        {
            _newest.Add(arrival, Written(arrival), default);
        }
    }

    private static Entry Written(ulong seq) => Entry.CreateWithBody(
        TestKeys.Sodium,
        new EntryHeader
        {
            Conversation = new ConversationId(TestKeys.Named("conversation")),
            Device = TestKeys.Device("device"),
            Seq = seq,
            Previous = seq == 0 ? null : TestKeys.Entry("previous"),
            Depth = seq,
            Authority = TestKeys.Named("authority"),
            Kind = EntryKind.Message,
            Epoch = TestKeys.Entry("epoch"),
        },
        new byte[50]);
}
