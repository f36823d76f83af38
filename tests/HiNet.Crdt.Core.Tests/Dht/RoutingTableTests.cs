using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Dht;

public sealed class RoutingTableTests
{
    private static readonly DhtId s_self = new(TestKeys.Named("self"));
    private static readonly DhtOptions s_options = new();

    private readonly RoutingTable _table = new(s_self, s_options);
    private Instant _now = new(1_000_000);
    private int _next;

    [Fact]
    public void A_full_bucket_keeps_its_old_contacts_and_newcomers_wait()
    {
        var peers = Fill(0);
        var newcomer = Peer(0);
        Offer(newcomer, out var questionable).ShouldBe(RoutingOffer.Reserved);
        questionable.ShouldBeNull("the oldest was heard of just now");
        _now += s_options.QuestionableAfter;
        Offer(Peer(0), out questionable).ShouldBe(RoutingOffer.Reserved);
        questionable!.Peer.ShouldBe(peers[0]);
        _table.Count.ShouldBe(s_options.BucketSize);
    }

    [Fact]
    public void A_contact_that_no_longer_answers_makes_room_for_the_latest_in_reserve()
    {
        var peers = Fill(0);
        var (first, second) = (Peer(0), Peer(0));
        Offer(first);
        Offer(second);
        for (var i = 1; i < s_options.MaxFailures; i++)
        {
            _table.Failed(peers[3], _now).ShouldBeFalse();
        }

        _table.Failed(peers[3], _now).ShouldBeTrue();
        _table.Entry(peers[3].Id).ShouldBeNull();
        _table.Entry(second.Id).ShouldNotBeNull();
        _table.Entry(first.Id).ShouldBeNull();
        _table.Count.ShouldBe(s_options.BucketSize);
    }

    [Fact]
    public void An_answer_forgives_what_was_not_answered_before()
    {
        var peer = Fill(0)[0];
        _table.Failed(peer, _now);
        Offer(peer).ShouldBe(RoutingOffer.Known);
        _table.Failed(peer, _now).ShouldBeFalse();
    }

    [Fact]
    public void Contacts_that_did_not_answer_last_are_not_told_to_others()
    {
        var peers = Fill(0);
        _table.Failed(peers[0], _now);
        _table.Closest(peers[0].Id, 20, isReliable: true).ShouldNotContain(peers[0]);
        _table.Closest(peers[0].Id, 20, isReliable: false)[0].ShouldBe(peers[0]);
    }

    [Fact]
    public void An_address_has_one_contact_whatever_keys_are_behind_it()
    {
        var first = Peer(0);
        Offer(first).ShouldBe(RoutingOffer.Added);
        Offer(Peer(3, first.Endpoint with { Port = 9 })).ShouldBe(RoutingOffer.Crowded);
    }

    [Fact]
    public void A_network_has_two_contacts_in_a_bucket_and_eight_in_the_table()
    {
        var taken = 0;
        for (var bucket = 0; bucket < 6; bucket++)
        {
            for (var i = 0; i < 3; i++)
            {
                var offer = Offer(Peer(bucket, Endpoint.FromIPv4(0x0808_0801 + (uint)((3 * bucket) + i), 1)));
                offer.ShouldBe(i < 2 && bucket < 4 ? RoutingOffer.Added : RoutingOffer.Crowded);
                taken += offer == RoutingOffer.Added ? 1 : 0;
            }
        }

        taken.ShouldBe(8);
    }

    [Fact]
    public void An_IPv6_network_is_its_first_48_bits()
    {
        Offer(Peer(0, Endpoint.Parse("[2001:db8:1:1::1]:1"))).ShouldBe(RoutingOffer.Added);
        Offer(Peer(0, Endpoint.Parse("[2001:db8:1:2::1]:1"))).ShouldBe(RoutingOffer.Added);
        Offer(Peer(0, Endpoint.Parse("[2001:db8:1:3::1]:1"))).ShouldBe(RoutingOffer.Crowded);
        Offer(Peer(0, Endpoint.Parse("[2001:db8:2:3::1]:1"))).ShouldBe(RoutingOffer.Added);
    }

    [Fact]
    public void Loopback_is_exempt()
    {
        for (var i = 0; i < s_options.BucketSize; i++)
        {
            Offer(Peer(0, Endpoint.FromIPv4(0x7F00_0001, (ushort)(1 + i)))).ShouldBe(RoutingOffer.Added);
        }
    }

