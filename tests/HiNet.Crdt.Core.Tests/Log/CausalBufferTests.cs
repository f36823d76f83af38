using FsCheck;
using FsCheck.Fluent;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Log;

public sealed class CausalBufferTests
{
    private readonly Chain _chain = new Chain("a device").Extend(9);

    [Fact]
    public void An_entry_waits_until_the_last_of_what_it_misses_is_applied()
    {
        var buffer = new CausalBuffer(10, 1 << 20);
        var run = Verified(_chain.Entries[5]);
        buffer.TryAdd(run, 0, [_chain.Entries[4].Id, TestKeys.Entry("elsewhere")]).ShouldBeTrue();
        buffer.MissingCount.ShouldBe(2);

        Released(buffer, _chain.Entries[4].Id).ShouldBeEmpty();
        buffer.Contains(run.Run.Last.Id).ShouldBeTrue();
        buffer.MissingCount.ShouldBe(1);
        Released(buffer, TestKeys.Entry("elsewhere")).ShouldBe([run.Run.Last.Id]);
        buffer.Count.ShouldBe(0);
        buffer.MissingCount.ShouldBe(0);
    }

    [Fact]
    public void What_is_cleared_waits_for_nothing_and_leaves_its_room_to_others()
    {
        var room = new WaitingRoom(1 << 20);
        var buffer = new CausalBuffer(10, 1 << 20, room);
        buffer.TryAdd(Verified(_chain.Entries[2]), 0, [TestKeys.Entry("missing")]).ShouldBeTrue();
        buffer.TryAdd(Verified(_chain.Entries[3]), 0, [_chain.Entries[2].Id, TestKeys.Entry("missing")]).ShouldBeTrue();
        room.Used.ShouldBeGreaterThan(0);
        buffer.Clear();
        room.Used.ShouldBe(0);
        (buffer.Count, buffer.MissingCount, buffer.KeptBytes).ShouldBe((0, 0, 0));
        Released(buffer, TestKeys.Entry("missing")).ShouldBeEmpty();
    }

    [Fact]
    public void Entries_that_wait_for_the_same_one_are_released_in_the_order_in_which_they_came()
    {
        var buffer = new CausalBuffer(10, 1 << 20);
        Entry[] order = [_chain.Entries[7], _chain.Entries[2], _chain.Entries[5], _chain.Entries[3]];
        foreach (var entry in order)
        {
            buffer.TryAdd(Verified(entry), 0, [TestKeys.Entry("missing")]).ShouldBeTrue();
        }

        buffer.MissingCount.ShouldBe(1);
        Released(buffer, TestKeys.Entry("missing")).ShouldBe(order.Select(e => e.Id));
    }

    [Fact]
    public void What_is_missing_is_named_once_and_not_when_it_waits_itself()
    {
        var buffer = new CausalBuffer(10, 1 << 20);
        buffer.TryAdd(Verified(_chain.Entries[3]), 0, [_chain.Entries[2].Id]).ShouldBeTrue();
        buffer.TryAdd(Verified(_chain.Entries[4]), 0, [_chain.Entries[3].Id, _chain.Entries[2].Id]).ShouldBeTrue();
        buffer.Count.ShouldBe(2);
        buffer.MissingCount.ShouldBe(1);
    }

    [Fact]
    public void A_buffer_holds_as_many_bytes_as_it_may_and_not_one_more()
    {
        const int Overhead = 384 + 256;
        var size = _chain.Entries[3].HeaderBytes.Length + Overhead;
        new CausalBuffer(10, size).TryAdd(Verified(_chain.Entries[3]), 0, [_chain.Entries[2].Id]).ShouldBeTrue();
        new CausalBuffer(10, size - 1).TryAdd(Verified(_chain.Entries[3]), 0, [_chain.Entries[2].Id]).ShouldBeFalse();

        // What leaves makes room again.
        var buffer = new CausalBuffer(10, size);
        buffer.TryAdd(Verified(_chain.Entries[3]), 0, [_chain.Entries[2].Id]).ShouldBeTrue();
        Released(buffer, _chain.Entries[2].Id).ShouldHaveSingleItem();
        buffer.TryAdd(Verified(_chain.Entries[3]), 0, [_chain.Entries[2].Id]).ShouldBeTrue();
        buffer.TryAdd(Verified(_chain.Entries[4]), 0, [_chain.Entries[2].Id]).ShouldBeTrue();
        buffer.Contains(_chain.Entries[3].Id).ShouldBeFalse();
    }

