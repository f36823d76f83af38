using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Dht;

public sealed class SlotStoreTests
{
    private const long Now = 1_800_000_000;

    private static readonly Endpoint s_source = Endpoint.Parse("8.8.8.8:53");

    private readonly SlotStore _store = new(new DhtOptions { SlotsPerTarget = 3, SlotsPerSource = 6, MaxSlots = 8 });

    [Theory]
    [InlineData(0, PutOutcome.ExpiryRefused)]
    [InlineData(1, PutOutcome.Stored)]
    [InlineData(29 * 3600, PutOutcome.Stored)]
    [InlineData((29 * 3600) + 1, PutOutcome.Stored)]
    [InlineData((29 * 3600) + 2, PutOutcome.ExpiryRefused)]
    public void A_slot_expires_within_29_hours(long ahead, PutOutcome expected) => Put("t", "w", 1, Now + ahead).ShouldBe(expected);

    [Fact]
    public void A_newer_slot_of_the_writer_takes_the_place_and_nothing_else_does()
    {
        Put("t", "w", 5, Now + 100).ShouldBe(PutOutcome.Stored);
        Put("t", "w", 5, Now + 100).ShouldBe(PutOutcome.Unchanged);
        Put("t", "w", 5, Now + 100, fill: 8).ShouldBe(PutOutcome.SequenceReused);
        Put("t", "w", 5, Now + 101).ShouldBe(PutOutcome.SequenceReused);
        Put("t", "w", 4, Now + 200).ShouldBe(PutOutcome.SequenceTooLow);
        Put("t", "v", 1, Now + 100).ShouldBe(PutOutcome.Stored);
        Put("t", "w", 6, Now + 50, fill: 9).ShouldBe(PutOutcome.Stored);
        _store.Live(TestKeys.Named("t"), Now).Select(slot => slot.Sequence).Order().ShouldBe([1UL, 6UL]);
        _store.Count.ShouldBe(2);
    }

    [Fact]
    public void A_target_holds_so_many_writers_and_then_only_newer_slots_of_them()
    {
        for (var i = 0; i < 3; i++)
        {
            Put("t", $"w{i}", 1, Now + 100).ShouldBe(PutOutcome.Stored);
        }

        Put("t", "w3", 1, Now + 100).ShouldBe(PutOutcome.Full);
        Put("t", "w0", 2, Now + 100).ShouldBe(PutOutcome.Stored);
    }

    [Fact]
    public void A_network_has_so_many_slots_whatever_its_addresses()
    {
        for (var i = 0; i < 6; i++)
        {
            Put($"t{i}", "w", 1, Now + 100, source: $"8.8.8.{i + 1}:1").ShouldBe(PutOutcome.Stored);
        }

        Put("t6", "w", 1, Now + 100, source: "8.8.8.99:1").ShouldBe(PutOutcome.Full);
        Put("t6", "w", 1, Now + 100, source: "8.8.9.1:1").ShouldBe(PutOutcome.Stored);
        _store.Expire(Now + 100).ShouldBe(7);
        Put("t6", "w", 1, Now + 100).ShouldBe(PutOutcome.Stored);
    }

    [Fact]
    public void Where_addresses_prove_nothing_slots_are_not_bounded_by_them()
    {
        for (var i = 0; i < 7; i++)
        {
            Put($"t{i}", "w", 1, Now + 100, source: "127.0.0.1:1").ShouldBe(PutOutcome.Stored);
        }
    }

    [Fact]
    public void A_network_whose_slots_have_expired_may_put_as_many_again()
    {
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 6; i++)
            {
                Put($"t{i}", "w", 1, Now + 100).ShouldBe(PutOutcome.Stored);
            }

