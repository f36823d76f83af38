using HiNet.Crdt.Core.Discovery;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Tests.Discovery;

public sealed class LinkBrowserTests
{
    private static readonly DnsQuestion s_browse = new(OwnService.Type, DnsType.Pointer);
    private static readonly DnsName s_name = OwnService.Type.Under("a");
    private static readonly DnsName s_host = DnsName.Of("host of a", "local");
    private static readonly MdnsAddress s_address = LinkBench.Address("192.0.2.9");
    private readonly LinkBench _bench = new();
    private readonly Instant _start;

    public LinkBrowserTests() => _start = _bench.Now;

    private IEnumerable<double> Times => _bench.Sent.Select(sent => (sent.At - _start).TotalSeconds);

    private IReadOnlyDictionary<DnsName, ServiceInstance> Instances => _bench.Browser.Instances;

    [Fact]
    public void The_first_question_is_asked_after_20_to_120_milliseconds()
    {
        foreach (var (draw, milliseconds) in LinkBench.EndsOf(20, 120))
        {
            _bench.Drawn = draw;
            _bench.Browser.Browse(_bench.Now);
            _bench.Browser.Deadline.ShouldBe(_bench.Now + TimeSpan.FromMilliseconds(milliseconds));
        }
    }

    [Fact]
    public void Further_questions_are_up_to_100_milliseconds_late()
    {
        foreach (var (draw, milliseconds) in LinkBench.EndsOf(0, 100))
        {
            _bench.Forget();
            _bench.Drawn = draw;
            _bench.Browser.Browse(_bench.Now);
            _bench.Run(1.5);
            (_bench.Sent[1].At - _bench.Sent[0].At).ShouldBe(TimeSpan.FromMilliseconds(1000 + milliseconds));
        }
    }

    [Fact]
    public void The_question_is_asked_half_as_often_each_time_and_once_an_hour_at_least()
    {
        _bench.Browser.Browse(_bench.Now);
        _bench.Run(16_000);
        var times = Times.ToArray();
        times.Zip(times.Skip(1), (first, second) => second - first)
            .ShouldBe([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600, 3600, 3600], 0.0001);
        _bench.Messages.ShouldAllBe(message => message.Questions.Single() == s_browse && message.Answers.Count == 0);
        _bench.Counted("hinet.mdns.sent").ShouldBe(times.Length);
    }

    [Fact]
    public void What_sixteen_questions_leave_is_asked_200_milliseconds_later()
    {
        for (var i = 0; i < 8; i++)
        {
            Hear(Pointer(OwnService.Type.Under($"{i}")));
        }

        _bench.Browser.Browse(_bench.Now);
        _bench.Run(0.02);
        var first = _bench.Messages.ShouldHaveSingleItem();
        first.Questions.Count.ShouldBe(16);
        first.Questions[0].ShouldBe(s_browse);
        first.Answers.Count.ShouldBe(8, "a message that asks for the type says what is known, whatever else it asks for");
        _bench.Browser.Deadline.ShouldBe(_bench.Now + TimeSpan.FromMilliseconds(200));
        _bench.Browser.HandleDeadline(_bench.Now + TimeSpan.FromMilliseconds(199));
        _bench.Sent.Count.ShouldBe(1);
        _bench.Run(0.9);
        Times.ShouldBe([0.02, 0.22]);
        _bench.Messages.Last().Questions.ShouldHaveSingleItem().ShouldBe(new DnsQuestion(OwnService.Type.Under("7"), DnsType.Text));
        _bench.Messages.Last().Answers.ShouldBeEmpty();
    }

    [Fact]
    public void More_known_answers_than_fit_follow_in_messages_without_a_question()
    {
        for (var i = 0; i < 57; i++)
        {
            _bench.Hear(MdnsHostileTests.Announcement($"{i}", 4455, s_address), $"192.0.2.{10 + (i % 2)}");
        }

        _bench.Browser.Browse(_bench.Now);
        _bench.Run(0.02);
        _bench.Messages.Select(message => (message.Questions.Count, message.Answers.Count, message.IsTruncated))
            .ShouldBe([(1, 24, true), (0, 32, true), (0, 1, false)]);
        _bench.Messages.SelectMany(message => message.Answers).Select(record => record.Data).ShouldBe(Instances.Keys.Select(name => new DnsData.Pointer(name)));
        _bench.Counted("hinet.mdns.sent").ShouldBe(3);
    }

    [Theory]
    [InlineData(499.9, 500u)]
    [InlineData(500, 0u)]
    [InlineData(700, 0u)]
    public void What_is_known_is_said_while_half_of_its_time_is_left(double after, uint seconds)
    {
        Resolve(pointer: 1000);
        _bench.Run(after - 0.02);
        _bench.Browser.Browse(_bench.Now);
        _bench.Run(0.02);
        var answers = _bench.Messages.Single().Answers;
        answers.Select(record => record.Seconds).ShouldBe(seconds > 0 ? [seconds] : []);
    }

