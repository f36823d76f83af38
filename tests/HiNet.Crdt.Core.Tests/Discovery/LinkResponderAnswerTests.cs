using HiNet.Crdt.Core.Discovery;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Tests.Discovery;

/// <summary>What <c>LinkResponder.Answers.cs</c> answers, to whom and when; a draw is the least delay unless a test says otherwise.</summary>
public sealed class LinkResponderAnswerTests
{
    private const ushort AnyType = 255;

    private readonly LinkBench _bench = LinkBench.Announced();
    private readonly Instant _start;

    public LinkResponderAnswerTests() => _start = _bench.Now;

    private DnsName Instance => _bench.Own.Instance;

    private DnsName Host => _bench.Own.Host;

    private IEnumerable<double> Times => _bench.Sent.Select(sent => (sent.At - _start).TotalSeconds);

    [Fact]
    public void Thirty_two_answers_wait_and_no_more()
    {
        for (var i = 0; i < 34; i++)
        {
            _bench.Ask(new DnsMessage { Questions = [new DnsQuestion(OwnService.Type, DnsType.Pointer)], IsTruncated = true }, $"192.0.2.{10 + i}");
            _bench.Counted("hinet.mdns.dropped").ShouldBe(Math.Max(0, i - 31));
        }

        _bench.Run(1);
        _bench.Sent.Count.ShouldBe(1);
        _bench.Ask(OwnService.MetaType, DnsType.Pointer);
        _bench.Run(1);
        _bench.Sent.Count.ShouldBe(2);
    }

    [Fact]
    public void Who_says_that_more_is_known_is_answered_after_400_to_500_milliseconds()
    {
        foreach (var (draw, milliseconds) in LinkBench.EndsOf(400, 500))
        {
            Delay(draw, new DnsMessage { Questions = [new DnsQuestion(OwnService.Type, DnsType.Pointer)], IsTruncated = true }).ShouldBe(milliseconds);
        }
    }

    [Fact]
    public void What_others_answer_too_is_answered_after_20_to_120_milliseconds()
    {
        foreach (var (draw, milliseconds) in LinkBench.EndsOf(20, 120))
        {
            Delay(draw, new DnsMessage { Questions = [new DnsQuestion(OwnService.Type, DnsType.Pointer)] }).ShouldBe(milliseconds);
            Delay(draw, new DnsMessage { Questions = [new DnsQuestion(OwnService.MetaType, DnsType.Pointer)] }).ShouldBe(milliseconds);
            Delay(draw, new DnsMessage { Questions = [new DnsQuestion(Instance, DnsType.Text)] }).ShouldBe(0);
        }
    }

    [Fact]
    public void A_probe_is_answered_at_once_whatever_it_asks_for()
    {
        var probe = new DnsMessage
        {
            Questions = [new DnsQuestion(OwnService.Type, AnyType)],
            Authorities = [new DnsRecord(OwnService.Type, new DnsData.Text(new byte[1]), 120)],
        };
        Delay(0, probe).ShouldBe(0);
    }

    [Fact]
    public void A_probe_hears_after_a_quarter_of_a_second_what_others_hear_after_one()
    {
        var probe = new DnsMessage
        {
            Questions = [new DnsQuestion(Instance, AnyType)],
            Authorities = [new DnsRecord(Instance, new DnsData.Text(new byte[1]), 120)],
        };
        _bench.Ask(Instance, AnyType);
        _bench.Run(0.1);
        _bench.Ask(probe);
        _bench.Run(0.5);
        _bench.Ask(probe);
        Times.ShouldBe([0, 0.25, 0.6]);
        _bench.Ask(Instance, AnyType);
        _bench.Run(5);
        Times.ShouldBe([0, 0.25, 0.6, 1.6]);
        _bench.Messages.ShouldAllBe(message => message.Answers.Select(record => record.Type).SequenceEqual(new[] { DnsType.Service, DnsType.Text }));
    }

