using HiNet.Crdt.Core.Discovery;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Discovery;

public sealed class MdnsMachineTests
{
    private static readonly MdnsSecret s_shared = new(TestKeys.Named("conversation"), TestKeys.Named("shared secret"));
    private static readonly MdnsSecret s_alices = new(TestKeys.Named("alice's id for it"), TestKeys.Named("shared secret"));
    private static readonly MdnsSecret s_other = new(TestKeys.Named("another"), TestKeys.Named("another secret"));

    [Fact]
    public void Two_nodes_find_each_other_and_not_themselves()
    {
        var lan = new VirtualLan();
        var (alice, bob) = (lan.Add(1, 4455, s_alices), lan.Add(2, 4466, s_shared, s_other));
        lan.Run(3);
        alice.Found.Select(found => found.Instance).Distinct().ShouldBe([bob.Machine.Instance]);
        var found = alice.Knows(bob.Machine.Instance).ShouldNotBeNull();
        found.Port.ShouldBe((ushort)4466);
        found.Endpoints.ShouldBe([new MdnsEndpoint(bob.Address, 1)]);
        found.Secrets.ShouldBe([s_alices.Id]);
        bob.Knows(alice.Machine.Instance).ShouldNotBeNull().Secrets.ShouldBe([s_shared.Id]);
    }

    [Fact]
    public void A_stranger_is_found_without_secrets_and_sees_nothing_of_ours()
    {
        var lan = new VirtualLan();
        var (alice, eve) = (lan.Add(1, 4455, s_alices), lan.Add(3, 4477, s_other));
        lan.Run(3);
        alice.Knows(eve.Machine.Instance).ShouldNotBeNull().Secrets.ShouldBeEmpty();
        eve.Knows(alice.Machine.Instance).ShouldNotBeNull().Secrets.ShouldBeEmpty();
    }

    [Fact]
    public void Names_are_probed_for_three_times_and_then_announced_twice()
    {
        var lan = new VirtualLan();
        lan.Add(1);
        lan.Run(5);
        var probes = lan.Heard.Where(heard => heard.Message.Authorities.Count > 0).ToArray();
        probes.Length.ShouldBe(3);
        (probes[1].At - probes[0].At).ShouldBe(TimeSpan.FromMilliseconds(250));
        (probes[2].At - probes[1].At).ShouldBe(TimeSpan.FromMilliseconds(250));
        probes[0].Message.Authorities.ShouldAllBe(record => !record.Flushes);
        var announcements = lan.Heard.Where(heard => heard.Message.IsResponse).ToArray();
        announcements.Length.ShouldBe(2);
        (announcements[0].At - probes[2].At).ShouldBe(TimeSpan.FromMilliseconds(250));
        (announcements[1].At - announcements[0].At).ShouldBe(TimeSpan.FromSeconds(1));
        announcements[0].Message.Answers.Select(record => (record.Type, record.Flushes, record.Seconds)).ShouldBe(
        [
            (DnsType.Pointer, false, 4500u), (DnsType.Pointer, false, 4500u), (DnsType.Service, true, 120u), (DnsType.Text, true, 4500u), (DnsType.A, true, 120u),
        ]);
    }

    [Fact]
    public void Questions_grow_rarer_and_name_what_is_known()
    {
        var lan = new VirtualLan();
        var alice = lan.Add(1);
        lan.Add(2);
        lan.Run(70);
        var questions = lan.Heard
            .Where(heard => heard.From == alice.Address && heard.Message.Questions.Any(question => question.Type == DnsType.Pointer)).ToArray();
        questions.Length.ShouldBe(7);
        questions.Zip(questions.Skip(1), (first, second) => (second.At - first.At).TotalSeconds)
            .Zip([1.0, 2, 4, 8, 16, 32]).ShouldAllBe(pair => pair.First >= pair.Second && pair.First < pair.Second + 0.2);
        questions[^1].Message.Answers.Count.ShouldBe(1);
    }