    [Fact]
    public void An_own_question_is_known_again_once_and_for_100_milliseconds()
    {
        var query = Asked();
        _bench.Browser.IsEcho(query, _bench.Now).ShouldBeTrue();
        _bench.Browser.IsEcho(query, _bench.Now).ShouldBeFalse();
        query = Asked();
        _bench.Browser.IsEcho([.. query[..^1], 9], _bench.Now).ShouldBeFalse();
        _bench.Browser.IsEcho(query, _bench.Now + TimeSpan.FromMilliseconds(100)).ShouldBeTrue();
        query = Asked();
        _bench.Browser.IsEcho(query, _bench.Now + TimeSpan.FromMilliseconds(100.001)).ShouldBeFalse();

        byte[] Asked()
        {
            _bench.Run(5);
            _bench.Browser.Browse(_bench.Now);
            _bench.Run(0.02);
            return _bench.Sent[^1].Bytes;
        }
    }

    [Fact]
    public void Only_pointers_of_our_type_to_instances_of_it_count()
    {
        Hear(Pointer(DnsName.Of("a", "local")));
        Hear(Pointer(s_name.Under("b")));
        Hear(new DnsRecord(DnsName.Of("_http", "_tcp", "local"), new DnsData.Pointer(s_name), 4500));
        Hear(new DnsRecord(OwnService.Type, new DnsData.Text(new byte[1]), 4500));
        Hear(new DnsRecord(OwnService.Type, new DnsData.Address(s_address), 4500));
        Hear(Pointer(_bench.Own.Instance));
        Instances.ShouldBeEmpty();
        Hear(Pointer(s_name));
        Instances.Keys.ShouldBe([s_name]);
    }

    [Fact]
    public void Records_of_a_type_that_belongs_elsewhere_are_passed_over()
    {
        Resolve();
        Hear(new DnsRecord(s_name, new DnsData.Address(s_address), 120), new DnsRecord(s_name, new DnsData.NextSecure(s_name, []), 120));
        Hear(new DnsRecord(s_host, new DnsData.Text(new byte[1]), 120), new DnsRecord(s_host, new DnsData.Address(LinkBench.Address("192.0.2.10")), 120));
        Instances[s_name].Text!.Data.ShouldBe(new DnsData.Text("\u0003v=1"u8.ToArray()));
        Instances[s_name].Addresses.Count.ShouldBe(2);
    }

    [Fact]
    public void A_new_instance_is_asked_about_after_20_to_120_milliseconds()
    {
        foreach (var (draw, milliseconds) in LinkBench.EndsOf(20, 120))
        {
            var bench = new LinkBench { Drawn = draw };
            bench.Hear(new DnsMessage { IsResponse = true, Answers = [Pointer(s_name)] });
            bench.Browser.Deadline.ShouldBe(bench.Now + TimeSpan.FromMilliseconds(milliseconds));
        }
    }

    [Fact]
    public void A_pointer_is_asked_for_again_before_it_ends_and_the_instance_goes_with_it()
    {
        Resolve(pointer: 1000);
        _bench.Run(999);
        Times.ShouldBe([800, 850, 900, 950]);
        _bench.Messages.ShouldAllBe(message => message.Questions.Single() == s_browse);
        _bench.Context.Changed.ShouldBeEmpty();
        _bench.Run(1);
        Instances.ShouldBeEmpty();
        _bench.Context.Changed.ShouldBe([s_name]);
        _bench.Sent.Count.ShouldBe(4, "nobody is asked nothing");
    }

    [Fact]
    public void A_pointer_of_a_second_is_no_goodbye()
    {
        Resolve();
        Hear(Pointer(s_name, 1));
        _bench.Run(9.9);
        Instances.Count.ShouldBe(1);
        _bench.Run(0.1);
        Instances.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(DnsType.Pointer)]
    [InlineData(DnsType.Service)]
    [InlineData(DnsType.Text)]
    [InlineData(DnsType.A)]
    public void A_goodbye_for_any_of_its_records_ends_a_finding_a_second_later(ushort type)
    {
        Resolve();
        Hear(MdnsHostileTests.Announcement("a", 4455, s_address).Answers.Single(record => record.Type == type) with { Seconds = 0 });
        _bench.Run(0.999);
        Instances[s_name].IsResolved.ShouldBeTrue();
        _bench.Context.Changed.ShouldBeEmpty();
        _bench.Run(0.001);
        (Instances.TryGetValue(s_name, out var instance) && instance.IsResolved).ShouldBeFalse();
        _bench.Context.Changed.ShouldBe([s_name]);
    }

