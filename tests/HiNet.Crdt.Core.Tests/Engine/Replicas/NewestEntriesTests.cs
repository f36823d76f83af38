using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Tests.Support;
using EntryHeader = HiNet.Crdt.Core.Log.EntryHeader;

namespace HiNet.Crdt.Core.Tests.Engine.Replicas;

public sealed class NewestEntriesTests
{
    private const int Capacity = 32;
    private const long Room = 500_000;

    private static readonly byte[] s_signature = [1, 2, 3];

    private readonly NewestRoom _room = new(Room, new Marks());
    private readonly NewestEntries _newest;

    public NewestEntriesTests() => _newest = new NewestEntries(_room);

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

    [Fact]
    public void The_oldest_give_way_when_all_would_take_more_than_a_conversation_may()
    {
        for (var arrival = 1UL; arrival <= 10; arrival++)
        {
            _newest.Add(arrival, Written(arrival, 100_000), default);
        }

        _newest.Covers(9, 10).ShouldBeTrue();
        _newest.Covers(8, 8).ShouldBeFalse();
        _newest.KeptBytes.ShouldBeInRange(200_000, Limits.NewestBytesOfOne);
        _room.Used.ShouldBe(_newest.KeptBytes);
        Fill(11, 100);
        _newest.Covers(69, 100).ShouldBeTrue();
        _room.Used.ShouldBe(_newest.KeptBytes);
    }

    [Fact]
    public void Those_to_which_nothing_was_added_the_longest_time_keep_none_when_there_is_no_more_room()
    {
        var all = Enumerable.Range(0, 5).Select(_ => new NewestEntries(_room)).ToList();
        all.ForEach(newest => newest.Add(1, Written(1, 120_000), default));
        all.Select(newest => newest.Covers(1, 1)).ShouldBe([false, true, true, true, true]);
        all[1].Add(2, Written(2), default);
        all[0].Add(2, Written(2, 120_000), default);
        all.Select(newest => newest.KeptBytes > 0).ShouldBe([true, true, false, true, true]);
        all[1].Covers(1, 2).ShouldBeTrue();
        _room.Used.ShouldBe(all.Sum(newest => newest.KeptBytes));
    }

    [Fact]
    public void What_is_cleared_gives_its_room_back()
    {
        Fill(1, 40);
        _newest.Clear();
        (_newest.KeptBytes, _room.Used).ShouldBe((0, 0));
        _newest.Covers(40, 40).ShouldBeFalse();
        Fill(41, 41);
        _newest.Remove(41);
        (_newest.KeptBytes, _room.Used).ShouldBe((0, 0));
        Fill(42, 43);
        _newest.Covers(42, 43).ShouldBeTrue();
    }

    private void Fill(ulong first, ulong last)
    {
        for (var arrival = first; arrival <= last; arrival++)
        {
            _newest.Add(arrival, Written(arrival), default);
        }
    }

    private static Entry Written(ulong seq, int body = 50) => Entry.CreateWithBody(
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
        new byte[body]);
}