    [Fact]
    public void Each_waits_for_its_own_time()
    {
        _bench.Ask(new DnsMessage { Questions = [new DnsQuestion(OwnService.MetaType, DnsType.Pointer)], IsTruncated = true });
        _bench.Ask(OwnService.Type, DnsType.Pointer);
        _bench.Run(1);
        Times.ShouldBe([0.02, 0.4]);
        _bench.Messages.Select(message => message.Answers.Single().Name).ShouldBe([OwnService.Type, OwnService.MetaType]);
        _bench.Responder.Deadline.ShouldBe(Instant.Never);
    }

    [Fact]
    public void An_answer_to_one_asker_waits_for_its_own_time()
    {
        _bench.Ask(new DnsMessage { Questions = [new DnsQuestion(OwnService.Type, DnsType.Pointer, WantsUnicast: true)], IsTruncated = true });
        _bench.Ask(OwnService.MetaType, DnsType.Pointer);
        _bench.Run(1);
        Times.ShouldBe([0.02]);
        var (at, effect, answer) = _bench.Unicasts.ShouldHaveSingleItem();
        (at - _start).ShouldBe(TimeSpan.FromMilliseconds(400));
        effect.To.ShouldBe(LinkBench.Address("192.0.2.9"));
        effect.Port.ShouldBe(MdnsMachine.Port);
        answer.Answers.ShouldHaveSingleItem().Data.ShouldBe(new DnsData.Pointer(Instance));
        answer.Additionals.Select(record => record.Type).ShouldBe([DnsType.Service, DnsType.Text, DnsType.A]);
        _bench.Counted("hinet.mdns.sent").ShouldBe(2);
    }

    [Fact]
    public void Known_answers_that_follow_concern_only_what_waits_for_them()
    {
        var known = new DnsMessage { Answers = [new DnsRecord(OwnService.Type, new DnsData.Pointer(Instance), 4500)] };
        _bench.Ask(new DnsMessage { Questions = [new DnsQuestion(OwnService.Type, DnsType.Pointer)], IsTruncated = true });
        _bench.Responder.TakeQuery(known, LinkBench.Address("192.0.2.9"), MdnsMachine.Port, _bench.Now);
        _bench.Responder.Deadline.ShouldBe(Instant.Never);
        _bench.Ask(OwnService.Type, DnsType.Pointer);
        _bench.Ask(known);
        _bench.Run(1);
        Times.ShouldBe([0.02]);
    }

    [Fact]
    public void Twenty_answers_a_second_go_to_one_asker_each()
    {
        for (var i = 0; i < 25; i++)
        {
            _bench.Ask(new DnsMessage { Questions = [new DnsQuestion(OwnService.Type, DnsType.Pointer, WantsUnicast: true)] });
        }

        _bench.Run(0.5);
        _bench.Unicasts.Count.ShouldBe(20);
        _bench.Responder.Deadline.ShouldBe(Instant.Never);
        AskLegacy(Instance, DnsType.Service);
        _bench.Unicasts.Count.ShouldBe(20);
        _bench.Run(1);
        for (var i = 0; i < 25; i++)
        {
            AskLegacy(DnsName.Of("other", "local"), DnsType.A);
            AskLegacy(Instance, DnsType.Service);
        }

        _bench.Unicasts.Count.ShouldBe(40);
        _bench.Unicasts.ShouldAllBe(unicast => unicast.Message.Answers.Count == 1);
        _bench.Counted("hinet.mdns.sent").ShouldBe(40);
    }