    [Fact]
    public void A_goodbye_for_what_is_not_known_is_nothing()
    {
        Hear(Pointer(s_name, 0));
        Instances.ShouldBeEmpty();
        Resolve();
        Hear(Address("192.0.2.10", 0));
        Instances[s_name].Addresses.Count.ShouldBe(1);
        Hear(Address("192.0.2.11", 1));
        Instances[s_name].Addresses.Select(address => address.Expires - _bench.Now).Max().ShouldBe(TimeSpan.FromSeconds(4500));
        Instances[s_name].Addresses.Select(address => address.Expires - _bench.Now).Min().ShouldBe(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Only_what_others_see_is_a_change()
    {
        Resolve();
        _bench.Hear(MdnsHostileTests.Announcement("a", 4455, s_address));
        _bench.Context.Changed.ShouldBeEmpty();
        Hear(Address("192.0.2.10", 120));
        _bench.Context.Changed.ShouldBe([s_name]);
    }

    [Fact]
    public void Addresses_are_judged_by_the_subnets_that_there_are_now()
    {
        Resolve();
        _bench.Browser.SetLink(LinkBench.LinkOf(1, "198.51.100.1/24"));
        Hear(Address("192.0.2.10", 120));
        Instances[s_name].Addresses.Count.ShouldBe(1);
        _bench.Counted("hinet.mdns.refused").ShouldBe(1);
        Hear(Address("198.51.100.9", 120));
        Instances[s_name].Addresses.Count.ShouldBe(2);
        _bench.Counted("hinet.mdns.refused").ShouldBe(1);
    }

    [Fact]
    public void In_a_full_table_the_first_that_is_unresolved_makes_room()
    {
        FillTable();
        var names = Instances.Keys.ToArray();
        names.Length.ShouldBe(128);
        _bench.Hear(new DnsMessage { IsResponse = true, Answers = [Pointer(OwnService.Type.Under("newcomer"))] }, "192.0.2.200");
        Instances.Keys.ShouldBe([.. names[1..], OwnService.Type.Under("newcomer")], ignoreOrder: true);
        _bench.Counted("hinet.mdns.refused").ShouldBe(0);
    }

    [Fact]
    public void Who_has_its_share_of_a_full_table_pushes_nobody_out()
    {
        FillTable();
        var names = Instances.Keys.ToArray();
        _bench.Hear(new DnsMessage { IsResponse = true, Answers = [Pointer(OwnService.Type.Under("newcomer"))] }, "192.0.2.103");
        Instances.Keys.ShouldBe(names);
        _bench.Counted("hinet.mdns.refused").ShouldBe(1);
    }

    [Fact]
    public void In_a_table_full_of_nodes_that_are_there_who_has_spoken_of_most_makes_room_for_others_down_to_an_equal_share()
    {
        FillTable();
        for (var i = 0; i < 128; i++)
        {
            _bench.Hear(MdnsHostileTests.Announcement($"{i:d3}", 4455, s_address));
        }

        _bench.Forget();
        for (var i = 0; i < 32; i++)
        {
            _bench.Hear(MdnsHostileTests.Announcement($"newcomer {i}", 4455, s_address), "192.0.2.200");
        }

        // Of 128, each of five stations has 25 or 26.
        Instances.Count.ShouldBe(128);
        Instances.Values.GroupBy(instance => instance.Teacher).Select(taught => taught.Count()).Order().ShouldBe([25, 25, 26, 26, 26]);
        Instances.Values.Count(instance => instance.Teacher == LinkBench.Address("192.0.2.200")).ShouldBe(25);
        _bench.Counted("hinet.mdns.refused").ShouldBe(32 - 25);
        _bench.Context.Changed.Count.ShouldBe(2 * 25, "those that came, and those that went");
    }

    [Fact]
    public void Of_one_message_so_many_addresses_are_looked_at_and_none_of_a_host_that_nobody_has_named()
    {
        Resolve();
        Hear([.. Enumerable.Range(0, 500).Select(i => new DnsRecord(OwnService.Type.Under("nobody"), new DnsData.Address(LinkBench.Address($"192.0.2.{i % 256}")), 120))]);
        _bench.Counted("hinet.mdns.refused").ShouldBe(0);
        Hear([.. Enumerable.Range(0, 500).Select(i => Address($"192.0.2.{i % 250}", 120))]);
        (_bench.Counted("hinet.mdns.refused") + Instances[s_name].Addresses.Count).ShouldBeInRange(LinkBrowser.MaximumAddresses, LinkBrowser.MaximumAddresses + 2);
    }

    private static DnsRecord Pointer(DnsName name, uint seconds = 4500) => new(OwnService.Type, new DnsData.Pointer(name), seconds);

    private static DnsRecord Address(string address, uint seconds) => new(s_host, new DnsData.Address(LinkBench.Address(address)), seconds);

    private void Hear(params DnsRecord[] records) => _bench.Hear(new DnsMessage { IsResponse = true, Answers = records });

    /// <summary>128 names of which nothing more is known, an equal share of them from each of four stations.</summary>
    private void FillTable()
    {
        for (var i = 0; i < 128; i++)
        {
            _bench.Hear(new DnsMessage { IsResponse = true, Answers = [Pointer(OwnService.Type.Under($"{i:d3}"))] }, $"192.0.2.{100 + (i % 4)}");
        }
    }

    /// <summary>Instance "a" is there, for longer than its pointer.</summary>
    private void Resolve(uint pointer = 4500)
    {
        var announcement = MdnsHostileTests.Announcement("a", 4455, s_address);
        Hear([.. announcement.Answers.Select(record => record with { Seconds = record.Type == DnsType.Pointer ? pointer : 4500 })]);
        Instances[s_name].IsResolved.ShouldBeTrue();
        _bench.Context.Changed.ShouldBe([s_name]);
        _bench.Forget();
    }
}