    [Fact]
    public void A_run_is_kept_once_and_whole_however_many_of_its_entries_wait()
    {
        // The buffer holds the run as it came: an entry alone counts for all of it, and a second one for nothing more.
        const int Overhead = 384 + 256;
        var run = OwnRuns.Of([.. _chain.Entries.Skip(1).Take(6)]);
        var size = run.Run.Entries.Sum(entry => (long)entry.HeaderBytes.Length);
        new CausalBuffer(10, size + Overhead - 1).TryAdd(run, 2, [TestKeys.Entry("missing")]).ShouldBeFalse();
        var buffer = new CausalBuffer(10, size + (2 * Overhead));
        buffer.TryAdd(run, 2, [TestKeys.Entry("missing")]).ShouldBeTrue();
        buffer.TryAdd(run, 4, [TestKeys.Entry("missing")]).ShouldBeTrue();
        buffer.TryAdd(run, 5, [TestKeys.Entry("missing")]).ShouldBeTrue();
        buffer.Contains(run.Run.Entries[2].Id).ShouldBeFalse("it came first");
        buffer.KeptBytes.ShouldBe(size + (2 * 384) + 128 + (3 * 128));
        buffer.Condemn(TestKeys.Entry("missing")).ShouldBe(2);
        buffer.KeptBytes.ShouldBe(0);
        buffer.TryAdd(run, 5, [TestKeys.Entry("missing")]).ShouldBeTrue();
    }

    [Fact]
    public void A_body_takes_room_where_it_is_there_and_gives_it_back()
    {
        const int Overhead = 384 + 256;
        var header = _chain.Entries[3].Header with { Epoch = TestKeys.Entry("epoch"), Kind = EntryKind.Message };
        var whole = Entry.CreateWithBody(TestKeys.Sodium, header, new byte[1_000]);
        var erased = whole.WithBody(null);
        var headerSize = whole.HeaderBytes.Length + Overhead;
        var missing = _chain.Entries[2].Id;
        new CausalBuffer(10, headerSize + 1_000).TryAdd(Verified(whole), 0, [missing]).ShouldBeTrue();
        new CausalBuffer(10, headerSize + 999).TryAdd(Verified(whole), 0, [missing]).ShouldBeFalse();

        // The header still says how long it was.
        new CausalBuffer(10, headerSize).TryAdd(Verified(erased), 0, [missing]).ShouldBeTrue();
        new CausalBuffer(10, headerSize - 1).TryAdd(Verified(erased), 0, [missing]).ShouldBeFalse();

        var other = _chain.Entries[4];
        var buffer = new CausalBuffer(10, headerSize + 1_000 + other.HeaderBytes.Length + Overhead);
        for (var i = 0; i < 3; i++)
        {
            buffer.TryAdd(Verified(whole), 0, [missing]).ShouldBeTrue();
            buffer.TryAdd(Verified(other), 0, [missing]).ShouldBeTrue();
            buffer.KeptBytes.ShouldBe(headerSize + 1_000 + other.HeaderBytes.Length + Overhead - (2 * 256) + 128 + (2 * 128));
            Released(buffer, missing).ShouldBe([whole.Id, other.Id]);
            buffer.KeptBytes.ShouldBe(0);
        }
    }

    [Fact]
    public void In_a_full_buffer_what_has_waited_longest_gives_way_and_is_told_of()
    {
        var gone = 0;
        var buffer = new CausalBuffer(2, 1 << 20, gaveWay: () => gone++);
        buffer.TryAdd(Verified(_chain.Entries[3]), 0, [_chain.Entries[2].Id]).ShouldBeTrue();
        buffer.TryAdd(Verified(_chain.Entries[2]), 0, [_chain.Entries[1].Id]).ShouldBeTrue();

        // Once more is no newcomer, and not newer for it.
        buffer.TryAdd(Verified(_chain.Entries[3]), 0, [_chain.Entries[2].Id]).ShouldBeTrue();
        gone.ShouldBe(0);
        buffer.TryAdd(Verified(_chain.Entries[4]), 0, [_chain.Entries[3].Id]).ShouldBeTrue();
        (buffer.Count, buffer.MissingCount, gone).ShouldBe((2, 2, 1));
        Released(buffer, _chain.Entries[1].Id).ShouldBe([_chain.Entries[2].Id]);
        Released(buffer, _chain.Entries[2].Id).ShouldBeEmpty();
        buffer.TryAdd(Verified(_chain.Entries[3]), 0, [_chain.Entries[2].Id]).ShouldBeTrue();
        Released(buffer, _chain.Entries[3].Id).ShouldBe([_chain.Entries[4].Id]);
    }