    [Fact]
    public void A_goodbye_is_sent_on_stop_and_taken()
    {
        var lan = new VirtualLan();
        var (alice, bob) = (lan.Add(1), lan.Add(2));
        lan.Run(3);
        alice.Give(new MdnsInput.Stopped());
        alice.Machine.Deadline.ShouldBe(Instant.Never);
        lan.Run(0.5);
        bob.Lost.ShouldBeEmpty();
        lan.Run(1);
        bob.Lost.ShouldBe([alice.Machine.Instance]);
        alice.Effects.Clear();
        lan.Say(9, new DnsMessage { Questions = [new DnsQuestion(OwnService.Type, DnsType.Pointer)] });
        alice.Effects.ShouldBeEmpty();
    }

    [Fact]
    public void A_node_that_fell_silent_is_asked_for_and_then_lost()
    {
        var lan = new VirtualLan();
        var (alice, bob) = (lan.Add(1), lan.Add(2));
        lan.Run(3);
        alice.IsConnected = false;
        var before = lan.Heard.Count;
        lan.Run(119);
        bob.Lost.ShouldBe([alice.Machine.Instance]);
        lan.Heard.Skip(before).Count(heard => heard.Message.Questions.Any(question => question.Type == DnsType.Service)).ShouldBeInRange(4, 5);
        alice.IsConnected = true;
        lan.Run(4000);
        bob.Knows(alice.Machine.Instance).ShouldNotBeNull();
    }

    [Fact]
    public void What_is_still_there_is_refreshed_and_never_lost()
    {
        var lan = new VirtualLan();
        var (alice, bob) = (lan.Add(1), lan.Add(2));
        lan.Run(3 * 3600);
        alice.Lost.ShouldBeEmpty();
        bob.Lost.ShouldBeEmpty();
        bob.Found.Count().ShouldBe(1);
    }

    [Fact]
    public void A_new_nonce_shares_nothing_with_the_last_and_is_recognised()
    {
        var lan = new VirtualLan();
        var (alice, bob) = (lan.Add(1, 4455, s_alices), lan.Add(2, 4466, s_shared));
        lan.Run(12 * 60);
        var texts = lan.Heard.Where(heard => heard.From == alice.Address && heard.Message.IsResponse)
            .SelectMany(heard => heard.Message.Answers).Where(record => record.Type == DnsType.Text).Select(record => record.Data).Distinct().ToArray();
        texts.Length.ShouldBe(2);
        var secrets = new[] { s_shared };
        foreach (var text in texts.Cast<DnsData.Text>())
        {
            ServiceText.Recognise(TestKeys.Sodium, text.Bytes.Span, secrets).ShouldBe([s_shared.Id]);
        }

        bob.Found.Count().ShouldBe(1);
        bob.Knows(alice.Machine.Instance)!.Secrets.ShouldBe([s_shared.Id]);
    }

    [Fact]
    public void A_secret_that_comes_later_is_shown_and_recognised()
    {
        var lan = new VirtualLan();
        var (alice, bob) = (lan.Add(1), lan.Add(2, 4466, s_shared));
        lan.Run(5);
        alice.Give(new MdnsInput.SecretsChanged([s_alices]));
        alice.Knows(bob.Machine.Instance)!.Secrets.ShouldBe([s_alices.Id]);
        lan.Run(8);
        bob.Knows(alice.Machine.Instance)!.Secrets.ShouldBe([s_shared.Id]);
        alice.Give(new MdnsInput.SecretsChanged([]));
        lan.Run(8);
        bob.Knows(alice.Machine.Instance)!.Secrets.ShouldBeEmpty();
    }

    [Fact]
    public void More_secrets_than_tags_take_turns()
    {
        var lan = new VirtualLan();
        var many = Enumerable.Range(0, 30).Select(i => new MdnsSecret(TestKeys.Named($"id {i}"), TestKeys.Named($"secret {i}"))).ToArray();
        var (_, bob) = (lan.Add(1, 4455, many), lan.Add(2, 4466, many[29]));
        lan.Run(5);
        bob.Found.Single().Secrets.ShouldBeEmpty();
        lan.Run(12 * 60);
        bob.Found.Last().Secrets.ShouldBe([many[29].Id]);
    }

