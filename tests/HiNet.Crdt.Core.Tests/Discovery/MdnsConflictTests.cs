using HiNet.Crdt.Core.Discovery;

namespace HiNet.Crdt.Core.Tests.Discovery;

public sealed class MdnsConflictTests
{
    private const int Station = 9;
    private readonly VirtualLan _lan = new();

    [Fact]
    public void A_name_that_is_taken_is_given_up_while_it_is_probed_for()
    {
        var node = _lan.Add(1);
        _lan.Run(0.3);
        var name = node.Machine.Instance;
        Claim(name);
        _lan.Run(3);
        node.Machine.Instance.ShouldNotBe(name);
        _lan.Heard.Where(heard => heard.Message.IsResponse).SelectMany(heard => heard.Message.Answers)
            .ShouldAllBe(record => record.Name.FirstLabel != name);
        _lan.Heard.Count(heard => IsProbe(heard.Message) && heard.Message.Questions[0].Name.FirstLabel == node.Machine.Instance).ShouldBe(3);
        node.Counted("hinet.mdns.conflicts").ShouldBe(1);
    }

    [Fact]
    public void A_name_in_use_is_probed_for_again_and_kept_when_nobody_insists()
    {
        var node = _lan.Add(1);
        _lan.Run(5);
        var name = node.Machine.Instance;
        _lan.Heard.Clear();
        Claim(name);
        _lan.Run(3);
        node.Machine.Instance.ShouldBe(name);
        _lan.Heard.Count(heard => heard.Message.Authorities.Count > 0).ShouldBe(3);
        _lan.Heard.Count(heard => heard.Message.IsResponse).ShouldBe(2);
    }

    [Fact]
    public void A_name_in_use_is_probed_for_again_after_up_to_250_milliseconds()
    {
        foreach (var (draw, milliseconds) in LinkBench.EndsOf(0, 250))
        {
            var lan = new VirtualLan();
            var node = lan.AddDrawing(draw, 1);
            lan.Run(5);
            lan.Heard.Clear();
            var claimed = lan.Now;
            lan.Say(Station, ClaimOf(node.Machine.Instance));
            lan.Run(0.4);
            (lan.Heard.First(heard => IsProbe(heard.Message)).At - claimed).ShouldBe(TimeSpan.FromMilliseconds(milliseconds));
        }
    }

    [Fact]
    public void After_fifteen_conflicts_in_ten_seconds_each_further_probing_waits_five()
    {
        var node = _lan.AddDrawing(0, 1);
        _lan.Run(20);
        var start = _lan.Now;
        _lan.Heard.Clear();
        for (var i = 0; i < 15; i++)
        {
            Claim(node.Machine.Instance);
        }

        _lan.Run(0.001);
        _lan.Heard.Single(heard => IsProbe(heard.Message)).At.ShouldBe(start);
        _lan.Heard.Clear();
        Claim(node.Machine.Instance);
        _lan.Run(4.999);
        _lan.Heard.ShouldNotContain(heard => IsProbe(heard.Message));
        _lan.Run(0.001);
        _lan.Heard.ShouldContain(heard => IsProbe(heard.Message));
        _lan.Run(4.999);
        _lan.Heard.Clear();
        Claim(node.Machine.Instance);
        _lan.Run(0.001);
        _lan.Heard.ShouldContain(heard => IsProbe(heard.Message));
    }

    [Fact]
    public void Whoever_gives_a_name_up_looks_for_its_new_owner_unless_that_is_the_rule_by_now()
    {
        var node = _lan.AddDrawing(0, 1);
        _lan.Run(20);
        for (var i = 0; i < 14; i++)
        {
            Claim(node.Machine.Instance);
        }

        _lan.Run(0.5);
        _lan.Heard.Clear();
        var claimed = _lan.Now;
        Claim(node.Machine.Instance);
        _lan.Run(0.2);
        (_lan.Heard.Single(heard => IsBrowse(heard.Message)).At - claimed).ShouldBe(TimeSpan.FromMilliseconds(20));
        _lan.Heard.Clear();
        Claim(node.Machine.Instance);
        _lan.Run(0.5);
        _lan.Heard.ShouldNotContain(heard => IsBrowse(heard.Message));
    }

    [Fact]
    public void A_name_that_is_given_up_on_one_link_is_taken_back_on_the_others()
    {
        var node = _lan.Add(1);
        _lan.Run(5);
        var name = OwnService.Type.Under(node.Machine.Instance);
        var other = new MdnsLink(new MdnsLinkId(2, false), [new MdnsSubnet(LanNode.AddressOf(77), 24)]);
        node.Give(new MdnsInput.LinksChanged([node.Link, other]));
        node.Effects.Clear();
        node.Give(new MdnsInput.DatagramReceived(other.Id, LanNode.AddressOf(Station), MdnsMachine.Port, ClaimOf(node.Machine.Instance).Write()));
        var goodbye = node.Effects.OfType<MdnsEffect.Multicast>().ShouldHaveSingleItem();
        goodbye.Link.ShouldBe(node.Link.Id);
        DnsMessage.Read(goodbye.Bytes.Span)!.Answers.ShouldBe([new DnsRecord(OwnService.Type, new DnsData.Pointer(name), 0)]);
        node.Effects.Clear();
        _lan.Run(0.25);
        node.Effects.OfType<MdnsEffect.Multicast>().Where(sent => IsProbe(DnsMessage.Read(sent.Bytes.Span)!)).Select(sent => sent.Link).Distinct()
            .ShouldBe([node.Link.Id, other.Id], ignoreOrder: true);
    }

