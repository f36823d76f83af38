using Google.Protobuf;
using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Dht;

/// <summary>What a node does unasked, and when. Its rounds are 30 seconds apart.</summary>
public sealed class DhtNodeMaintenanceTests
{
    // A table that is full with one contact, so that the node does not come in again.
    private static readonly DhtOptions s_one = new() { BucketSize = 1 };

    // Contacts that stand at ids of a test's choice are not in the table for who reads them from what is kept.
    private static readonly TimeSpan s_never = TimeSpan.FromDays(1);

    private static readonly TimeSpan s_questionable = TimeSpan.FromMinutes(10);

    [Theory]
    [InlineData(0, 22_500_000)]
    [InlineData(512, 30_000_000)]
    [InlineData(1_023, 37_485_351)]
    [InlineData(1_024, 22_500_000)]
    public void A_round_comes_between_three_and_five_quarters_of_30_seconds(ulong drawn, long microseconds)
    {
        var node = new LoneNode(draws: _ => drawn);
        node.Machine.Deadline.ShouldBe(node.Now + TimeSpan.FromMicroseconds(microseconds));
    }

    [Fact]
    public void Each_draw_has_the_next_counter()
    {
        var node = new LoneNode();
        node.Run(TimeSpan.FromMinutes(2));
        node.Drawn.ShouldBe([0, 1, 2, 3, 4]);
    }

    [Fact]
    public void Contacts_that_were_not_heard_of_for_ten_minutes_are_pinged_eight_in_a_round()
    {
        // An answer takes longer than a round, so those that were asked in one are still waited for in the next.
        var wait = TimeSpan.FromSeconds(40);
        var node = new LoneNode(new DhtOptions { BucketSize = 4, KeepEvery = s_never, InitialTimeout = wait, MinTimeout = wait, MaxTimeout = wait });
        List<PlayedNode> others = [.. Enumerable.Range(0, 12).Select(i => node.Known(node.IdIn(i / 2, $"{i}"), isSilent: true))];
        node.RunTo(s_questionable - TimeSpan.FromSeconds(1));
        node.Queries.ShouldBeEmpty();
        node.RunTo(s_questionable + TimeSpan.FromSeconds(35));
        var first = others.Where(other => node.Asked(other).SequenceEqual([600.0])).ToList();
        var second = others.Where(other => node.Asked(other).SequenceEqual([630.0])).ToList();
        (first.Count, second.Count).ShouldBe((8, 4));
        node.RunTo(s_questionable + TimeSpan.FromSeconds(65));
        first.ShouldAllBe(other => node.Asked(other).SequenceEqual(new double[] { 600, 660 }));
    }

    [Fact]
    public void A_contact_that_answers_is_pinged_again_ten_minutes_later()
    {
        var node = new LoneNode(s_one with { KeepEvery = s_never });
        var other = node.Known(node.IdIn(0, "other"));
        node.RunTo(s_questionable * 3);
        node.Asked(other).ShouldBe([600, 1_200, 1_800]);
    }

    [Fact]
    public void Where_a_bucket_is_full_its_oldest_contact_is_asked_at_once_if_it_may_be_gone()
    {
        var node = new LoneNode(s_one with { KeepEvery = s_never });
        node.Run(TimeSpan.FromSeconds(1));
        var (oldest, newcomer) = (node.Known(node.IdIn(0, "oldest")), node.OtherIn(0));
        node.RunTo(s_questionable);
        node.Do<DhtResult.Pinged>(new DhtOperation.Ping(newcomer.Endpoint));
        node.Asked(oldest).ShouldBeEmpty();
        node.RunTo(s_questionable + TimeSpan.FromSeconds(1));
        node.Do<DhtResult.Pinged>(new DhtOperation.Ping(newcomer.Endpoint));
        node.Asked(oldest).ShouldBe([601]);
    }

    [Fact]
    public void Only_the_first_contact_is_reason_to_come_in()
    {
        var node = new LoneNode(s_one);
        node.Do<DhtResult.Pinged>(new DhtOperation.Ping(node.OtherIn(0).Endpoint));
        node.Run(TimeSpan.FromSeconds(1));
        node.Do<DhtResult.Pinged>(new DhtOperation.Ping(node.OtherIn(1).Endpoint));
        node.Machine.Table.Count.ShouldBe(2);
        node.LookedUp().ShouldBe([0]);
    }