    [Fact]
    public void A_change_of_address_is_announced_and_replaces_the_old_one()
    {
        var lan = new VirtualLan();
        var (alice, bob) = (lan.Add(1), lan.Add(2));
        lan.Run(5);
        var name = alice.Machine.Instance;
        alice.Move(7);
        lan.Run(3);
        alice.Machine.Instance.ShouldBe(name);
        bob.Knows(name)!.Endpoints.ShouldBe([new MdnsEndpoint(LanNode.AddressOf(7), 1)]);
    }

    [Fact]
    public void A_node_that_comes_to_another_network_has_another_name_and_text()
    {
        var lan = new VirtualLan();
        var (alice, bob) = (lan.Add(1, 4455, s_alices), lan.Add(2, 4466, s_shared));
        lan.Run(5);
        var name = alice.Machine.Instance;
        alice.Give(new MdnsInput.LinksChanged([]));
        alice.Lost.ShouldBe([bob.Machine.Instance]);
        lan.Run(5);
        lan.Heard.Clear();
        alice.Give(new MdnsInput.LinksChanged([alice.Link]));
        lan.Run(5);
        alice.Machine.Instance.ShouldNotBe(name);
        bob.Knows(alice.Machine.Instance)!.Secrets.ShouldBe([s_shared.Id]);
        lan.Heard.SelectMany(heard => heard.Message.Answers.Concat(heard.Message.Authorities))
            .ShouldAllBe(record => !record.Name.FirstLabel.Equals(name, StringComparison.Ordinal));
    }

    [Fact]
    public void A_node_without_a_port_looks_and_is_not_seen()
    {
        var lan = new VirtualLan();
        var (alice, bob) = (lan.Add(1, 0), lan.Add(2));
        lan.Run(5);
        alice.Found.Count().ShouldBe(1);
        bob.Found.ShouldBeEmpty();
        lan.Heard.ShouldAllBe(heard => heard.From != alice.Address || !heard.Message.IsResponse);
    }

    [Fact]
    public void A_node_heard_on_two_links_is_found_once_and_lost_with_the_last()
    {
        var lan = new VirtualLan();
        var bob = lan.Add(2);
        lan.Run(3);
        var announcement = lan.Heard.First(heard => heard.Message.IsResponse).Message;
        var goodbye = announcement with { Answers = [.. announcement.Answers.Select(record => record with { Seconds = 0 })] };
        var watcher = new LanNode(new VirtualLan(), 1, 0, seed: 1);
        var (first, second) = (watcher.Link, watcher.Link with { Id = new MdnsLinkId(2, true) });
        watcher.Give(new MdnsInput.LinksChanged([first, second]));
        Say(first, announcement);
        Say(second, announcement);
        watcher.Found.Last().Endpoints.ShouldBe([new MdnsEndpoint(bob.Address, 1), new MdnsEndpoint(bob.Address, 2)]);
        watcher.Found.Select(found => found.Instance).Distinct().ShouldHaveSingleItem();
        Say(first, goodbye);
        watcher.Machine.HandleDeadline(new Instant(1_000_000) + TimeSpan.FromSeconds(1.1), watcher);
        watcher.Lost.ShouldBeEmpty();
        watcher.Knows(bob.Machine.Instance)!.Endpoints.ShouldBe([new MdnsEndpoint(bob.Address, 2)]);
        watcher.Give(new MdnsInput.LinksChanged([first]));
        watcher.Lost.ShouldBe([bob.Machine.Instance]);

        void Say(MdnsLink link, DnsMessage message) =>
            watcher.Give(new MdnsInput.DatagramReceived(link.Id, bob.Address, MdnsMachine.Port, message.Write()));
    }

    [Fact]
    public void The_first_probe_is_sent_after_up_to_250_milliseconds()
    {
        foreach (var (draw, milliseconds) in LinkBench.EndsOf(0, 250))
        {
            var lan = new VirtualLan();
            var start = lan.Now;
            lan.AddDrawing(draw, 1);
            lan.Run(0.4);
            (lan.Heard.First(heard => heard.Message.Authorities.Count > 0).At - start).ShouldBe(TimeSpan.FromMilliseconds(milliseconds));
        }
    }

