using Google.Protobuf;
using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Dht;

/// <summary>How holders are read: pages, tokens, lies, and the bounds of all of it.</summary>
public sealed class GetTaskTests
{
    private static readonly Bytes32 s_target = TestKeys.Named("t");

    private ScriptedPeers _script = new(s_target, 4);

    [Fact]
    public void A_holder_is_read_page_by_page_to_the_last_slot()
    {
        var slots = Slots(5);
        Hold(0, slots, perPage: 2);
        var found = Get(0);
        found.Slots.Select(slot => slot.Writer).ShouldBe(slots.Select(slot => slot.Writer));
        Gets(0).Select(After).ShouldBe([null, slots[1].Writer, slots[3].Writer]);
        found.Cost.Queries.ShouldBe(1 + 3);
    }

    [Fact]
    public void A_page_that_is_empty_although_there_is_more_is_asked_for_again()
    {
        // As where the token was no longer good, each time.
        var slots = Slots(5);
        HashSet<Bytes32> refused = [];
        Hold(0, slots, perPage: 2, isRefused: after => refused.Add(after ?? default));
        var found = Get(0);
        found.Slots.Select(slot => slot.Writer).ShouldBe(slots.Select(slot => slot.Writer));
        Gets(0).Select(After).ShouldBe([null, null, slots[1].Writer, slots[1].Writer, slots[3].Writer, slots[3].Writer]);
        found.Cost.Queries.ShouldBe(1 + 6);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(9, 2)]
    public void A_holder_that_gives_nothing_is_asked_again_once_where_it_says_there_is_something(uint held, int asked)
    {
        Hold(0, Slots(1), perPage: 1);
        var say = _script.Answer;
        _script.Answer = (peer, kind, query) => kind == DatagramKind.Get ? new DhtAnswer { Held = held } : say(peer, kind, query);
        Get(0).Slots.ShouldBeEmpty();
        Gets(0).Count.ShouldBe(asked);
    }

    [Fact]
    public void A_holder_that_is_silent_is_asked_again_once()
    {
        Hold(0, Slots(1), perPage: 1);
        var say = _script.Answer;
        _script.Answer = (peer, kind, query) => kind == DatagramKind.Get ? null : say(peer, kind, query);
        var found = Get(0);
        found.Slots.ShouldBeEmpty();
        found.Cost.Queries.ShouldBe(1 + 2);
        Gets(0).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(3, 64)]
    [InlineData(70, 70)]
    public void A_holder_without_an_end_is_read_for_so_many_pages(int slotsPerTarget, int pages)
    {
        var script = new ScriptedPeers(s_target, 1, new DhtOptions { SlotsPerTarget = slotsPerTarget });
        script.Know(0);
        var given = 0;
        script.Answer = (_, kind, query) => kind != DatagramKind.Get ? Holding([])
            : script.Asked.Count(asked => asked.Kind == DatagramKind.Get) == 5 ? new DhtAnswer { Held = 1 }
            : Page([Forged($"{given++}")], held: 1);
        script.Network.Do<DhtResult.FoundSlots>(script.Asker, new DhtOperation.Get(s_target)).Slots.ShouldBeEmpty();

        // The one that was empty does not count.
        script.CountOf(DatagramKind.Get, 0).ShouldBe(pages + 1);
        script.Asker.Counted(DhtInstruments.RefusedSlot).ShouldBe(pages);
    }

    [Fact]
    public void At_most_512_signatures_are_checked_and_those_who_were_spared_for_a_liar_are_read()
    {
        DhtSlot[][] given = [[.. Enumerable.Range(0, 300).Select(i => Forged($"a {i}"))], [.. Enumerable.Range(0, 300).Select(i => Forged($"b {i}"))]];
        Hold(0, given[0], perPage: 6);
        Hold(1, given[1], perPage: 6);
        Hold(2, given[1], perPage: 6);
        Get(0, 1, 2).Slots.ShouldBeEmpty();
        _script.Asker.Counted(DhtInstruments.RefusedSlot).ShouldBe(512);
        Gets(2).ShouldNotBeEmpty();
    }

