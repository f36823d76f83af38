using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Dht;

/// <summary>When bootstraps and earlier contacts are asked, and what their answers set off.</summary>
public sealed class DhtNodeBootstrapTests
{
    // A silent one: twice as long each time, up to five minutes.
    private static readonly double[] s_tries = [0, 1, 3, 7, 15, 31, 63, 127, 255, 511, 811, 1_111];

    private readonly LoneNode _node = new();

    [Fact]
    public void A_silent_bootstrap_is_asked_ever_more_seldom_and_for_ever()
    {
        var silent = _node.Other(isSilent: true);
        _node.Bootstrap(silent, silent);
        _node.Run(TimeSpan.FromHours(1));
        _node.Asked(silent).ShouldBe([.. s_tries, 1_411, 1_711, 2_011, 2_311, 2_611, 2_911, 3_211, 3_511]);
        _node.Counted(DhtInstruments.BootstrapSilent).ShouldBe(20);
        _node.Counted(DhtInstruments.TimedOut).ShouldBe(20);
        _node.Machine.QueriesUnderWay.ShouldBe(0);
    }

    [Fact]
    public void An_earlier_contact_is_given_up_when_it_was_silent_twelve_times()
    {
        var (living, silent) = (_node.Other(), _node.Other(isSilent: true));
        _node.Remember(living, silent);
        _node.Run(TimeSpan.FromHours(2));
        _node.Asked(silent).ShouldBe(s_tries);
        _node.Counted(DhtInstruments.BootstrapSilent).ShouldBe(0, "it is no bootstrap");
    }

    [Fact]
    public void A_query_that_waits_for_its_answer_is_not_sent_again_meanwhile()
    {
        var node = new LoneNode(new DhtOptions { InitialTimeout = TimeSpan.FromSeconds(3) });
        var silent = node.Other(isSilent: true);
        node.Bootstrap(silent);
        node.Run(TimeSpan.FromSeconds(30));
        node.Asked(silent).ShouldBe([0, 3, 6, 10, 18]);
    }

    [Fact]
    public void While_the_table_is_full_bootstraps_are_asked_on_and_earlier_contacts_once()
    {
        var node = new LoneNode(new DhtOptions { BucketSize = 2 });
        var (bootstrap, earlier) = (node.Other(isSilent: true), node.Other(isSilent: true));
        node.Known(node.IdIn(0, "one"));
        node.Known(node.IdIn(1, "another"));
        node.Bootstrap(bootstrap);
        node.Remember(earlier);
        node.Run(TimeSpan.FromSeconds(20));
        node.Asked(bootstrap).ShouldBe(s_tries[..5]);
        node.Asked(earlier).ShouldBe([0]);
    }

    [Fact]
    public void Sixteen_bootstraps_count_and_one_that_nobody_can_have_is_none_of_them()
    {
        List<PlayedNode> others = [.. Enumerable.Range(0, 20).Select(_ => _node.Other(isSilent: true))];
        _node.Handle(new DhtInput.Bootstrap([Endpoint.Parse("0.0.0.0:1"), others[0].Endpoint, .. others.Select(other => other.Endpoint)]));
        _node.Run(TimeSpan.FromMinutes(10));
        _node.Queries.Select(sent => sent.To).Distinct().ShouldBe(others[..16].Select(other => other.Endpoint));
    }

    [Fact]
    public void Sixteen_are_asked_at_once_and_the_others_as_answers_come()
    {
        List<PlayedNode> others = [.. Enumerable.Range(0, 40).Select(_ => _node.Other(isSilent: true))];
        _node.Remember(others);
        _node.Sent.Count.ShouldBe(16);
        _node.Handle(_node.Answer(_node.Sent[3], others[3], new DhtAnswer()));
        _node.Sent.Count(sent => sent.Kind == DatagramKind.Ping).ShouldBe(17);
        _node.Run(TimeSpan.FromSeconds(4));
        _node.Queries.Where(sent => sent.Kind == DatagramKind.Ping).Select(sent => sent.To).Distinct().Count().ShouldBe(40);
    }