    [Fact]
    public void A_contact_that_moved_is_believed_when_it_no_longer_answers_at_the_old_place()
    {
        var peer = Peer(0);
        Offer(peer);
        var moved = new DhtPeer(peer.Contact with { Endpoint = TestNetwork.EndpointOf(999) }, peer.Id);
        _table.Wants(moved).ShouldBeTrue();
        Offer(moved, out var questionable).ShouldBe(RoutingOffer.Known);
        questionable!.Peer.ShouldBe(peer, "the old place is asked");
        Offer(peer);
        _table.Failed(peer, _now);
        _table.Entry(peer.Id)!.Peer.ShouldBe(peer, "it had answered there, so a single loss does not move it");
        Offer(peer);
        Offer(moved);
        _table.Failed(peer, _now).ShouldBeFalse();
        _table.Entry(peer.Id)!.Peer.ShouldBe(moved);
        _table.Failed(peer, _now).ShouldBeFalse("what was asked at the old place says nothing of the new one");
        _table.Entry(peer.Id)!.Failures.ShouldBe(0);
    }

    [Fact]
    public void We_are_not_our_own_contact() => _table.Offer(new DhtPeer(default, s_self), _now, out _).ShouldBe(RoutingOffer.Refused);

    [Fact]
    public void The_closest_are_those_of_the_whole_table()
    {
        for (var i = 0; i < 400; i++)
        {
            Offer(Peer(-1));
        }

        for (var i = 0; i < 50; i++)
        {
            var target = new DhtId(TestKeys.Named($"target {i}"));
            var expected = _table.Entries().Select(entry => entry.Peer).OrderBy(peer => peer.Id, Comparer<DhtId>.Create(target.CompareDistances)).Take(20);
            _table.Closest(target, 20, isReliable: false).ShouldBe(expected);
        }
    }

    [Fact]
    public void A_bucket_without_lookups_is_due_after_an_hour()
    {
        Fill(2);
        _table.DueForRefresh(_now).ShouldBe(-1);
        _now += s_options.RefreshAfter;
        _table.DueForRefresh(_now).ShouldBe(2);
        _table.LookedUp(s_self.WithPrefix(2, default), _now);
        _table.DueForRefresh(_now).ShouldBe(-1);
    }

    [Fact]
    public void A_contact_that_moves_within_its_address_is_not_crowded_by_itself()
    {
        var peer = Peer(0);
        Offer(peer);
        var moved = Moved(peer, peer.Endpoint with { Port = 9 });
        _table.Wants(moved).ShouldBeTrue();
        Offer(moved).ShouldBe(RoutingOffer.Known);
        _table.Failed(peer, _now).ShouldBeFalse();
        _table.Entry(peer.Id)!.Peer.ShouldBe(moved);
    }

    [Fact]
    public void A_contact_cannot_move_to_where_another_is()
    {
        var (peer, other) = (Peer(0), Peer(1));
        Offer(peer);
        Offer(other);
        var moved = Moved(peer, other.Endpoint);
        _table.Wants(moved).ShouldBeFalse();
        Offer(moved, out var questionable).ShouldBe(RoutingOffer.Crowded);
        questionable.ShouldBeNull();
        _table.Failed(peer, _now).ShouldBeFalse();
        _table.Entry(peer.Id)!.Peer.ShouldBe(peer);
    }

    [Fact]
    public void A_contact_does_not_move_to_where_another_has_come_since()
    {
        var (peer, other) = (Peer(0), Peer(1));
        Offer(peer);
        Offer(Moved(peer, other.Endpoint)).ShouldBe(RoutingOffer.Known);
        Offer(other).ShouldBe(RoutingOffer.Added);
        _table.Failed(peer, _now).ShouldBeFalse();
        _table.Entry(peer.Id)!.Peer.ShouldBe(peer);
        _table.Entry(peer.Id)!.Failures.ShouldBe(1);
    }

    [Theory]
    [InlineData(false, 0, false)]
    [InlineData(true, 0, true)]
    [InlineData(false, -1, false)]
    [InlineData(false, 1, true)]
    public void A_contact_that_may_be_gone_moves_at_once(bool hasFailed, int sinceQuestionable, bool expected)
    {
        // 0 is a contact heard of just now, else what is one microsecond short of ten minutes, or ten minutes.
        var peer = Peer(0);
        Offer(peer);
        if (hasFailed)
        {
            _table.Failed(peer, _now);
        }

        _now += sinceQuestionable == 0 ? TimeSpan.Zero : s_options.QuestionableAfter - TimeSpan.FromMicroseconds(sinceQuestionable < 0 ? 1 : 0);
        var moved = Moved(peer, TestNetwork.EndpointOf(999));
        Offer(moved, out var questionable).ShouldBe(RoutingOffer.Known);
        _table.Entry(peer.Id)!.Peer.ShouldBe(expected ? moved : peer);
        (questionable is null).ShouldBe(expected);
        _table.Entry(peer.Id)!.LastSeen.ShouldBe(expected ? _now : new Instant(1_000_000));
    }