    [Fact]
    public void In_a_room_that_buffers_share_what_has_waited_longest_gives_way_whosever_it_is()
    {
        var size = _chain.Entries[2].HeaderBytes.Length + 384 + 256;
        var room = new WaitingRoom((3 * size) + 50);
        var (gone, kept) = (0, 0);
        var (one, other) = (new CausalBuffer(10, 1 << 20, room, () => gone++), new CausalBuffer(10, 1 << 20, room, () => kept++));
        one.TryAdd(Verified(_chain.Entries[2]), 0, [TestKeys.Entry("missing")]).ShouldBeTrue();
        one.TryAdd(Verified(_chain.Entries[3]), 0, [TestKeys.Entry("missing")]).ShouldBeTrue();
        one.TryAdd(Verified(_chain.Entries[4]), 0, [TestKeys.Entry("missing")]).ShouldBeTrue();
        other.TryAdd(Verified(_chain.Entries[5]), 0, [TestKeys.Entry("missing")]).ShouldBeTrue();
        other.TryAdd(Verified(_chain.Entries[6]), 0, [TestKeys.Entry("missing")]).ShouldBeTrue();
        (one.Count, other.Count, gone, kept).ShouldBe((1, 2, 2, 0));
        room.Used.ShouldBe(one.KeptBytes + other.KeptBytes - (2 * 128) - (3 * 128) + (3 * 256), "the lists of who waits by what they may be at most");

        one.Condemn(TestKeys.Entry("missing")).ShouldBe(1);
        Released(other, TestKeys.Entry("missing")).Count.ShouldBe(2);
        room.Used.ShouldBe(0);
        room.TryMakeRoom().ShouldBeFalse();
    }

    [Fact]
    public void What_is_longer_than_the_room_is_refused()
    {
        var size = _chain.Entries[2].HeaderBytes.Length + 384 + 256;
        var room = new WaitingRoom(size - 1);
        new CausalBuffer(10, 1 << 20, room).TryAdd(Verified(_chain.Entries[2]), 0, [TestKeys.Entry("missing")]).ShouldBeFalse();
        room.Used.ShouldBe(0);
    }

    [Fact]
    public void A_refusal_drops_descendants_and_nothing_else()
    {
        var buffer = new CausalBuffer(10, 1 << 20);
        var other = new Chain("another device").Extend(3);
        buffer.TryAdd(Verified(_chain.Entries[3]), 0, [_chain.Entries[2].Id]).ShouldBeTrue();
        buffer.TryAdd(Verified(_chain.Entries[4]), 0, [_chain.Entries[3].Id]).ShouldBeTrue();
        buffer.TryAdd(Verified(_chain.Entries[5]), 0, [_chain.Entries[4].Id, other.Entries[0].Id]).ShouldBeTrue();
        buffer.TryAdd(Verified(other.Entries[1]), 0, [other.Entries[0].Id]).ShouldBeTrue();

        buffer.Condemn(_chain.Entries[2].Id).ShouldBe(3);
        buffer.Count.ShouldBe(1);
        buffer.Condemn(_chain.Entries[2].Id).ShouldBe(0);

        // The dropped one waited for this too: it must not come back.
        Released(buffer, other.Entries[0].Id).ShouldBe([other.Entries[1].Id]);
        buffer.Count.ShouldBe(0);
        buffer.MissingCount.ShouldBe(0);
    }

    [Fact]
    public void What_was_dropped_leaves_nothing_behind()
    {
        var buffer = new CausalBuffer(10, 1 << 20);
        for (var i = 0; i < 5; i++)
        {
            var empty = buffer.KeptBytes;
            buffer.TryAdd(Verified(_chain.Entries[3]), 0, [_chain.Entries[2].Id, TestKeys.Entry($"made up {i}")]).ShouldBeTrue();
            buffer.MissingCount.ShouldBe(2);
            buffer.Condemn(_chain.Entries[2].Id).ShouldBe(1);
            buffer.MissingCount.ShouldBe(0);
            buffer.KeptBytes.ShouldBe(empty);
        }
    }

    [Fact]
    public void What_was_dropped_leaves_nothing_behind_with_another_that_waits_on()
    {
        var buffer = new CausalBuffer(10, 1 << 20);
        var held = TestKeys.Entry("held back for ever");
        buffer.TryAdd(Verified(_chain.Entries[5]), 0, [held]).ShouldBeTrue();
        var alone = buffer.KeptBytes;
        for (var i = 0; i < 100; i++)
        {
            buffer.TryAdd(Verified(_chain.Entries[3]), 0, [held, TestKeys.Entry($"refused {i}")]).ShouldBeTrue();
            buffer.Condemn(TestKeys.Entry($"refused {i}")).ShouldBe(1);
        }

        buffer.KeptBytes.ShouldBeLessThanOrEqualTo(2 * alone);
        Released(buffer, held).ShouldBe([_chain.Entries[5].Id]);
        buffer.KeptBytes.ShouldBe(0);
    }