    [Fact]
    public void Of_earlier_contacts_512_are_taken_at_once_and_twice_as_many_in_all()
    {
        // Ourselves and an address that nobody can have take nobody's place.
        var wait = TimeSpan.FromMilliseconds(5);
        var node = new LoneNode(new DhtOptions { InitialTimeout = wait, MinTimeout = wait });
        List<PlayedNode> others = [.. Enumerable.Range(0, 1_210).Select(_ => node.Other(isSilent: true))];
        var first = others[..600].Select(other => other.Contact).ToList();
        first.InsertRange(0, [new DhtContact(node.Key, TestNetwork.EndpointOf(5_000)), first[0] with { Endpoint = Endpoint.Parse("224.0.0.1:5") }]);
        node.Handle(new DhtInput.ContactsKept(first));
        node.Remember(others[600..1_200]);
        node.Remember(others[1_200..]);
        node.Run(TimeSpan.FromSeconds(0.9));
        var asked = node.Queries.Select(sent => sent.To).ToHashSet();
        asked.SetEquals([.. Endpoints(0, 510), .. Endpoints(600, 512), .. Endpoints(1_200, 2)]).ShouldBeTrue();

        IEnumerable<Endpoint> Endpoints(int from, int count) => others.Skip(from).Take(count).Select(other => other.Endpoint);
    }

    [Fact]
    public void An_earlier_contact_that_is_named_again_while_it_is_asked_is_still_one()
    {
        var silent = _node.Other(isSilent: true);
        _node.Remember(silent);
        _node.Run(TimeSpan.FromSeconds(0.5));
        _node.Remember(silent);
        _node.RunTo(TimeSpan.FromSeconds(20));
        _node.Asked(silent).ShouldBe([0, 0.5, 1.5, 3.5, 7.5, 15.5]);
    }

    [Fact]
    public void An_earlier_contact_whose_key_is_none_is_not_asked_and_holds_up_nobody()
    {
        var good = _node.Other();
        List<DhtContact> contacts = [];
        for (var i = 0; contacts.Count < 20; i++)
        {
            var key = TestKeys.Named($"no key {i}");
            if (!PeerSecrets.TryDerive(TestKeys.Sodium, good.Keys, key, new byte[32]))
            {
                contacts.Add(new DhtContact(key, TestNetwork.EndpointOf(3_000 + i)));
            }
        }

        _node.Handle(new DhtInput.ContactsKept([.. contacts, good.Contact]));
        _node.Asked(good).ShouldBe([0]);
        _node.Counted(DhtInstruments.RefusedKey).ShouldBe(20);
        _node.Queries.ShouldAllBe(sent => sent.To == good.Endpoint);
    }

    [Fact]
    public void A_bootstrap_that_answers_and_finds_no_place_is_asked_ever_more_seldom_and_is_news_once()
    {
        // One bucket has room for one, and another has it. It is silent at first, so that its first answer is news; later silences are not.
        var node = new LoneNode(new DhtOptions { BucketSize = 1 });
        var bootstrap = node.OtherIn(0, isSilent: true);
        node.Known(node.IdIn(0, "has the place"));
        node.Bootstrap(bootstrap);
        node.Run(TimeSpan.FromSeconds(0.5));
        bootstrap.IsSilent = false;
        node.RunTo(TimeSpan.FromSeconds(5));
        node.Machine.Reunions.ShouldBe(1);
        bootstrap.IsSilent = true;
        node.RunTo(TimeSpan.FromSeconds(10));
        bootstrap.IsSilent = false;
        node.RunTo(TimeSpan.FromSeconds(600));
        node.Asked(bootstrap).ShouldBe(s_tries[..10]);
        node.Machine.Reunions.ShouldBe(1);
    }

    [Theory]
    [InlineData(true, 0, 0)]
    [InlineData(true, 1, 1)]
    [InlineData(false, 0, 0)]
    [InlineData(false, 1, 0)]
    [InlineData(false, 2, 1)]
    public void Who_answers_after_silence_is_reason_to_look_up_the_own_id(bool isBootstrap, int silences, int reunions)
    {
        // The table has room for one in each bucket and holds somebody, so that nothing else is reason to.
        var node = new LoneNode(new DhtOptions { BucketSize = 2 });
        node.Known(node.IdIn(3, "somebody"));
        var other = node.OtherIn(0, isSilent: true);
        if (silences == 0)
        {
            other.IsSilent = false;
        }

        if (isBootstrap)
        {
            node.Bootstrap(other);
        }
        else
        {
            node.Remember(other);
        }

        node.RunTo(TimeSpan.FromSeconds(silences == 2 ? 2.9 : 0.9));
        other.IsSilent = false;
        node.RunTo(TimeSpan.FromSeconds(29));
        node.Asked(other).ShouldBe(s_tries[..(silences + 1)]);
        node.Machine.Reunions.ShouldBe(reunions);
        node.LookedUp().Count.ShouldBe(reunions);
    }