    [Fact]
    public void A_contact_that_is_being_asked_is_not_asked_twice()
    {
        var peers = Fill(0);
        _now += s_options.QuestionableAfter;
        _table.Entry(peers[0].Id)!.IsPinged = true;
        Offer(Peer(0), out var questionable).ShouldBe(RoutingOffer.Reserved);
        questionable.ShouldBeNull();
    }

    [Fact]
    public void Newcomers_are_wanted_while_there_is_room_or_a_quarter_of_the_reserve_is_free()
    {
        _table.Wants(new DhtPeer(Peer(0).Contact, s_self)).ShouldBeFalse("that is ourselves");
        var known = Peer(0);
        _table.Wants(known).ShouldBeTrue("nobody is there");
        Offer(known);
        _table.Wants(known).ShouldBeFalse();
        _table.Wants(Peer(0)).ShouldBeTrue();
        _table.Wants(Peer(0, known.Endpoint with { Port = 9 })).ShouldBeFalse("its address has a contact");
        for (var i = 1; i < s_options.BucketSize; i++)
        {
            Offer(Peer(0));
        }

        List<DhtPeer> reserved = [];
        for (var i = 0; i < 5; i++)
        {
            reserved.Add(Peer(0));
            _table.Wants(reserved[i]).ShouldBeTrue();
            Offer(reserved[i]).ShouldBe(RoutingOffer.Reserved);
            _table.Wants(reserved[i]).ShouldBeFalse("it waits already");
        }

        _table.Wants(Peer(0)).ShouldBeFalse();
        _table.Wants(Peer(1)).ShouldBeTrue("another bucket");
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(4, true)]
    public void A_full_bucket_of_few_wants_newcomers_if_there_is_a_quarter(int bucketSize, bool expected)
    {
        var table = new RoutingTable(s_self, new DhtOptions { BucketSize = bucketSize });
        for (var i = 0; i < bucketSize; i++)
        {
            table.Wants(Peer(0)).ShouldBeTrue();
            table.Offer(Peer(0), _now, out _).ShouldBe(RoutingOffer.Added);
        }

        table.Wants(Peer(0)).ShouldBe(expected);
    }

    [Fact]
    public void A_contact_is_heard_of_at_its_endpoint_only()
    {
        var (first, second) = (Peer(0), Peer(0));
        _table.Heard(first.Id, first.Endpoint, _now).ShouldBeFalse();
        Offer(first);
        Offer(second);
        _table.Failed(first, _now);
        var later = _now + TimeSpan.FromSeconds(5);
        _table.Heard(Peer(0).Id, first.Endpoint, later).ShouldBeFalse();
        _table.Heard(first.Id, second.Endpoint, later).ShouldBeFalse();
        _table.Entries().Select(entry => entry.LastSeen).ShouldBe([_now, _now]);
        _table.Heard(first.Id, first.Endpoint, later).ShouldBeTrue();
        _table.Entries().Select(entry => (entry.Peer, entry.LastSeen, entry.Failures)).ShouldBe([(second, _now, 0), (first, later, 0)]);
    }

    [Fact]
    public void One_in_reserve_that_does_not_answer_waits_no_more()
    {
        var peers = Fill(0);
        var (first, second) = (Peer(0), Peer(0));
        Offer(first);
        Offer(second);
        _table.Failed(second, _now).ShouldBeFalse("it was not in the table");
        Drop(peers[0]);
        _table.Entry(first.Id).ShouldNotBeNull();
        _table.Count.ShouldBe(s_options.BucketSize);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(601, 1)]
    public void Who_comes_in_from_reserve_is_the_first_to_be_asked(int seconds, int lastSeen)
    {
        _now = new Instant(seconds * 1_000_000L);
        var peers = Fill(0);
        var waiting = Peer(0);
        Offer(waiting);
        Drop(peers[5]);
        var first = _table.Entries().First();
        first.Peer.ShouldBe(waiting);
        first.LastSeen.ShouldBe(new Instant(lastSeen * 1_000_000L));
    }

