using HiNet.Crdt.Core.Discovery;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Tests.Discovery;

/// <summary>Probing, announcing, defending. <see cref="LinkResponderAnswerTests"/> has the answers.</summary>
public sealed class LinkResponderTests
{
    private const ushort AnyType = 255;

    private static readonly MdnsAddress s_greater = LinkBench.Address("203.0.113.1");

    [Fact]
    public void A_probe_asks_for_any_record_of_both_names_and_brings_its_own()
    {
        var bench = Probing();
        var probe = bench.Messages.ShouldHaveSingleItem();
        probe.Questions.ShouldBe([new DnsQuestion(bench.Own.Instance, AnyType), new DnsQuestion(bench.Own.Host, AnyType)]);
        probe.Authorities.Select(record => (record.Name, record.Type)).ShouldBe(
            [(bench.Own.Instance, DnsType.Service), (bench.Own.Instance, DnsType.Text), (bench.Own.Host, DnsType.A)]);
        bench.Run(5);
        bench.Messages.Select(message => message.IsResponse).ShouldBe([false, false, false, true, true]);
        bench.Counted("hinet.mdns.sent").ShouldBe(5);
        bench.Responder.Deadline.ShouldBe(Instant.Never);
    }

    [Fact]
    public void Of_two_that_probe_for_one_name_who_comes_first_waits_a_second()
    {
        Waits(_ => [Text(0xff)]).ShouldBeTrue("a greater text");
        Waits(_ => [Text(0x00)]).ShouldBeFalse("a lesser text");
        Waits(_ => [Service(1)]).ShouldBeTrue("a service, whose type is behind that of our text");
        Waits(own => [OwnText(own), Service(ushort.MaxValue)]).ShouldBeTrue("the same text and a greater service");
        Waits(own => [OwnText(own), Service(1)]).ShouldBeFalse("the same text and a lesser service");
        Waits(_ => [Service(ushort.MaxValue), Text(0x02)]).ShouldBeFalse("text comes before service, wherever it stands");
        Waits(_ => [Service(1), Text(0xff)]).ShouldBeTrue("text comes before service, wherever it stands");
        Waits(own => [OwnText(own), OwnServiceOf(own), new DnsData.NextSecure(DnsName.Of("b"), [])]).ShouldBeTrue("all that is ours and more");
        Waits(own => [OwnText(own), OwnServiceOf(own)]).ShouldBeFalse("what is ours");
        Waits(_ => [new DnsData.Address(s_greater)], isHost: true).ShouldBeTrue("a greater address");
        Waits(_ => [new DnsData.Address(LinkBench.Address("10.0.0.1"))], isHost: true).ShouldBeFalse("a lesser address");

        // Our text begins with the length of its first string, 3.
        static DnsData Text(byte first) => new DnsData.Text(new[] { first });

        static DnsData Service(ushort port) => new DnsData.Service(0, 0, port, DnsName.Of("other", "local"));

        static DnsData OwnText(OwnService own) => new DnsData.Text(own.Text);

        static DnsData OwnServiceOf(OwnService own) => new DnsData.Service(0, 0, own.Port, own.Host);
    }

    [Fact]
    public void Who_waits_begins_to_probe_anew()
    {
        var bench = Probing();
        bench.Run(0.3);
        bench.Forget();
        var start = bench.Now;
        bench.Ask(new DnsMessage { Authorities = [new DnsRecord(bench.Own.Host, new DnsData.Address(s_greater), 120)] });
        bench.Counted("hinet.mdns.conflicts").ShouldBe(1);
        bench.Run(5);
        bench.Sent.Select(sent => (sent.At - start).TotalSeconds).ShouldBe([1, 1.25, 1.5, 1.75, 2.75]);
    }

    [Fact]
    public void Who_has_a_name_waits_for_nobody()
    {
        var bench = LinkBench.Announced();
        bench.Ask(new DnsMessage
        {
            Questions = [new DnsQuestion(bench.Own.Host, AnyType)],
            Authorities = [new DnsRecord(bench.Own.Host, new DnsData.Address(s_greater), 120)],
        });
        bench.Counted("hinet.mdns.conflicts").ShouldBe(0);
        bench.Messages.ShouldHaveSingleItem().Answers.ShouldHaveSingleItem().Type.ShouldBe(DnsType.A);
    }

    [Fact]
    public void Whoever_probes_answers_nothing_that_was_asked_before()
    {
        var bench = LinkBench.Announced();
        bench.Ask(OwnService.Type, DnsType.Pointer);
        bench.Responder.Probe(bench.Now, TimeSpan.Zero);
        bench.Run(0.7);
        bench.Messages.ShouldAllBe(message => !message.IsResponse);
        bench.Sent.Count.ShouldBe(3);
        bench.Run(5);
        bench.Messages.Count(message => message.IsResponse).ShouldBe(2);
    }