    [Fact]
    public void A_legacy_answer_repeats_the_first_four_questions_that_it_answers()
    {
        DnsQuestion[] questions =
        [
            new(DnsName.Of("other", "local"), DnsType.A),
            new(Instance, DnsType.Service),
            new(Instance, DnsType.Text, WantsUnicast: true),
            new(Host, DnsType.A),
            new(OwnService.Type, DnsType.Pointer),
            new(Host, DnsType.Aaaa),
        ];
        _bench.Ask(new DnsMessage { Id = 7, Questions = questions }, port: 40_000);
        var (_, effect, answer) = _bench.Unicasts.ShouldHaveSingleItem();
        answer.IsResponse.ShouldBeTrue();
        answer.Id.ShouldBe((ushort)7);
        answer.Questions.ShouldBe(questions[1..5].Select(question => question with { WantsUnicast = false }));
        answer.Answers.Select(record => record.Type).ShouldBe([DnsType.Pointer, DnsType.Service, DnsType.Text, DnsType.A, DnsType.NextSecure]);
        answer.Answers.ShouldAllBe(record => record.Seconds == 10 && !record.Flushes);
        answer.Additionals.ShouldBeEmpty();
        effect.Bytes.ToArray().ShouldBe(answer.Write(compressData: false), "names in data are whole");
    }

    [Theory]
    [InlineData(0.5, false)]
    [InlineData(0.97, false)]
    [InlineData(0.98, true)]
    public void What_was_said_within_a_second_does_not_go_along(double after, bool goesAlong)
    {
        _bench.Ask(Instance, DnsType.Service);
        _bench.Run(after);
        _bench.Ask(OwnService.Type, DnsType.Pointer);
        _bench.Run(0.5);
        Times.ShouldBe([0, after + 0.02]);
        _bench.Messages.Last().Additionals.Select(record => record.Type).ShouldBe(goesAlong ? [DnsType.Service, DnsType.Text, DnsType.A] : [DnsType.Text]);
    }

    [Theory]
    [InlineData(DnsType.Service, new[] { DnsType.Service }, new[] { DnsType.A })]
    [InlineData(DnsType.Text, new[] { DnsType.Text }, new ushort[0])]
    [InlineData(AnyType, new[] { DnsType.Service, DnsType.Text }, new[] { DnsType.A })]
    [InlineData(DnsType.A, new[] { DnsType.NextSecure }, new ushort[0])]
    public void With_an_answer_goes_what_will_be_asked_next(ushort asked, ushort[] answers, ushort[] additionals)
    {
        _bench.Ask(Instance, asked);
        var message = _bench.Messages.ShouldHaveSingleItem();
        message.Answers.Select(record => record.Type).ShouldBe(answers);
        message.Additionals.Select(record => record.Type).ShouldBe(additionals);
    }

