using HiNet.Crdt.Core.Dht;
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
    public void A_full_store_drops_what_expires_first_and_only_for_what_lasts_longer()
    {
        for (var i = 0; i < 8; i++)
        {
            Put($"t{i}", "w", 1, Now + 100 + i, source: $"8.8.{i}.1:1").ShouldBe(PutOutcome.Stored);
        }

        Put("x", "w", 1, Now + 100, source: "9.9.9.9:1").ShouldBe(PutOutcome.Full);
        Put("x", "w", 1, Now + 101, source: "9.9.9.9:1").ShouldBe(PutOutcome.Stored);
        _store.Count.ShouldBe(8);
        _store.Held(TestKeys.Named("t0")).ShouldBe(0);
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