            Put("t6", "w", 1, Now + 100).ShouldBe(PutOutcome.Full);
            _store.Expire(Now + 100).ShouldBe(6);
        }
    }

    [Fact]
    public void A_slot_is_the_same_only_if_expiry_text_and_signature_are()
    {
        var slot = TestSlots.Of("t", "w", 5, Now + 100, 20);
        DhtSlot Changed(long expires, byte[] text, byte[] signature) => DhtSlot.From(slot.Target, slot.Writer, 5, expires, text, signature);
        var (text, signature) = (slot.Sealed.ToArray(), slot.Signature.ToArray());
        _store.Put(slot, s_source, Now, out _).ShouldBe(PutOutcome.Stored);
        _store.Judge(Changed(Now + 100, text, signature), s_source, Now).ShouldBe(PutOutcome.Unchanged);
        _store.Judge(Changed(Now + 101, text, signature), s_source, Now).ShouldBe(PutOutcome.SequenceReused);
        _store.Judge(Changed(Now + 100, [.. text, 0], signature), s_source, Now).ShouldBe(PutOutcome.SequenceReused);
        _store.Judge(Changed(Now + 100, text, new byte[64]), s_source, Now).ShouldBe(PutOutcome.SequenceReused);
    }

    [Fact]
    public void Of_those_that_expire_together_the_one_that_came_first_makes_room()
    {
        for (var i = 0; i < 8; i++)
        {
            Put($"t{i}", "w", 1, Now + 100, source: $"8.{i}.8.1:1").ShouldBe(PutOutcome.Stored);
        }

        _store.Put(TestSlots.Of("x", "w", 1, Now + 101, 20), Endpoint.Parse("9.9.9.9:1"), Now, out var evicted).ShouldBe(PutOutcome.Stored);
        evicted.ShouldBe(1);
        _store.Held(TestKeys.Named("t0")).ShouldBe(0);
        _store.Put(TestSlots.Of("x", "w", 2, Now + 101, 20), Endpoint.Parse("9.9.9.9:1"), Now, out evicted).ShouldBe(PutOutcome.Stored);
        evicted.ShouldBe(0);
        _store.Put(TestSlots.Of("y", "w", 2, Now + 100, 20), Endpoint.Parse("9.9.9.9:1"), Now, out evicted).ShouldBe(PutOutcome.Full);
        evicted.ShouldBe(0);
    }

    [Fact]
    public void What_has_expired_goes_whatever_lasts_longer()
    {
        Put("t", "w0", 1, Now + 200);
        Put("t", "w1", 1, Now + 100);
        Put("u", "w1", 1, Now + 99);
        (_store.Count, _store.Targets).ShouldBe((3, 2));
        _store.Expire(Now + 100).ShouldBe(2);
        (_store.Count, _store.Targets).ShouldBe((1, 1));
    }

    [Fact]
    public void A_digest_is_of_every_writer_with_its_number()
    {
        DhtSlot[] slots = [TestSlots.Of("t", "w0", 3, Now + 100, 20), TestSlots.Of("t", "w1", 0x0102_0304_0506_0708, Now + 100, 20)];
        byte[] message = [.. slots[0].Writer.ToArray(), 3, 0, 0, 0, 0, 0, 0, 0, .. slots[1].Writer.ToArray(), 8, 7, 6, 5, 4, 3, 2, 1];
        var expected = new byte[SlotStore.DigestSize];
        TestKeys.Sodium.Blake2bJoined(Domains.DhtHeld, message, expected);
        SlotStore.Digest(TestKeys.Sodium, slots).ShouldBe(expected);
    }

    [Fact]
    public void A_full_store_drops_what_expires_first_and_only_for_what_lasts_longer()
    {
        for (var i = 0; i < 8; i++)
        {
            Put($"t{i}", "w", 1, Now + 100 + i, source: $"8.{i}.8.1:1").ShouldBe(PutOutcome.Stored);
        }

        Put("x", "w", 1, Now + 100, source: "9.9.9.9:1").ShouldBe(PutOutcome.Full);
        Put("x", "w", 1, Now + 101, source: "9.9.9.9:1").ShouldBe(PutOutcome.Stored);
        _store.Count.ShouldBe(8);
        _store.Held(TestKeys.Named("t0")).ShouldBe(0);
    }

    [Theory]
    [InlineData("8.8.{0}.1:1", "9.9.9.9:1")]
    [InlineData("[2001:db8:{0}::1]:1", "[2001:db9::1]:1")]
    public void Whoever_fills_the_store_from_one_wide_network_makes_room_for_others_however_long_theirs_last(string flood, string other)
    {
        for (var i = 0; i < 8; i++)
        {
            Put($"t{i}", "w", 1, Now + 1_000 + i, source: string.Format(System.Globalization.CultureInfo.InvariantCulture, flood, i + 1)).ShouldBe(PutOutcome.Stored);
        }

        // They share: the one that has two more than the other gives way, down to four each.
        for (var i = 0; i < 4; i++)
        {
            Put($"x{i % 2}", $"w{i}", 1, Now + 100, source: other).ShouldBe(PutOutcome.Stored);
            _store.Held(TestKeys.Named($"t{i}")).ShouldBe(0);
        }

        Put("y", "w", 1, Now + 100, source: other).ShouldBe(PutOutcome.Full);
        Put("y", "w", 1, Now + 2_000, source: string.Format(System.Globalization.CultureInfo.InvariantCulture, flood, 9)).ShouldBe(PutOutcome.Stored);
        _store.Count.ShouldBe(8);
    }

    [Fact]
    public void Slots_come_by_writer_and_after_the_last_one_seen()
    {
        for (var i = 0; i < 3; i++)
        {
            Put("t", $"w{i}", 1, Now + 100);
        }

        var writers = _store.Live(TestKeys.Named("t"), Now).Select(slot => slot.Writer).ToList();
        writers.ShouldBe(writers.Order());
        _store.Live(TestKeys.Named("t"), Now, writers[0]).Select(slot => slot.Writer).ShouldBe(writers[1..]);
    }

    [Fact]
    public void What_has_expired_is_neither_shown_nor_counted_in_the_digest()
    {
        Put("t", "w0", 1, Now + 100);
        var before = Digest(Now);
        Put("t", "w1", 1, Now + 50);
        Digest(Now).ShouldNotBe(before);
        Digest(Now + 50).ShouldBe(before);
        _store.Live(TestKeys.Named("t"), Now + 50).Count().ShouldBe(1);
        _store.Live(TestKeys.Named("t"), null).ShouldBeEmpty();
        Put("t", "w0", 2, Now + 100);
        Digest(Now + 50).ShouldNotBe(before);
    }

    private byte[] Digest(long unixSeconds) => SlotStore.Digest(TestKeys.Sodium, [.. _store.Live(TestKeys.Named("t"), unixSeconds)]);

    private PutOutcome Put(string target, string writer, ulong sequence, long expires, byte fill = 7, string? source = null) => _store.Put(
        TestSlots.Of(target, writer, sequence, expires, 20, fill), source is null ? s_source : Endpoint.Parse(source), Now, out _);
}