    [Fact]
    public void What_was_said_before_probing_may_be_said_at_once_after_it()
    {
        var bench = LinkBench.Announced();
        bench.Ask(bench.Own.Host, DnsType.Aaaa);
        bench.Responder.Probe(bench.Now, TimeSpan.Zero);
        bench.Run(0.8);
        bench.Forget();
        bench.Ask(bench.Own.Host, DnsType.Aaaa);
        bench.Messages.ShouldHaveSingleItem().Answers.ShouldHaveSingleItem().Type.ShouldBe(DnsType.NextSecure);
    }

    [Theory]
    [InlineData(0.4, 1.0)]
    [InlineData(1.0, 1.0)]
    [InlineData(3.0, 3.0)]
    public void An_announcement_waits_until_all_of_it_was_last_said_a_second_ago(double wanted, double first)
    {
        var bench = LinkBench.Announced();
        bench.Ask(bench.Own.Instance, DnsType.Service);
        bench.Forget();
        var start = bench.Now;
        bench.Run(wanted);
        bench.Responder.Announce(bench.Now);
        bench.Run(5);
        bench.Sent.Select(sent => (sent.At - start).TotalSeconds).ShouldBe([first, first + 1]);
    }

    [Fact]
    public void The_first_eight_addresses_of_a_link_are_announced_each_once()
    {
        string[] subnets = [.. Enumerable.Range(1, 10).Select(i => $"192.0.2.{i}/24")];
        var bench = new LinkBench(["192.0.2.1/16", .. subnets]);
        bench.Responder.Probe(bench.Now, TimeSpan.Zero);
        bench.Run(1);
        bench.Messages.First(message => message.IsResponse).Answers.Select(record => record.Data).OfType<DnsData.Address>().Select(address => address.Value)
            .ShouldBe(Enumerable.Range(1, 8).Select(i => LinkBench.Address($"192.0.2.{i}")));
    }

    [Fact]
    public void New_addresses_are_announced_and_the_same_ones_are_not()
    {
        var bench = LinkBench.Announced();
        bench.Responder.SetAddresses(bench.Link, bench.Now);
        bench.Run(5);
        bench.Sent.ShouldBeEmpty();
        bench.Responder.SetAddresses(LinkBench.LinkOf(1, "192.0.2.7/24"), bench.Now);
        bench.Run(5);
        bench.Sent.Count.ShouldBe(2);
        bench.Messages.SelectMany(message => message.Answers).Select(record => record.Data).OfType<DnsData.Address>().Distinct()
            .ShouldBe([new DnsData.Address(LinkBench.Address("192.0.2.7"))]);
    }

    [Fact]
    public void Another_record_under_a_name_in_use_contradicts_only_one_of_its_types()
    {
        var bench = LinkBench.Announced();
        IsContradicted(bench, bench.Own.Instance, new DnsData.Service(0, 0, 1, bench.Own.Host)).ShouldBeTrue();
        IsContradicted(bench, bench.Own.Instance, new DnsData.Service(0, 0, 1, bench.Own.Host), seconds: 1).ShouldBeTrue();
        IsContradicted(bench, bench.Own.Instance, new DnsData.Service(0, 0, 1, bench.Own.Host), seconds: 0).ShouldBeFalse();
        IsContradicted(bench, bench.Own.Instance, new DnsData.Text(new byte[1])).ShouldBeTrue();
        IsContradicted(bench, bench.Own.Instance, new DnsData.Address(s_greater)).ShouldBeFalse();
        IsContradicted(bench, bench.Own.Host, new DnsData.Address(s_greater)).ShouldBeTrue();
        IsContradicted(bench, bench.Own.Host, new DnsData.Address(LinkBench.Address("2001:db8::1"))).ShouldBeTrue();
        IsContradicted(bench, bench.Own.Host, new DnsData.Text(new byte[1])).ShouldBeFalse();
        IsContradicted(bench, OwnService.Type.Under("other"), new DnsData.Text(new byte[1])).ShouldBeFalse();
    }

    [Fact]
    public void Any_record_of_another_contradicts_a_name_that_is_probed_for_but_its_goodbye_and_a_list_of_types()
    {
        var bench = Probing();
        IsContradicted(bench, bench.Own.Host, new DnsData.Text(new byte[1])).ShouldBeTrue();
        IsContradicted(bench, bench.Own.Host, new DnsData.Text(new byte[1]), seconds: 0).ShouldBeFalse();
        IsContradicted(bench, bench.Own.Host, new DnsData.NextSecure(DnsName.Of("other"), [DnsType.A])).ShouldBeFalse();
    }