    [Fact]
    public void Two_who_are_heard_of_again_are_reason_for_one_lookup()
    {
        List<PlayedNode> others = [_node.Other(isSilent: true), _node.Other(isSilent: true)];
        _node.Bootstrap(others);
        _node.Run(TimeSpan.FromSeconds(0.5));
        others.ForEach(other => other.IsSilent = false);
        _node.RunTo(TimeSpan.FromSeconds(29));
        _node.Machine.Reunions.ShouldBe(2);
        others.ShouldAllBe(other => _node.Queries.Count(sent => sent.To == other.Endpoint && sent.LooksUp(_node.Machine.Id)) == 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_contact_that_was_dropped_is_asked_again_at_once_and_its_answer_is_news_once(bool isBootstrap)
    {
        // The table is full all the time: who waits in reserve takes the place.
        var node = new LoneNode(new DhtOptions { BucketSize = 1 });
        var (lost, next) = (node.OtherIn(0), node.OtherIn(0));
        if (isBootstrap)
        {
            node.Bootstrap(lost);
        }
        else
        {
            node.Remember(lost);
        }

        node.Do<DhtResult.Pinged>(new DhtOperation.Ping(next.Endpoint));
        node.Machine.Table.Entry(lost.Peer.Id).ShouldNotBeNull();
        lost.IsSilent = true;

        // It is asked after ten minutes, and once more at the next round; its contacts were kept three times by then.
        node.RunTo(TimeSpan.FromSeconds(630.1));
        node.Asked(lost).ShouldBe([0, 600, 630]);
        lost.IsSilent = false;
        node.RunTo(TimeSpan.FromSeconds(631));
        node.Machine.Table.Entry(lost.Peer.Id).ShouldBeNull();
        node.Machine.Table.Entry(next.Peer.Id).ShouldNotBeNull();
        node.Counted(DhtInstruments.TableDropped).ShouldBe(1);
        node.LookedUp().ShouldBe([0, 630.2]);
        node.RunTo(TimeSpan.FromSeconds(700));

        // A bootstrap is among the contacts that are kept as well, and is asked on while it has no place.
        double[] further = isBootstrap ? [630.2, 631.2, 633.2, 637.2, 645.2, 661.2, 693.2] : [];
        node.Asked(lost).ShouldBe([0, 600, 630, 630.2, .. further]);
        node.Machine.Reunions.ShouldBe(isBootstrap ? 2 : 1);
    }

    [Fact]
    public void Garbage_counts_that_comes_from_a_bootstrap_while_it_is_asked()
    {
        var bootstrap = _node.Other(isSilent: true);
        _node.Bootstrap(bootstrap);
        Garbage(_node.Other().Endpoint);
        _node.Counted(DhtInstruments.BootstrapGarbage).ShouldBe(0);
        Garbage(bootstrap.Endpoint);
        _node.Counted(DhtInstruments.BootstrapGarbage).ShouldBe(1);
        _node.Run(TimeSpan.FromSeconds(20));
        Garbage(bootstrap.Endpoint);
        _node.Counted(DhtInstruments.BootstrapGarbage).ShouldBe(1);

        void Garbage(Endpoint from) => _node.Handle(new DhtInput.DatagramReceived(from, "HTTP/1.1 400 Bad Request"u8.ToArray()));
    }

    [Fact]
    public void A_query_of_ours_that_comes_back_shows_that_an_endpoint_is_our_own_and_an_answer_does_not()
    {
        var endpoint = TestNetwork.EndpointOf(9);
        _node.Handle(new DhtInput.Bootstrap([endpoint]));
        ComeBack(DatagramKind.PingAnswer);
        _node.Counted(DhtInstruments.BootstrapSelf).ShouldBe(0);
        _node.Run(TimeSpan.FromSeconds(1));
        _node.Queries.Count().ShouldBe(2, "it is asked on");
        ComeBack(DatagramKind.Ping);
        ComeBack(DatagramKind.Ping);
        _node.Counted(DhtInstruments.BootstrapSelf).ShouldBe(1);
        _node.Run(TimeSpan.FromMinutes(10));
        _node.Queries.Count().ShouldBe(2);
        _node.Counted(DhtInstruments.RefusedSelf).ShouldBe(3);

        void ComeBack(DatagramKind kind) => _node.Handle(new DhtInput.DatagramReceived(
            endpoint, Datagram.Write(TestKeys.Sodium, kind, _node.Sent[^1].Transaction, _node.Key, [], [])));
    }
}