    [Fact]
    public void Of_those_who_ask_32_are_pinged_at_a_time_and_nobody_twice()
    {
        var node = new LoneNode();
        List<PlayedNode> others = [.. Enumerable.Range(0, 40).Select(_ => node.Other(isSilent: true))];
        node.Ask(others[0], DatagramKind.Ping);
        Ask();
        Ask();
        node.Queries.Select(sent => sent.To).ShouldBe(others[..32].Select(other => other.Endpoint));
        node.Run(TimeSpan.FromSeconds(2));
        Ask();
        node.Queries.Count().ShouldBe(64, "they did not answer, and may be asked again");

        void Ask() => others.ForEach(other => node.Ask(other, DatagramKind.Ping));
    }

    [Fact]
    public void Who_has_answered_makes_room_for_others_who_ask()
    {
        var node = new LoneNode();
        List<PlayedNode> others = [.. Enumerable.Range(0, 40).Select(i => node.OtherIn(i % 2))];
        others.ForEach(other => node.Ask(other, DatagramKind.Ping));
        others.ShouldAllBe(other => node.Asked(other).Count == 1);
        node.Machine.Table.Count.ShouldBe(40);
    }

    [Fact]
    public void A_node_that_comes_in_looks_up_each_bucket_that_is_not_full_and_keeps_its_contacts_then()
    {
        // Its three neighbours stand in the buckets 1 to 3, so 0 and 1 reach beyond them.
        var node = new LoneNode(new DhtOptions { BucketSize = 3, KeepEvery = s_never });
        foreach (var bucket in new[] { 0, 1, 2, 3 })
        {
            node.Known(node.IdIn(bucket, "known"));
        }

        var bootstrap = node.OtherIn(0, isSilent: true);
        node.Bootstrap(bootstrap);
        node.Run(TimeSpan.FromSeconds(0.5));
        bootstrap.IsSilent = false;
        node.RunTo(TimeSpan.FromSeconds(20));
        node.Machine.Reunions.ShouldBe(1);
        var targets = node.Queries.Where(sent => sent.Kind == DatagramKind.FindNode).Select(sent => new DhtId(new Bytes32(sent.Query!.Target.Span))).Distinct();
        targets.Select(target => DhtId.CommonPrefix(node.Machine.Id, target)).ShouldBe([256, 0, 1]);
        node.Kept.Count.ShouldBe(1);
        node.Kept[0].Contacts.Count.ShouldBe(5);
    }

    [Fact]
    public void A_bucket_in_which_nothing_was_looked_up_for_an_hour_is_refreshed()
    {
        var node = new LoneNode(s_one);
        node.Known(node.IdIn(2, "known"));
        node.RunTo(TimeSpan.FromMinutes(59));
        node.Queries.ShouldNotContain(sent => sent.Kind == DatagramKind.FindNode);
        node.RunTo(TimeSpan.FromMinutes(61));
        var found = node.Queries.Single(sent => sent.Kind == DatagramKind.FindNode);
        found.At.ShouldBe(TimeSpan.FromHours(1));
        DhtId.CommonPrefix(node.Machine.Id, new DhtId(new Bytes32(found.Query!.Target.Span))).ShouldBe(2);
    }

    [Fact]
    public void While_it_comes_in_a_node_refreshes_nothing_else()
    {
        // The lookup of its own id takes longer than the round in which the bucket would be due.
        var wait = TimeSpan.FromSeconds(40);
        var node = new LoneNode(s_one with { InitialTimeout = wait, MinTimeout = wait, MaxTimeout = wait, RefreshAfter = TimeSpan.FromSeconds(30) });
        var other = node.Other();
        other.Answers = sent => sent.Kind == DatagramKind.Ping ? new DhtAnswer() : null;
        node.Bootstrap(other);
        node.RunTo(TimeSpan.FromSeconds(70));
        node.Asked(other, DatagramKind.FindNode).ShouldBe([0, 60]);
        node.LookedUp().ShouldBe([0]);
    }