    [Fact]
    public void The_reserve_holds_the_latest_each_once()
    {
        var table = new RoutingTable(s_self, new DhtOptions { BucketSize = 2, MaxFailures = 1 });
        List<DhtPeer> peers = [Peer(0), Peer(0), Peer(0), Peer(0), Peer(0)];
        peers.ForEach(peer => table.Offer(peer, _now, out _));
        table.Offer(peers[4], _now, out _).ShouldBe(RoutingOffer.Reserved);
        table.Failed(peers[0], _now).ShouldBeTrue();
        table.Entry(peers[4].Id).ShouldNotBeNull("it was seen last");
        table.Failed(peers[1], _now).ShouldBeTrue();
        table.Entry(peers[3].Id).ShouldNotBeNull();
        table.Failed(peers[4], _now).ShouldBeTrue();
        table.Count.ShouldBe(1, "there was room for two in reserve, and each was there once");
    }

    [Fact]
    public void The_bucket_that_was_looked_up_longest_ago_is_refreshed_first()
    {
        _now += TimeSpan.FromHours(2);
        foreach (var bucket in new[] { 0, 1, 2, 3 })
        {
            Offer(Peer(bucket));
            _table.DueForRefresh(_now).ShouldBe(-1, "a bucket that has just come into being is fresh");
        }

        _now += s_options.RefreshAfter;
        _table.DueForRefresh(_now).ShouldBe(0, "of those that wait as long the widest");
        LookUp(0);
        LookUp(1);
        _table.DueForRefresh(_now).ShouldBe(2);
        LookUp(2);
        _now += s_options.RefreshAfter;
        _table.DueForRefresh(_now).ShouldBe(3);
    }

    [Fact]
    public void Buckets_that_have_room_and_reach_beyond_the_neighbourhood_are_sparse()
    {
        var options = new DhtOptions { BucketSize = 3 };
        var table = new RoutingTable(s_self, options);
        foreach (var bucket in new[] { 6, 5, 3 })
        {
            table.Offer(Peer(bucket), _now, out _);
        }

        table.NextSparse(0).ShouldBe(-1, "the neighbourhood is all there is");
        List<DhtPeer> wide = [Peer(0), Peer(0)];
        wide.ForEach(peer => table.Offer(peer, _now, out _));
        table.NextSparse(0).ShouldBe(0);
        table.NextSparse(1).ShouldBe(1, "nobody is there");
        table.NextSparse(3).ShouldBe(3, "the third nearest stands there");
        table.NextSparse(4).ShouldBe(-1);
        table.Offer(Peer(0), _now, out _);
        table.NextSparse(0).ShouldBe(1, "the widest is full");
        table.Failed(table.Closest(s_self, 3, isReliable: false)[2], _now);
        table.NextSparse(3).ShouldBe(3, "who was silent once is still a neighbour");
    }

    [Fact]
    public void With_a_bucket_of_one_nobody_is_sparse_too()
    {
        var table = new RoutingTable(s_self, new DhtOptions { BucketSize = 1 });
        table.Offer(Peer(2), _now, out _);
        table.NextSparse(0).ShouldBe(-1);
        table.Offer(Peer(1), _now, out _);
        table.NextSparse(0).ShouldBe(0);
        table.NextSparse(1).ShouldBe(-1);
    }

    private static DhtPeer Moved(DhtPeer peer, Endpoint endpoint) => new(peer.Contact with { Endpoint = endpoint }, peer.Id);

    private void LookUp(int bucket) => _table.LookedUp(s_self.WithPrefix(bucket, default), _now);

    private void Drop(DhtPeer peer)
    {
        _table.Failed(peer, _now).ShouldBeFalse();
        _table.Failed(peer, _now).ShouldBeTrue();
    }

    private List<DhtPeer> Fill(int bucket)
    {
        List<DhtPeer> peers = [];
        for (var i = 0; i < s_options.BucketSize; i++)
        {
            peers.Add(Peer(bucket));
            Offer(peers[i]).ShouldBe(RoutingOffer.Added);
        }

        return peers;
    }

    private RoutingOffer Offer(DhtPeer peer) => Offer(peer, out _);

    private RoutingOffer Offer(DhtPeer peer, out RoutingEntry? questionable) => _table.Offer(peer, _now, out questionable);

    // Any bucket for -1.
    private DhtPeer Peer(int bucket, Endpoint? endpoint = null)
    {
        var key = TestKeys.Named($"peer {_next++}");
        var id = bucket < 0 ? new DhtId(key) : s_self.WithPrefix(bucket, new DhtId(key));
        return new DhtPeer(new DhtContact(key, endpoint ?? TestNetwork.EndpointOf(_next)), id);
    }
}