    [Fact]
    public void At_most_256_slots_are_found()
    {
        Hold(0, Slots(270), perPage: 6);
        Get(0).Slots.Count.ShouldBe(256);
    }

    [Fact]
    public void At_most_64_holders_are_counted()
    {
        // A hundred in a row, each of whom tells of the one before.
        var script = new ScriptedPeers(s_target, 100);
        script.Know(Enumerable.Range(80, 20));
        script.Answer = (peer, kind, _) =>
        {
            var answer = kind == DatagramKind.FindNode ? Holding(Slots(1)) : Page(Slots(1), 0);
            if (kind == DatagramKind.FindNode && peer > 0)
            {
                answer.Contacts.Add(ByteString.CopyFrom(script.Peers[peer - 1].Contact.Encode()));
            }

            return answer;
        };
        var found = script.Network.Do<DhtResult.FoundSlots>(script.Asker, new DhtOperation.Get(s_target, IsDisjoint: false));
        found.Cost.Queries.ShouldBeGreaterThan(80);
        found.Holders.ShouldBe(64);
        found.Slots.Count.ShouldBe(1);
    }

    [Fact]
    public void Slots_that_are_malformed_or_elsewhere_or_expired_or_forged_are_counted_and_not_found()
    {
        var good = Slot("good");
        var now = _script.Network.UnixSeconds;
        var answer = Page(
            [
                good, TestSlots.Of("elsewhere", "w", 1, now + 100, 1), TestSlots.Of("t", "w", 1, now, 1), TestSlots.Of("t", "v", 1, now - 1, 1),
                Forged("forged"), good,
            ],
            held: 0);
        answer.Slots[^1].Signature = ByteString.CopyFrom(new byte[63]);
        _script.Answer = (_, kind, _) => kind == DatagramKind.Get ? answer : Holding([good]);
        Get(0).Slots.ShouldHaveSingleItem().Writer.ShouldBe(good.Writer);
        _script.Asker.Counted(DhtInstruments.RefusedSlot).ShouldBe(5);
    }

    [Fact]
    public void Of_two_slots_of_a_writer_with_one_number_the_one_that_came_first_is_found()
    {
        var expires = _script.Network.UnixSeconds + 100;
        DhtSlot[] slots = [TestSlots.Of("t", "w", 1, expires, 1, fill: 1), TestSlots.Of("t", "w", 1, expires, 1, fill: 2)];
        Hold(0, slots[..1], perPage: 1);
        Hold(1, [slots[1], Slot("another")], perPage: 2);
        var found = Get(0, 1).Slots;
        found.Count.ShouldBe(2);
        found.Single(slot => slot.Writer == slots[0].Writer).Sealed.ToArray().ShouldBe([1]);
    }

    [Fact]
    public void A_holder_that_comes_late_is_spared_where_another_has_proved_what_it_says()
    {
        // The first says nothing more, so the two spared for it are read. The fourth is silent, and so the fifth is asked last.
        var script = new ScriptedPeers(s_target, 5, new DhtOptions { BucketSize = 4, Concurrency = 4 });
        var slots = Slots(1);
        script.Know(0, 1, 2, 3, 4);
        script.Answer = (peer, kind, _) => kind == DatagramKind.Ping ? new DhtAnswer()
            : peer == 3 || (peer == 0 && kind == DatagramKind.Get) ? null
            : kind == DatagramKind.Get ? Page(slots, 0) : Holding(slots);
        var found = script.Network.Do<DhtResult.FoundSlots>(script.Asker, new DhtOperation.Get(s_target, IsDisjoint: false));
        (found.Slots.Count, found.Holders).ShouldBe((1, 4));
        Enumerable.Range(0, 5).Select(peer => script.CountOf(DatagramKind.Get, peer)).ShouldBe([2, 1, 1, 0, 0]);
    }

    [Fact]
    public void Who_says_that_it_holds_what_comes_to_nothing_is_read()
    {
        var slots = Slots(1);
        _script.Answer = (_, kind, _) => kind == DatagramKind.Get ? Page(slots, 0) : new DhtAnswer { Held = 1, Digest = Digest([]) };
        Get(0).Slots.Count.ShouldBe(1);
    }