    [Fact]
    public void Nobody_contradicts_a_node_that_does_not_show_itself()
    {
        var bench = new LinkBench(0);
        bench.Responder.Probe(bench.Now, TimeSpan.Zero);
        IsContradicted(bench, bench.Own.Instance, new DnsData.Text(new byte[1])).ShouldBeFalse();
        bench.Responder.Deadline.ShouldBe(Instant.Never);
    }

    [Theory]
    [InlineData(DnsType.Pointer, 2250u, false)]
    [InlineData(DnsType.Pointer, 2249u, true)]
    [InlineData(DnsType.Text, 2250u, false)]
    [InlineData(DnsType.Text, 2249u, true)]
    [InlineData(DnsType.Service, 60u, false)]
    [InlineData(DnsType.Service, 59u, true)]
    [InlineData(DnsType.A, 60u, false)]
    [InlineData(DnsType.A, 59u, true)]
    public void Our_own_record_with_less_than_half_of_its_time_is_announced_again(ushort type, uint seconds, bool isAnnounced)
    {
        var bench = LinkBench.Announced();
        Echo(bench, type, seconds);
        bench.Run(5);
        bench.Sent.Count.ShouldBe(isAnnounced ? 2 : 0);
    }

    [Fact]
    public void A_record_of_an_announcement_under_way_begins_no_other()
    {
        var bench = Probing();
        bench.Run(1);
        bench.Messages.Count(message => message.IsResponse).ShouldBe(1);
        Echo(bench, DnsType.Text, 1);
        bench.Run(5);
        bench.Messages.Count(message => message.IsResponse).ShouldBe(2);
    }

    [Theory]
    [InlineData(2250u, false)]
    [InlineData(2249u, true)]
    public void What_another_says_with_half_of_its_time_left_spares_us_the_same(uint seconds, bool isSaid)
    {
        var bench = LinkBench.Announced();
        bench.Ask(OwnService.MetaType, DnsType.Pointer);
        EchoMeta(bench, seconds);
        (bench.Responder.Deadline != Instant.Never).ShouldBe(isSaid);
        bench.Run(1);
        bench.Sent.Count.ShouldBe(isSaid ? 1 : 0);
    }

    [Fact]
    public void What_another_says_spares_us_nothing_else_and_no_answer_to_one_asker()
    {
        var bench = LinkBench.Announced();
        bench.Ask(OwnService.Type, DnsType.Pointer);
        bench.Ask(new DnsMessage { Questions = [new DnsQuestion(OwnService.MetaType, DnsType.Pointer, WantsUnicast: true)] });
        EchoMeta(bench, 4500);
        bench.Run(1);
        bench.Messages.ShouldHaveSingleItem().Answers.ShouldHaveSingleItem().Name.ShouldBe(OwnService.Type);
        bench.Unicasts.ShouldHaveSingleItem().Message.Answers.ShouldHaveSingleItem().Name.ShouldBe(OwnService.MetaType);
    }

    private static LinkBench Probing()
    {
        var bench = new LinkBench();
        bench.Responder.Probe(bench.Now, TimeSpan.Zero);
        bench.Run(0);
        return bench;
    }

    private static bool Waits(Func<OwnService, DnsData[]> theirs, bool isHost = false)
    {
        var bench = Probing();
        var name = isHost ? bench.Own.Host : bench.Own.Instance;
        var next = bench.Responder.Deadline;
        bench.Ask(new DnsMessage { Authorities = [.. theirs(bench.Own).Select(data => new DnsRecord(name, data, 120))] });
        var waits = bench.Counted("hinet.mdns.conflicts") == 1;
        bench.Responder.Deadline.ShouldBe(waits ? bench.Now + TimeSpan.FromSeconds(1) : next);
        return waits;
    }

    private static bool IsContradicted(LinkBench bench, DnsName name, DnsData data, uint seconds = 120) =>
        bench.Responder.IsContradictedBy(new DnsMessage { IsResponse = true, Answers = [new DnsRecord(name, data, seconds)] }, bench.Now);

    private static void Echo(LinkBench bench, ushort type, uint seconds)
    {
        var record = bench.Own.Build(OwnRecords.Withdrawn, [.. bench.Own.Addresses]).Single(record => record.Type == type);
        IsContradicted(bench, record.Name, record.Data, seconds).ShouldBeFalse();
    }

    private static void EchoMeta(LinkBench bench, uint seconds) =>
        IsContradicted(bench, OwnService.MetaType, new DnsData.Pointer(OwnService.Type), seconds).ShouldBeFalse();
}