    [Fact]
    public void An_address_that_the_node_had_is_anothers()
    {
        var node = _lan.Add(1);
        _lan.Run(5);
        node.Move(7);
        _lan.Run(5);
        var host = OwnService.Local.Under(node.Machine.Instance);
        _lan.Say(Station, new DnsMessage { IsResponse = true, Answers = [new DnsRecord(host, new DnsData.Address(LanNode.AddressOf(7)), 120)] });
        node.Counted("hinet.mdns.conflicts").ShouldBe(0);
        _lan.Say(Station, new DnsMessage { IsResponse = true, Answers = [new DnsRecord(host, new DnsData.Address(LanNode.AddressOf(1)), 120)] });
        node.Counted("hinet.mdns.conflicts").ShouldBe(1);
    }

    [Fact]
    public void A_name_in_use_is_given_up_when_the_other_defends_it()
    {
        var (node, watcher) = (_lan.Add(1), _lan.Add(2));
        _lan.Run(5);
        var name = node.Machine.Instance;
        Claim(name);
        _lan.Run(0.3);
        Claim(name);
        _lan.Run(5);
        node.Machine.Instance.ShouldNotBe(name);
        watcher.Knows(node.Machine.Instance).ShouldNotBeNull();
        node.Found.ShouldAllBe(found => found.Instance == watcher.Machine.Instance);
    }

    [Fact]
    public void Two_that_probe_for_one_name_at_once_part()
    {
        var (first, second) = (_lan.AddSeeded(1, seed: 5), _lan.AddSeeded(2, seed: 5, port: 4466));
        first.Machine.Instance.ShouldBe(second.Machine.Instance);
        _lan.Run(10);
        first.Machine.Instance.ShouldNotBe(second.Machine.Instance);
        first.Knows(second.Machine.Instance).ShouldNotBeNull().Port.ShouldBe((ushort)4466);
        second.Knows(first.Machine.Instance).ShouldNotBeNull().Port.ShouldBe((ushort)4455);
    }

    [Fact]
    public void A_goodbye_that_another_says_for_us_is_contradicted()
    {
        var (node, watcher) = (_lan.Add(1), _lan.Add(2));
        _lan.Run(5);
        _lan.Say(Station, new DnsMessage
        {
            IsResponse = true,
            Answers = [new DnsRecord(OwnService.Type, new DnsData.Pointer(OwnService.Type.Under(node.Machine.Instance)), 0)],
        });
        _lan.Run(60);
        watcher.Lost.ShouldBeEmpty();
        watcher.Knows(node.Machine.Instance).ShouldNotBeNull();
    }

    [Fact]
    public void Who_claims_every_name_costs_little()
    {
        var node = _lan.Add(1);
        for (var i = 0; i < 600; i++)
        {
            _lan.Run(0.1);
            Claim(node.Machine.Instance);
        }

        // Fifteen at once, then one each five seconds; three probes at most for each.
        node.Counted("hinet.mdns.sent").ShouldBeLessThan(250);
    }

    [Fact]
    public void The_same_node_on_two_interfaces_of_one_lan_does_not_contradict_itself()
    {
        var node = _lan.Add(1);
        var other = new MdnsLink(new MdnsLinkId(2, false), [new MdnsSubnet(LanNode.AddressOf(77), 24)]);
        node.Give(new MdnsInput.LinksChanged([node.Link, other]));
        var name = node.Machine.Instance;
        for (var i = 0; i < 200; i++)
        {
            var before = node.Effects.Count;
            _lan.Run(0.05);
            foreach (var sent in node.Effects.Skip(before).OfType<MdnsEffect.Multicast>().ToArray())
            {
                foreach (var link in new[] { node.Link, other })
                {
                    node.Give(new MdnsInput.DatagramReceived(link.Id, link.Subnets[0].Address, MdnsMachine.Port, sent.Bytes));
                }
            }
        }

        node.Machine.Instance.ShouldBe(name);
        node.Counted("hinet.mdns.conflicts").ShouldBe(0);
        node.Found.ShouldBeEmpty();
    }

    private static bool IsProbe(DnsMessage message) => message.Authorities.Count > 0;

    private static bool IsBrowse(DnsMessage message) => message.Questions.Any(question => question.Type == DnsType.Pointer);

    private static DnsMessage ClaimOf(string name) => new()
    {
        IsResponse = true,
        Answers = [new DnsRecord(OwnService.Type.Under(name), new DnsData.Service(0, 0, 1, DnsName.Of("thief", "local")), 120, true)],
    };

    private void Claim(string name) => _lan.Say(Station, ClaimOf(name));
}