    [Fact]
    public void Contacts_are_kept_every_five_minutes_and_never_none()
    {
        var node = new LoneNode(s_one);
        node.RunTo(TimeSpan.FromMinutes(14));
        node.Kept.ShouldBeEmpty("what was kept before stays kept");
        var other = node.Known(node.IdIn(0, "other"));
        node.RunTo(TimeSpan.FromMinutes(29));
        node.Kept.Select(kept => kept.At.TotalMinutes).ShouldBe([15, 20, 25]);
        node.Kept[0].Contacts.ShouldBe([other.Contact]);
    }

    [Fact]
    public void The_first_contacts_are_kept_after_five_minutes()
    {
        var node = new LoneNode(s_one);
        var (other, silent) = (node.Known(node.IdIn(0, "other")), node.Known(node.IdIn(1, "silent")));
        node.Machine.Table.Failed(new DhtPeer(silent.Contact, node.IdIn(1, "silent")), node.Now);
        node.RunTo(TimeSpan.FromMinutes(6));
        node.Kept.Single().At.ShouldBe(TimeSpan.FromMinutes(5));
        node.Kept[0].Contacts.ShouldBe([other.Contact], "who was silent last is not worth keeping");
    }

    [Fact]
    public void What_changes_is_kept_at_once_and_then_every_ten_seconds_at_most()
    {
        var node = new LoneNode(keepsChanges: true);
        var (first, second, third) = (node.OtherIn(0), node.OtherIn(1), node.OtherIn(2));
        node.RunTo(TimeSpan.FromSeconds(1));
        node.Do<DhtResult.Pinged>(new DhtOperation.Ping(first.Endpoint));
        node.RunTo(TimeSpan.FromSeconds(3));
        node.Do<DhtResult.Pinged>(new DhtOperation.Ping(second.Endpoint));
        node.RunTo(TimeSpan.FromSeconds(5));
        node.Do<DhtResult.Pinged>(new DhtOperation.Ping(third.Endpoint));
        node.RunTo(TimeSpan.FromSeconds(29));
        node.Kept.Select(kept => kept.At.TotalSeconds).ShouldBe([1, 11]);
        node.Kept[0].Contacts.ShouldBe([first.Contact]);
        node.Kept[1].Contacts.ShouldBe([first.Contact, second.Contact, third.Contact], ignoreOrder: true);
    }

    [Fact]
    public void Whoever_stops_keeps_what_it_knows()
    {
        var node = new LoneNode();
        var other = node.OtherIn(0);
        node.Do<DhtResult.Pinged>(new DhtOperation.Ping(other.Endpoint));
        node.Kept.Clear();
        node.Handle(new DhtInput.Stopping());
        node.Kept.Single().Contacts.ShouldBe([other.Contact]);
    }

    [Fact]
    public void Contacts_of_an_earlier_life_stay_kept_behind_those_of_now()
    {
        var node = new LoneNode();
        var (earlier, now) = (node.OtherIn(0, isSilent: true), node.OtherIn(1));
        node.Remember(earlier);
        node.Do<DhtResult.Pinged>(new DhtOperation.Ping(now.Endpoint));
        node.Kept.Clear();
        node.Handle(new DhtInput.Stopping());
        node.Kept.Single().Contacts.ShouldBe([now.Contact, earlier.Contact]);
    }

    [Fact]
    public void The_512_nearest_are_kept()
    {
        var node = new LoneNode();
        for (var bucket = 0; bucket < 27; bucket++)
        {
            for (var i = 0; i < 20; i++)
            {
                var key = TestKeys.Named($"{bucket} {i}");
                var peer = new DhtPeer(new DhtContact(key, TestNetwork.EndpointOf((100 * bucket) + i)), node.IdIn(bucket, $"{i}"));
                node.Machine.Table.Offer(peer, node.Now, out _).ShouldBe(RoutingOffer.Added);
            }
        }

        var nearest = node.Machine.Table.Entries().Select(entry => entry.Peer.Contact).ToList();
        nearest.Count.ShouldBe(540);
        node.RunTo(TimeSpan.FromMinutes(5));
        node.Kept.Single().Contacts.ShouldBe(nearest[..512]);
    }

    [Fact]
    public void A_slot_is_put_again_after_four_fifths_of_an_hour()
    {
        var node = new LoneNode(s_one);
        var other = node.Known(node.IdIn(0, "other"));
        Put(node, "t");
        node.RunTo(TimeSpan.FromHours(2.5));
        node.Asked(other, DatagramKind.Put).ShouldBe([0, 2_880, 5_760, 8_640]);
    }