    [Fact]
    public void A_text_lives_10_to_11_minutes()
    {
        foreach (var (draw, milliseconds) in LinkBench.EndsOf(0, 60_000))
        {
            var lan = new VirtualLan();
            var start = lan.Now;
            lan.AddDrawing(draw, 1);
            lan.Run(670);
            Texts(lan).Select(text => text.At - start).Skip(1).ShouldBe([TimeSpan.FromMilliseconds(600_000 + milliseconds)]);
        }
    }

    [Fact]
    public void Changed_secrets_are_shown_at_once_but_six_seconds_after_the_last_text_at_the_earliest()
    {
        var lan = new VirtualLan();
        var start = lan.Now;
        var alice = lan.AddDrawing(0, 1);
        Change(2, s_alices);
        Change(20, s_other);
        Change(21, s_alices, s_other);
        Change(40, s_alices, s_other);
        lan.Run(20);
        Texts(lan).Select(text => (text.At - start).TotalSeconds).ShouldBe([0.75, 6, 20, 26]);

        void Change(double at, params MdnsSecret[] secrets)
        {
            lan.Run(at - (lan.Now - start).TotalSeconds);
            alice.Give(new MdnsInput.SecretsChanged(secrets));
        }
    }

    [Fact]
    public void The_first_256_secrets_are_used()
    {
        var lan = new VirtualLan();
        var many = Many(257);
        var alice = lan.Add(1, 4455, many);
        lan.Run(5);
        foreach (var i in new[] { 0, 255, 256 })
        {
            var announcement = MdnsHostileTests.Announcement($"holds {i}", 4455, LanNode.AddressOf(9));
            var text = new DnsData.Text(ServiceText.Create(TestKeys.Sodium, [many[i]]));
            lan.Say(9, announcement with
            {
                Answers = [.. announcement.Answers.Select(record => record.Type == DnsType.Text ? record with { Data = text } : record)],
            });
        }

        alice.Knows("holds 0")!.Secrets.ShouldBe([many[0].Id]);
        alice.Knows("holds 255")!.Secrets.ShouldBe([many[255].Id]);
        alice.Knows("holds 256")!.Secrets.ShouldBeEmpty();
        alice.Give(new MdnsInput.SecretsChanged([.. many[..256], s_other]));
        lan.Run(10);
        Texts(lan).Count.ShouldBe(1, "the same secrets change nothing");
    }

    [Fact]
    public void Secrets_take_turns_in_their_order_and_begin_anew_when_they_change()
    {
        var lan = new VirtualLan();
        var many = Many(60);
        var alice = lan.AddDrawing(0, 1, 4455, many);
        lan.Run(1210);
        alice.Give(new MdnsInput.SecretsChanged([.. many, s_other]));
        lan.Run(10);
        Shown(lan, many).ShouldBe([Ids(many[..24]), Ids(many[24..48]), Ids([.. many[48..], .. many[..12]]), Ids(many[..24])]);
    }

    [Fact]
    public void No_turn_passes_while_there_is_no_link()
    {
        var lan = new VirtualLan();
        var many = Many(60);
        var alice = lan.AddDrawing(0, 1, 4455, many);
        lan.Run(5);
        alice.Give(new MdnsInput.LinksChanged([]));
        alice.Machine.Deadline.ShouldBe(Instant.Never);
        lan.Run(700);
        alice.HandleDeadline();
        alice.Give(new MdnsInput.LinksChanged([alice.Link]));
        lan.Run(5);
        Shown(lan, many).ShouldBe([Ids(many[..24]), Ids(many[24..48])]);
    }

    [Fact]
    public void The_first_sixteen_links_with_an_address_are_used()
    {
        var lan = new VirtualLan();
        var alice = new LanNode(lan, 1, 4455, seed: 1);
        lan.Nodes.Add(alice);
        alice.Give(new MdnsInput.LinksChanged(
            [.. Enumerable.Range(1, 17).Reverse().Select(i => LinkBench.LinkOf(i, $"192.0.2.{i}/24")), LinkBench.LinkOf(0)]));
        lan.Run(1);
        alice.Effects.OfType<MdnsEffect.Multicast>().Select(sent => sent.Link.Interface).Distinct().Order().ShouldBe(Enumerable.Range(1, 16));
    }