    [Theory]
    [InlineData("A", "", true)]
    [InlineData("A", "192.0.2.1", true)]
    [InlineData("A", "192.0.2.2 2001:db8::1 2001:db8::2", true)]
    [InlineData("A", "192.0.2.1 192.0.2.2", false)]
    [InlineData("AAAA", "192.0.2.1 192.0.2.2", true)]
    [InlineData("AAAA", "192.0.2.1 192.0.2.2 2001:db8::1", true)]
    [InlineData("AAAA", "2001:db8::1 2001:db8::2", false)]
    public void Addresses_of_a_family_are_known_when_each_is(string asked, string known, bool isAnswered)
    {
        var bench = LinkBench.Announced("192.0.2.1/24", "192.0.2.2/24", "2001:db8::1/64", "2001:db8::2/64");
        var type = asked == "A" ? DnsType.A : DnsType.Aaaa;
        DnsData[] addresses = [.. known.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => new DnsData.Address(LinkBench.Address(text)))];
        bench.Ask(bench.Own.Host, type, [.. addresses.Select(data => new DnsRecord(bench.Own.Host, data, 120))]);
        bench.Sent.Count.ShouldBe(isAnswered ? 1 : 0);
        bench.Run(2);
        bench.Forget();
        bench.Ask(bench.Own.Host, type, [.. addresses.Select(data => new DnsRecord(DnsName.Of("other", "local"), data, 4500))]);
        bench.Sent.Count.ShouldBe(1, "those of another name are not ours");
    }

    [Fact]
    public void Who_knows_the_text_before_the_last_change_is_told_the_new_one()
    {
        var old = _bench.Own.Build(OwnRecords.Text, []).Single();
        _bench.Own.DrawText([]);
        _bench.Ask(Instance, DnsType.Text, _bench.Own.Build(OwnRecords.Text, []).Single());
        _bench.Sent.ShouldBeEmpty();
        _bench.Ask(Instance, DnsType.Text, old);
        _bench.Messages.ShouldHaveSingleItem().Answers.ShouldBe(_bench.Own.Build(OwnRecords.Text, []));
    }

    [Theory]
    [InlineData("meta", DnsType.Pointer, 1125)]
    [InlineData("type", DnsType.Pointer, 1125)]
    [InlineData("instance", DnsType.Service, 30)]
    [InlineData("instance", DnsType.Text, 1125)]
    [InlineData("instance", DnsType.A, 1125)]
    [InlineData("host", DnsType.A, 30)]
    [InlineData("host", DnsType.Aaaa, 30)]
    [InlineData("host", DnsType.Text, 30)]
    public void What_all_heard_within_a_quarter_of_its_time_is_said_to_the_asker_alone(string name, ushort type, int seconds)
    {
        foreach (var late in new[] { 0, 1 })
        {
            var bench = LinkBench.Announced("192.0.2.1/24", "2001:db8::1/64");
            var asked = name switch { "meta" => OwnService.MetaType, "type" => OwnService.Type, "instance" => bench.Own.Instance, _ => bench.Own.Host };
            bench.Ask(asked, type);
            bench.Run(0.02);
            var heard = bench.Sent[^1].At;
            bench.Forget();
            bench.Now = new Instant((heard + TimeSpan.FromSeconds(seconds)).Microseconds + late);
            bench.Ask(new DnsMessage { Questions = [new DnsQuestion(asked, type, WantsUnicast: true)] });
            bench.Run(0.02);
            bench.Sent.Count.ShouldBe(late);
            bench.Unicasts.Count.ShouldBe(1 - late);
        }
    }

    [Fact]
    public void What_was_never_said_is_said_to_all()
    {
        _bench.Ask(new DnsMessage { Questions = [new DnsQuestion(Host, DnsType.Text, WantsUnicast: true)] });
        _bench.Sent.Count.ShouldBe(1);
        _bench.Unicasts.ShouldBeEmpty();
    }

    [Fact]
    public void An_answer_of_several_records_waits_for_the_one_said_last()
    {
        _bench.Ask(Instance, DnsType.Text);
        _bench.Run(0.5);
        _bench.Ask(Instance, DnsType.Service);
        _bench.Run(0.1);
        _bench.Ask(Instance, AnyType);
        _bench.Run(5);
        Times.ShouldBe([0, 0.5, 1.5]);
        _bench.Messages.Last().Answers.Select(record => record.Type).ShouldBe([DnsType.Service, DnsType.Text]);
    }

    [Fact]
    public void Every_record_waits_for_a_second_after_it_was_said()
    {
        foreach (var (name, type) in new[]
        {
            (OwnService.MetaType, DnsType.Pointer), (OwnService.Type, DnsType.Pointer), (Instance, DnsType.Service), (Instance, DnsType.Text),
            (Instance, DnsType.A), (Host, DnsType.A), (Host, DnsType.Aaaa),
        })
        {
            _bench.Run(5);
            _bench.Forget();
            _bench.Ask(name, type);
            _bench.Run(0.5);
            _bench.Ask(name, type);
            _bench.Run(5);
            _bench.Sent.Count.ShouldBe(2);
            (_bench.Sent[1].At - _bench.Sent[0].At).ShouldBe(TimeSpan.FromSeconds(1), $"{name} {type}");
        }
    }

    private void AskLegacy(DnsName name, ushort type) => _bench.Ask(new DnsMessage { Questions = [new DnsQuestion(name, type)] }, port: 40_000);

    /// <summary>After how many milliseconds a question is answered when this is drawn.</summary>
    private double Delay(ulong draw, DnsMessage query)
    {
        _bench.Run(5);
        _bench.Forget();
        _bench.Drawn = draw;
        var asked = _bench.Now;
        _bench.Ask(query);
        _bench.Run(1);
        return (_bench.Sent.ShouldHaveSingleItem().At - asked).TotalMilliseconds;
    }
}