    [Fact]
    public void What_is_found_is_told_at_once_and_who_gives_a_slot_at_a_time_as_late_as_it_may_is_left()
    {
        _script = new ScriptedPeers(s_target, 2, new DhtOptions { MinTimeout = TimeSpan.FromSeconds(1) });
        var slots = Slots(1);
        Hold(0, slots, perPage: 1);
        Hold(1, [.. Enumerable.Range(0, 200).Select(i => Slot($"late {i}")).OrderBy(slot => slot.Writer)], perPage: 1);
        _script.Delay = (peer, kind) => peer == 1 && kind == DatagramKind.Get ? _script.Asker.Machine.RoundTripLimit - TimeSpan.FromMilliseconds(15) : TimeSpan.Zero;
        _script.Know(0, 1);
        var began = _script.Network.Now;
        var found = _script.Network.Do<DhtResult.FoundSlots>(_script.Asker, new DhtOperation.Get(s_target));
        found.Slots.Select(slot => slot.Writer).ShouldBe(_script.Asker.Found.Select(told => told.Slot.Writer).Order());
        (_script.Asker.Found.Find(told => told.Slot.Writer == slots[0].Writer).At - began).ShouldBeLessThan(TimeSpan.FromSeconds(1));
        (_script.Network.Now - began).ShouldBeInRange(GetTask.LongestReading, GetTask.LongestReading + TimeSpan.FromSeconds(4));
    }

    private static Bytes32? After(DhtQuery query) => query.After.Length == 0 ? null : new Bytes32(query.After.Span);

    private static DhtAnswer Holding(IReadOnlyList<DhtSlot> slots) => new() { Held = (uint)Math.Max(slots.Count, 1), Digest = Digest(slots) };

    private static DhtAnswer Page(IEnumerable<DhtSlot> slots, uint held)
    {
        var answer = new DhtAnswer { Held = held };
        answer.Slots.AddRange(slots.Select(slot => slot.ToMessage()));
        return answer;
    }

    private static ByteString Digest(IReadOnlyList<DhtSlot> slots) => ByteString.CopyFrom(SlotStore.Digest(TestKeys.Sodium, slots));

    private static DhtSlot Slot(string writer) => TestSlots.Of("t", writer, 1, 2_000_000_000, 1);

    private static DhtSlot Forged(string writer) => DhtSlot.From(s_target, TestKeys.Signing(writer).Public, 1, 2_000_000_000, new byte[1], new byte[64]);

    private static DhtSlot[] Slots(int count) => [.. Enumerable.Range(0, count).Select(i => Slot($"w{i}")).OrderBy(slot => slot.Writer)];

    // The peer says that it holds these, and gives them so many at a time.
    private void Hold(int holder, IReadOnlyList<DhtSlot> slots, int perPage, Func<Bytes32?, bool>? isRefused = null)
    {
        var others = _script.Answer;
        _script.Answer = (peer, kind, query) =>
        {
            if (peer != holder || kind is not (DatagramKind.FindNode or DatagramKind.Get))
            {
                return others(peer, kind, query);
            }

            if (kind == DatagramKind.FindNode)
            {
                return Holding(slots);
            }

            var at = After(query) is { } last ? slots.ToList().FindIndex(slot => slot.Writer == last) + 1 : 0;
            return isRefused?.Invoke(After(query)) == true
                ? new DhtAnswer { Held = (uint)(slots.Count - at) }
                : Page(slots.Skip(at).Take(perPage), (uint)Math.Max(0, slots.Count - at - perPage));
        };
    }

    private DhtResult.FoundSlots Get(params IEnumerable<int> known)
    {
        _script.Know(known);
        return _script.Network.Do<DhtResult.FoundSlots>(_script.Asker, new DhtOperation.Get(s_target));
    }

    private List<DhtQuery> Gets(int peer) => [.. _script.Asked.Where(asked => asked.Kind == DatagramKind.Get && asked.Peer == peer).Select(asked => asked.Query)];
}