    [Fact]
    public void A_node_whose_first_network_is_long_in_coming_keeps_its_name()
    {
        var lan = new VirtualLan();
        var alice = new LanNode(lan, 1, 4455, seed: 1);
        var name = alice.Machine.Instance;
        alice.Give(new MdnsInput.LinksChanged([]));
        alice.Give(new MdnsInput.LinksChanged([alice.Link]));
        alice.Machine.Instance.ShouldBe(name);
    }

    [Fact]
    public void A_name_of_the_last_network_comes_back_as_nobody()
    {
        var lan = new VirtualLan();
        var alice = lan.Add(1);
        lan.Run(5);
        var announcement = lan.Heard.First(heard => heard.Message.IsResponse).Message;
        alice.Give(new MdnsInput.LinksChanged([]));
        alice.Give(new MdnsInput.LinksChanged([alice.Link]));
        lan.Run(5);
        lan.Say(9, announcement);
        lan.Run(5);
        alice.Found.ShouldBeEmpty();
    }

    [Fact]
    public void Neighbours_are_those_of_the_subnets_that_there_are_now()
    {
        var lan = new VirtualLan();
        var alice = lan.Add(1);
        lan.Run(5);
        alice.Give(new MdnsInput.LinksChanged([LinkBench.LinkOf(1, "198.51.100.1/24")]));
        alice.Effects.Clear();
        var neighbour = LinkBench.Address("198.51.100.9");
        Hear("there", neighbour);
        alice.Knows("there")!.Endpoints.ShouldBe([new MdnsEndpoint(neighbour, 1)]);
        Hear("gone", LanNode.AddressOf(9));
        alice.Counted("hinet.mdns.off_link").ShouldBe(1);
        alice.Knows("gone").ShouldBeNull();

        void Hear(string name, MdnsAddress address) => alice.Give(
            new MdnsInput.DatagramReceived(alice.Link.Id, address, MdnsMachine.Port, MdnsHostileTests.Announcement(name, 4455, address).Write()));
    }

    [Fact]
    public void What_a_deadline_brings_is_said_to_whoever_handles_it_and_nothing_after_the_stop()
    {
        var lan = new VirtualLan();
        var alice = new LanNode(lan, 1, 4455, seed: 1);
        var other = new LanNode(new VirtualLan(), 2, 4455, seed: 2);
        alice.Give(new MdnsInput.LinksChanged([alice.Link]));
        alice.Effects.Clear();
        alice.Machine.HandleDeadline(lan.Now + TimeSpan.FromSeconds(1), other);
        alice.Effects.ShouldBeEmpty();
        other.Effects.ShouldNotBeEmpty();
        alice.Give(new MdnsInput.Stopped());
        other.Effects.Clear();
        alice.Machine.HandleDeadline(lan.Now + TimeSpan.FromDays(1), other);
        other.Effects.ShouldBeEmpty();
    }

    private static MdnsSecret[] Many(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new MdnsSecret(TestKeys.Named($"id {i}"), TestKeys.Named($"secret {i}")))];

    private static Bytes32[] Ids(MdnsSecret[] secrets) => [.. secrets.Select(secret => secret.Id).Order()];

    /// <summary>Each text that was announced, with when it was first.</summary>
    private static List<(Instant At, DnsData.Text Text)> Texts(VirtualLan lan) =>
    [
        .. lan.Heard.Where(heard => heard.Message.IsResponse)
            .SelectMany(heard => heard.Message.Answers.Select(record => record.Data).OfType<DnsData.Text>().Select(text => (heard.At, text)))
            .DistinctBy(heard => heard.text),
    ];

    /// <summary>Which of these each text shows.</summary>
    private static IEnumerable<Bytes32[]> Shown(VirtualLan lan, MdnsSecret[] secrets) =>
        Texts(lan).Select(text => ServiceText.Recognise(TestKeys.Sodium, text.Text.Bytes.Span, secrets).ToArray());
}
