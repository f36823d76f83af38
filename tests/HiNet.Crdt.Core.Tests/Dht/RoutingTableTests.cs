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
