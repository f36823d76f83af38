using HiNet.Crdt.Core.Discovery;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Discovery;

public sealed class MdnsHostileTests
{
    private const int Station = 9;
    private readonly VirtualLan _lan = new();

    [Fact]
    public void Mutated_datagrams_never_throw_and_cost_bounded_work()
    {
        var (node, good) = (_lan.Add(1, 4455, Secrets()), _lan.Add(2));
        _lan.Run(5);
        byte[][] seeds = [.. _lan.Heard.Select(heard => heard.Message.Write()), Announcement("evil", 4455, LanNode.AddressOf(Station)).Write()];
        node.Effects.Clear();
        _lan.Nodes.Remove(good);
        var random = new Random(1);
        const int Datagrams = 30_000;
        for (var i = 0; i < Datagrams; i++)
        {
            var bytes = seeds[random.Next(seeds.Length)].ToArray();
            for (var flips = random.Next(1, 6); flips > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            _lan.SayBytes(random.Next(3, 250), bytes[..(random.Next(8) == 0 ? random.Next(bytes.Length) : bytes.Length)], random.Next(20) == 0 ? (ushort)40_000 : MdnsMachine.Port);
            if (i % 8 == 0)
            {
                _lan.Run(0.02);
            }
        }

        node.Counted("hinet.mdns.received").ShouldBeGreaterThanOrEqualTo(Datagrams);
        node.Counted("hinet.mdns.malformed").ShouldBeGreaterThan(1000);
        node.Counted("hinet.mdns.sent").ShouldBeLessThan(2_000, "75 seconds, at no more than some 20 answers and questions in each");
        node.Found.Select(found => found.Instance).Except(node.Lost).Count().ShouldBeLessThanOrEqualTo(LinkBrowser.MaximumInstances);
    }

    [Fact]
    public void A_flood_is_not_even_read()
    {
        var node = _lan.Add(1);
        _lan.Run(5);
        node.Effects.Clear();
        for (var i = 0; i < 10_000; i++)
        {
            _lan.SayBytes(Station, [1, 2, 3]);
        }

        node.Counted("hinet.mdns.received").ShouldBe(500);
        node.Counted("hinet.mdns.malformed").ShouldBe(500);
        node.Counted("hinet.mdns.dropped").ShouldBe(9_500);
        _lan.Run(1);
        _lan.SayBytes(Station, [1, 2, 3]);
        node.Counted("hinet.mdns.malformed").ShouldBe(501);
        _lan.Run(1);
        node.Effects.Clear();
        for (var i = 0; i < 500; i++)
        {
            _lan.SayBytes(Station, new byte[DnsMessage.MaximumLength]);
        }

        node.Counted("hinet.mdns.received").ShouldBe(500 / 9);
    }

    [Fact]
    public void One_station_fills_only_its_share_of_the_table()
    {
        var (node, friend) = (_lan.Add(1), _lan.Add(2));
        _lan.Run(5);
        for (var i = 0; i < 200; i++)
        {
            _lan.Say(Station, Announcement($"made up {i}", 4455, LanNode.AddressOf(Station)));
        }

        _lan.Run(5);
        node.Found.Count().ShouldBe(1 + LinkBrowser.MaximumTaught);
        node.Counted("hinet.mdns.refused").ShouldBe(200 - LinkBrowser.MaximumTaught);
        node.Knows(friend.Machine.Instance).ShouldNotBeNull();
        var third = _lan.Add(3);
        _lan.Run(5);
        node.Knows(third.Machine.Instance).ShouldNotBeNull();
    }

    [Fact]
    public void Names_without_a_service_behind_them_are_given_up()
    {
        var node = _lan.Add(1);
        _lan.Run(5);
        for (var i = 0; i < 100; i++)
        {
            _lan.Say(10 + i, new DnsMessage { IsResponse = true, Answers = [new DnsRecord(OwnService.Type, new DnsData.Pointer(OwnService.Type.Under($"ghost {i}")), 1)] });
        }

        node.Effects.Clear();
        _lan.Run(30);
        node.Found.ShouldBeEmpty();
        var sent = node.Counted("hinet.mdns.sent");
        sent.ShouldBeLessThan(100);
        _lan.Run(300);
        node.Counted("hinet.mdns.sent").ShouldBeLessThan(sent + 20);
    }

    [Fact]
    public void Times_to_live_that_do_not_fit_together_make_nothing_spin()
    {
        var node = _lan.Add(1);
        _lan.Run(5);
        var announcement = Announcement("short", 4455, LanNode.AddressOf(Station));
        foreach (var (service, address) in new[] { (10u, 11u), (12u, 14u), (11u, 60u), (60u, 10u), (1u, (uint)int.MaxValue) })
        {
            _lan.Say(Station, announcement with
            {
                Answers = [.. announcement.Answers.Select(record => record with
                {
                    Seconds = record.Type switch { DnsType.Service => service, DnsType.A => address, _ => record.Seconds },
                })],
            });
            _lan.Run(30);
        }

        node.Lost.Count().ShouldBe(5);
    }

    [Theory]
    [InlineData("08080808")]
    [InlineData("7f000001")]
    [InlineData("e0000001")]
    [InlineData("ffffffff")]
    [InlineData("00000000")]
    [InlineData("20010db8000000000000000000000001")]
    public void An_address_that_is_not_on_the_link_is_refused(string address)
    {
        var node = _lan.Add(1);
        _lan.Run(5);
        _lan.Say(Station, Announcement("liar", 4455, MdnsAddress.FromBytes(Convert.FromHexString(address))));
        _lan.Run(5);
        node.Found.ShouldBeEmpty();
        node.Counted("hinet.mdns.refused").ShouldBe(1);
    }

    [Fact]
    public void A_service_without_a_port_is_none()
    {
        var node = _lan.Add(1);
        _lan.Run(5);
        _lan.Say(Station, Announcement("liar", 0, LanNode.AddressOf(Station)));
        node.Counted("hinet.mdns.refused").ShouldBe(1);
        _lan.Run(5);
        node.Found.ShouldBeEmpty();
    }

    [Fact]
    public void What_does_not_come_from_the_link_is_not_read()
    {
        var node = _lan.Add(1);
        _lan.Run(5);
        node.Effects.Clear();
        var elsewhere = MdnsAddress.FromBytes([198, 51, 100, 7]);
        node.Give(new MdnsInput.DatagramReceived(node.Link.Id, elsewhere, MdnsMachine.Port, new DnsMessage { Questions = [new DnsQuestion(OwnService.Type, DnsType.Pointer)] }.Write()));
        node.Give(new MdnsInput.DatagramReceived(node.Link.Id, elsewhere, MdnsMachine.Port, Announcement("a", 4455, LanNode.AddressOf(Station)).Write()));
        node.Give(new MdnsInput.DatagramReceived(new MdnsLinkId(99, true), LanNode.AddressOf(Station), MdnsMachine.Port, new byte[12]));
        _lan.Run(1);
        node.Counted("hinet.mdns.off_link").ShouldBe(2);
        node.Found.ShouldBeEmpty();
        _lan.Heard.ShouldAllBe(heard => heard.From == node.Address);
    }

    [Fact]
    public void An_answer_from_another_port_is_refused()
    {
        var node = _lan.Add(1);
        _lan.Run(5);
        _lan.Say(Station, Announcement("a", 4455, LanNode.AddressOf(Station)), port: 5354);
        _lan.Run(1);
        node.Found.ShouldBeEmpty();
        node.Counted("hinet.mdns.malformed").ShouldBe(1);
    }

    [Fact]
    public void Tags_are_checked_so_often_and_no_more()
    {
        var node = _lan.Add(1, 4455, Secrets());
        _lan.Run(5);
        for (var i = 0; i < 200; i++)
        {
            _lan.Say(10 + (i % 100), Announcement($"made up {i}", 4455, LanNode.AddressOf(10 + (i % 100))));
        }

        node.Found.Count().ShouldBe(64);
        _lan.Run(4);
        node.Found.Count().ShouldBe(LinkBrowser.MaximumInstances);
    }

    [Fact]
    public void One_that_waits_for_its_tags_to_be_checked_waits_a_second_and_so_does_one_that_has_moved()
    {
        var node = _lan.Add(1, 4455, Secrets());
        _lan.Run(5);
        for (var i = 0; i < 65; i++)
        {
            _lan.Say(10 + i, Announcement($"made up {i}", 4455, LanNode.AddressOf(10 + i)));
        }

        node.Found.Count().ShouldBe(64);
        _lan.Say(10, Announcement("made up 0", 4466, LanNode.AddressOf(10)));
        _lan.Say(10, Announcement("made up 0", 4466, LanNode.AddressOf(200)));
        node.Knows("made up 64").ShouldBeNull();
        _lan.Run(0.999);
        node.Knows("made up 64").ShouldBeNull();
        node.Knows("made up 0")!.Port.ShouldBe((ushort)4455);
        _lan.Run(0.001);
        node.Knows("made up 64").ShouldNotBeNull();
        node.Knows("made up 0")!.Port.ShouldBe((ushort)4466);
        node.Knows("made up 0")!.Endpoints.Count.ShouldBe(2);
    }

    [Fact]
    public void A_node_without_secrets_checks_nothing_and_finds_all_at_once()
    {
        var node = _lan.Add(1);
        _lan.Run(5);
        for (var i = 0; i < 100; i++)
        {
            _lan.Say(10 + i, Announcement($"made up {i}", 4455, LanNode.AddressOf(10 + i)));
        }

        node.Found.Count().ShouldBe(100);
    }

    [Theory]
    [InlineData(1023, 500)]
    [InlineData(1024, 250)]
    public void Each_further_kibibyte_of_a_datagram_counts_as_one_more(int length, int received)
    {
        var node = _lan.Add(1);
        _lan.Run(5);
        node.Effects.Clear();
        for (var i = 0; i < 600; i++)
        {
            _lan.SayBytes(Station, new byte[length]);
        }

        node.Counted("hinet.mdns.received").ShouldBe(received);
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(1, 1, 0)]
    public void No_answer_goes_to_port_zero(ushort port, int answers, int offLink)
    {
        var node = _lan.Add(1);
        _lan.Run(5);
        _lan.Say(Station, new DnsMessage { Questions = [new DnsQuestion(OwnService.Type, DnsType.Pointer)] }, port);
        _lan.Unicasts.Count.ShouldBe(answers);
        node.Counted("hinet.mdns.off_link").ShouldBe(offLink);
    }

    [Fact]
    public void A_message_with_another_opcode_or_a_response_code_is_ignored()
    {
        var node = _lan.Add(1);
        _lan.Run(5);
        _lan.Heard.Clear();
        var query = new DnsMessage { Questions = [new DnsQuestion(OwnService.Type.Under(node.Machine.Instance), DnsType.Service)] }.Write();
        query[2] |= 0x08;
        _lan.SayBytes(Station, query);
        var announcement = Announcement("a", 4455, LanNode.AddressOf(Station)).Write();
        announcement[3] |= 0x03;
        _lan.SayBytes(Station, announcement);
        _lan.Run(1);
        _lan.Heard.ShouldAllBe(heard => !heard.Message.IsResponse);
        node.Found.ShouldBeEmpty();
        node.Counted("hinet.mdns.malformed").ShouldBe(0);
    }

    private static MdnsSecret[] Secrets() => [new MdnsSecret(TestKeys.Named("id"), TestKeys.Named("secret"))];

    internal static DnsMessage Announcement(string instance, ushort port, MdnsAddress address)
    {
        var (name, host) = (OwnService.Type.Under(instance), DnsName.Of("host of " + instance, "local"));
        return new DnsMessage
        {
            IsResponse = true,
            Answers =
            [
                new DnsRecord(OwnService.Type, new DnsData.Pointer(name), 4500),
                new DnsRecord(name, new DnsData.Service(0, 0, port, host), 120, true),
                new DnsRecord(name, new DnsData.Text("\u0003v=1"u8.ToArray()), 4500, true),
                new DnsRecord(host, new DnsData.Address(address), 120, true),
            ],
        };
    }

    [Fact]
    public void A_repeated_text_whose_port_changes_with_each_datagram_is_found_some_times_a_second()
    {
        var secret = new MdnsSecret(TestKeys.Named("id"), TestKeys.Named("secret"));
        var lan = new VirtualLan();
        var (node, friend) = (lan.Add(1, 4455, secret), lan.Add(2, 4466, secret));
        lan.Run(5);
        var text = lan.Heard.SelectMany(heard => heard.Message.Answers).Last(r => r.Data is DnsData.Text && r.Name.FirstLabel == friend.Machine.Instance).Data;
        lan.Nodes.Remove(friend);
        var host = DnsName.Of("h", "local");
        DnsName[] names = [.. Enumerable.Range(0, LinkBrowser.MaximumTaught).Select(i => OwnService.Type.Under("x" + i))];
        foreach (var name in names)
        {
            lan.Say(9, new DnsMessage
            {
                IsResponse = true,
                Answers =
                [
                    new DnsRecord(OwnService.Type, new DnsData.Pointer(name), 4500),
                    new DnsRecord(name, new DnsData.Service(0, 0, 1, host), 120, true),
                    new DnsRecord(name, text, 4500, true),
                    new DnsRecord(host, new DnsData.Address(LanNode.AddressOf(100)), 120),
                ],
            });
            lan.Run(0.05);
        }

        lan.Run(2);
        node.Effects.Clear();
        for (var i = 0; i < 100; i++)
        {
            lan.Say(9, new DnsMessage
            {
                IsResponse = true,
                Answers = [.. names.Select((name, k) => new DnsRecord(name, new DnsData.Service(0, 0, (ushort)(1_000 + (i * names.Length) + k), host), 120, true))],
            });
        }

        lan.Run(1);
        node.Found.Count().ShouldBeInRange(1, 128);
        lan.Run(3);
        node.Found.GroupBy(found => found.Instance).Select(found => found.Last().Port).ShouldAllBe(port => port >= 1_000 + (99 * names.Length));
    }
}