    [Fact]
    public void What_was_dropped_and_comes_again_waits_for_everything_anew()
    {
        var buffer = new CausalBuffer(10, 1 << 20);
        var (shared, kept) = (TestKeys.Entry("shared"), TestKeys.Entry("kept"));
        buffer.TryAdd(Verified(_chain.Entries[5]), 0, [shared]).ShouldBeTrue();
        buffer.TryAdd(Verified(_chain.Entries[3]), 0, [_chain.Entries[2].Id, shared]).ShouldBeTrue();
        buffer.Condemn(_chain.Entries[2].Id).ShouldBe(1);
        buffer.TryAdd(Verified(_chain.Entries[3]), 0, [shared, kept]).ShouldBeTrue();

        // Named twice by the list of who waits, and still not ready.
        Released(buffer, shared).ShouldBe([_chain.Entries[5].Id]);
        Released(buffer, kept).ShouldBe([_chain.Entries[3].Id]);
    }

    [Fact]
    public void In_any_order_of_arrival_everything_is_applied_after_what_it_misses()
    {
        var cases = from order in Gen.Shuffle(Enumerable.Range(1, 9))
                    from links in Gen.ArrayOf(Gen.Choose(0, 1 << 20), 10)
                    select (order, links);
        Prop.ForAll(cases.ToArbitrary(), drawn =>
        {
            var buffer = new CausalBuffer(100, 1 << 20);
            var applied = new List<int> { 0 };
            var queue = new Queue<(VerifiedRun Run, int Index)>();
            foreach (var i in drawn.order)
            {
                Offer(i);
                while (queue.TryDequeue(out var ready))
                {
                    Apply((int)ready.Run.Run.Last.Header.Seq);
                }
            }

            applied.Order().ShouldBe(Enumerable.Range(0, 10));
            buffer.Count.ShouldBe(0);
            buffer.MissingCount.ShouldBe(0);

            void Offer(int i)
            {
                var missing = Predecessors(i).Where(p => !applied.Contains(p)).Select(p => _chain.Entries[p].Id).ToList();
                if (missing.Count == 0)
                {
                    Apply(i);
                }
                else
                {
                    buffer.TryAdd(Verified(_chain.Entries[i]), 0, missing).ShouldBeTrue();
                }
            }

            void Apply(int i)
            {
                Predecessors(i).ShouldAllBe(p => applied.Contains(p));
                applied.Add(i);
                buffer.Release(_chain.Entries[i].Id, queue);
            }

            // Any three of those before: a random graph, which need not be a chain here.
            List<int> Predecessors(int i) => [.. new[] { 0, 5, 10 }.Select(s => (drawn.links[i] >> s) % i).Distinct()];
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void What_gave_up_waiting_for_one_that_waits_itself_leaves_it_missed_by_nobody()
    {
        var buffer = new CausalBuffer(10, 1 << 20);
        var refused = TestKeys.Entry("refused");
        buffer.TryAdd(Verified(_chain.Entries[3]), 0, [_chain.Entries[2].Id]).ShouldBeTrue();
        buffer.TryAdd(Verified(_chain.Entries[5]), 0, [_chain.Entries[3].Id, refused]).ShouldBeTrue();
        buffer.MissingCount.ShouldBe(2);
        buffer.Condemn(refused).ShouldBe(1);
        buffer.MissingCount.ShouldBe(1);
    }

    [Theory]
    [InlineData(1, 1, 2)]
    [InlineData(1, 2, 1)]
    [InlineData(2, 1, 3)]
    [InlineData(2, 2, 4)]
    [InlineData(2, 3, 2)]
    public void Of_what_was_dropped_no_more_is_kept_than_waits_beside_it(int waiting, int dropped, int kept)
    {
        var buffer = new CausalBuffer(10, 1 << 20);
        var (shared, refused) = (TestKeys.Entry("shared"), TestKeys.Entry("refused"));
        for (var i = 0; i < waiting + dropped; i++)
        {
            EntryId[] missing = i < waiting ? [shared] : [shared, refused];
            buffer.TryAdd(Verified(_chain.Entries[1 + i]), 0, missing).ShouldBeTrue();
        }

        buffer.Condemn(refused).ShouldBe(dropped);
        var bytes = Enumerable.Range(1, waiting).Sum(i => _chain.Entries[i].HeaderBytes.Length + 384);
        buffer.KeptBytes.ShouldBe(bytes + 128 + (kept * 128));
    }

    private static VerifiedRun Verified(Entry entry) => OwnRun.Of(entry);

    private static List<EntryId> Released(CausalBuffer buffer, EntryId applied)
    {
        var ready = new Queue<(VerifiedRun Run, int Index)>();
        buffer.Release(applied, ready);
        return [.. ready.Select(r => r.Run.Run.Entries[r.Index].Id)];
    }

    private sealed class OwnRuns : VerifiedRun.Maker
    {
        public static VerifiedRun Of(IReadOnlyList<Entry> entries) => Make(new SignedRun(entries[0].Header.Device, entries, new byte[64]));
    }
}