    [Fact]
    public void Where_many_are_gone_a_slot_is_put_again_as_much_sooner()
    {
        // An eighth of four minutes is the first round.
        var node = new LoneNode(s_one with { RepublishEvery = TimeSpan.FromMinutes(4) });
        var other = node.Known(node.IdIn(0, "other"));
        node.Machine.Table.QuestionableAfter = TimeSpan.FromSeconds(75);
        Put(node, "t");
        node.RunTo(TimeSpan.FromSeconds(31));
        node.Asked(other, DatagramKind.Put).ShouldBe([0, 30]);
    }

    [Fact]
    public void So_many_slots_are_put_again_and_a_newer_one_of_the_same_writer_still_takes_the_place()
    {
        var node = new LoneNode(s_one);
        for (var i = 0; i < 257; i++)
        {
            Put(node, $"t{i}");
        }

        node.Stats.Published.ShouldBe(256);
        Put(node, "t0", sequence: 2);
        node.Known(node.IdIn(0, "other"));
        node.RunTo(TimeSpan.FromMinutes(50));
        var again = node.Queries.Where(sent => sent.Kind == DatagramKind.Put).Select(sent => sent.Query!.Slot).ToList();
        again.Count.ShouldBe(256);
        again.Single(slot => new Bytes32(slot.Target.Span) == TestKeys.Named("t0")).Sequence.ShouldBe(2UL);
        again.Select(slot => new Bytes32(slot.Target.Span)).ShouldNotContain(TestKeys.Named("t256"));
    }

    [Fact]
    public void A_slot_is_forgotten_in_the_second_in_which_it_expires()
    {
        var node = new LoneNode();
        Put(node, "t", expires: 60);
        Put(node, "u", expires: 61);
        node.RunTo(TimeSpan.FromSeconds(59));
        (node.Stats.Published, node.Stats.Slots, node.Counted(DhtInstruments.Evicted)).ShouldBe((2, 2, 0));
        node.RunTo(TimeSpan.FromSeconds(60));
        (node.Stats.Published, node.Stats.Slots, node.Counted(DhtInstruments.Evicted)).ShouldBe((1, 1, 1));
    }

    [Fact]
    public void The_wall_clock_goes_on_with_the_monotonic_one_between_two_readings()
    {
        var node = new LoneNode();
        node.Run(TimeSpan.FromHours(10) + TimeSpan.FromMilliseconds(15));
        node.Handle(new DhtInput.Bootstrap([]));
        node.Machine.UnixSeconds().ShouldBe(LoneNode.StartUnixSeconds + 36_000);
    }

    [Fact]
    public void Where_we_are_is_what_most_of_the_last_sixteen_said()
    {
        var node = new LoneNode(s_one);
        var (here, there, elsewhere) = (Endpoint.Parse("8.8.8.8:1"), Endpoint.Parse("8.8.8.9:1"), Endpoint.Parse("8.8.8.10:1"));
        var other = node.Other();
        Say(Endpoint.Parse("0.0.0.0:7"), 1);
        node.Stats.Observed.ShouldBeNull("nobody can be there");
        Say(here, 1);
        node.Stats.Observed.ShouldBe(here);
        Say(there, 8);
        node.Stats.Observed.ShouldBe(there);
        Say(here, 7);
        node.Stats.Observed.ShouldBe(here, "of two that were said as often the lower");
        Say(elsewhere, 1);
        node.Stats.Observed.ShouldBe(there, "the oldest no longer counts");

        void Say(Endpoint observed, int times)
        {
            var bytes = new byte[observed.Size];
            observed.Write(bytes);
            other.Answers = sent => sent.Kind != DatagramKind.Ping ? new DhtAnswer()
                : new DhtAnswer { Token = ByteString.CopyFrom(new byte[TokenIssuer.Size]), Observed = ByteString.CopyFrom(bytes) };
            for (var i = 0; i < times; i++)
            {
                node.Do<DhtResult.Pinged>(new DhtOperation.Ping(other.Endpoint));
            }
        }
    }

    private static void Put(LoneNode node, string target, ulong sequence = 1, long expires = 20 * 3600) =>
        node.Command(new DhtOperation.Put(TestSlots.Of(target, "writer", sequence, node.UnixSeconds + expires, 20), IsKeptUp: true));
}
