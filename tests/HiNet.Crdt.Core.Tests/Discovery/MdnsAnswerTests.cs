using HiNet.Crdt.Core.Discovery;

namespace HiNet.Crdt.Core.Tests.Discovery;

/// <summary>How a node answers a station that is no node: number 9.</summary>
public sealed class MdnsAnswerTests
{
    private const int Station = 9;
    private readonly VirtualLan _lan = new();
    private readonly LanNode _node;

    public MdnsAnswerTests()
    {
        _node = _lan.Add(1);
        _lan.Run(10);
        _lan.Heard.Clear();
    }

    private DnsName Instance => OwnService.Type.Under(_node.Machine.Instance);

    private DnsName Host => OwnService.Local.Under(_node.Machine.Instance);

    private IEnumerable<DnsMessage> Answers => _lan.Heard.Where(heard => heard.Message.IsResponse).Select(heard => heard.Message);

    [Fact]
    public void The_question_for_the_type_is_answered_to_all_after_a_drawn_moment_with_all_there_is_to_know()
    {
        var asked = _lan.Now;
        Ask(OwnService.Type, DnsType.Pointer);
        _lan.Run(0.5);
        var (at, _, answer) = _lan.Heard.ShouldHaveSingleItem();
        (at - asked).TotalMilliseconds.ShouldBeInRange(20, 120);
        answer.Answers.ShouldHaveSingleItem().Data.ShouldBe(new DnsData.Pointer(Instance));
        answer.Additionals.Select(record => record.Type).ShouldBe([DnsType.Service, DnsType.Text, DnsType.A]);
    }

    [Fact]
    public void A_question_that_only_we_can_answer_is_answered_at_once()
    {
        Ask(Instance, DnsType.Service);
        _lan.Run(0.002);
        Answers.ShouldHaveSingleItem().Answers.ShouldHaveSingleItem().Data.ShouldBe(new DnsData.Service(0, 0, 4455, Host));
    }

    [Fact]
    public void What_the_asker_knows_is_not_said_again()
    {
        Ask(OwnService.Type, DnsType.Pointer, new DnsRecord(OwnService.Type, new DnsData.Pointer(Instance), 2250));
        Ask(Host, DnsType.A, new DnsRecord(Host, new DnsData.Address(_node.Address), 60));
        _lan.Run(1);
        Answers.ShouldBeEmpty();
        Ask(OwnService.Type, DnsType.Pointer, new DnsRecord(OwnService.Type, new DnsData.Pointer(Instance), 2249));
        _lan.Run(1);
        Answers.ShouldHaveSingleItem();
    }

    [Fact]
    public void Known_answers_may_follow_in_further_messages()
    {
        var question = new DnsQuestion(OwnService.Type, DnsType.Pointer);
        var known = new DnsRecord(OwnService.Type, new DnsData.Pointer(Instance), 4000);
        _lan.Say(Station, new DnsMessage { Questions = [question], IsTruncated = true });
        _lan.Run(0.3);
        _lan.Say(Station, new DnsMessage { Answers = [known] });
        _lan.Run(1);
        Answers.ShouldBeEmpty();
        _lan.Say(Station, new DnsMessage { Questions = [question], IsTruncated = true });
        _lan.Run(0.3);
        _lan.Say(Station + 1, new DnsMessage { Answers = [known] });
        _lan.Run(1);
        Answers.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_record_is_multicast_at_most_once_a_second()
    {
        for (var i = 0; i < 50; i++)
        {
            Ask(Instance, DnsType.Text);
            _lan.Run(0.1);
        }

        Answers.Count().ShouldBeInRange(5, 6);
        var times = _lan.Heard.Where(heard => heard.Message.IsResponse).Select(heard => heard.At).ToArray();
        times.Zip(times.Skip(1), (first, second) => second - first).ShouldAllBe(pause => pause >= TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Who_wants_a_unicast_answer_gets_it_when_all_have_heard_it_lately()
    {
        _lan.Say(Station, new DnsMessage { Questions = [new DnsQuestion(Host, DnsType.A, WantsUnicast: true)] });
        _lan.Run(0.5);
        Answers.ShouldBeEmpty();
        _lan.Unicasts.ShouldHaveSingleItem().To.ShouldBe(LanNode.AddressOf(Station));
        _lan.Run(40);
        _lan.Heard.Clear();
        _lan.Say(Station, new DnsMessage { Questions = [new DnsQuestion(Host, DnsType.A, WantsUnicast: true)] });
        _lan.Run(0.5);
        Answers.ShouldHaveSingleItem();
        _lan.Unicasts.Count.ShouldBe(1);
    }

    [Fact]
    public void A_legacy_asker_gets_an_answer_that_an_ordinary_resolver_understands()
    {
        _lan.Say(Station, new DnsMessage { Id = 77, Questions = [new DnsQuestion(Instance, DnsType.Service)] }, port: 40_000);
        var (_, to, port, answer) = _lan.Unicasts.ShouldHaveSingleItem();
        to.ShouldBe(LanNode.AddressOf(Station));
        port.ShouldBe((ushort)40_000);
        answer.Id.ShouldBe((ushort)77);
        answer.Questions.ShouldBe([new DnsQuestion(Instance, DnsType.Service)]);
        answer.Answers.Concat(answer.Additionals).ShouldAllBe(record => record.Seconds <= 10 && !record.Flushes);
        answer.Answers.ShouldHaveSingleItem().Type.ShouldBe(DnsType.Service);
        answer.Additionals.ShouldHaveSingleItem().Type.ShouldBe(DnsType.A);
        Answers.ShouldBeEmpty();
    }

    [Fact]
    public void Who_asks_which_services_there_are_hears_of_ours()
    {
        Ask(DnsName.Of("_services", "_dns-sd", "_udp", "local"), DnsType.Pointer);
        _lan.Run(0.5);
        Answers.ShouldHaveSingleItem().Answers.ShouldHaveSingleItem().Data.ShouldBe(new DnsData.Pointer(OwnService.Type));
    }

    [Fact]
    public void What_another_has_just_said_for_all_is_not_repeated()
    {
        Ask(OwnService.MetaType, DnsType.Pointer);
        _lan.Say(Station, new DnsMessage { IsResponse = true, Answers = [new DnsRecord(OwnService.MetaType, new DnsData.Pointer(OwnService.Type), 4500)] });
        _lan.Run(0.5);
        Answers.ShouldBeEmpty();
    }

    [Fact]
    public void Who_asks_for_what_we_do_not_have_hears_what_we_have()
    {
        Ask(Host, DnsType.Aaaa);
        Ask(Instance, DnsType.A);
        _lan.Run(0.5);
        Answers.SelectMany(answer => answer.Answers).Select(record => record.Data).ShouldBe(
            [new DnsData.NextSecure(Instance, [DnsType.Text, DnsType.Service]), new DnsData.NextSecure(Host, [DnsType.A])], ignoreOrder: true);
    }

    [Fact]
    public void Nothing_is_answered_for_others_or_before_probing_is_over()
    {
        Ask(OwnService.Type.Under("somebody"), DnsType.Any);
        Ask(DnsName.Of("_http", "_tcp", "local"), DnsType.Pointer);
        _lan.Run(1);
        Answers.ShouldBeEmpty();
        var young = _lan.Add(2);
        _lan.Heard.Clear();
        Ask(OwnService.Type.Under(young.Machine.Instance), DnsType.Any);
        _lan.Run(0.2);
        _lan.Heard.ShouldAllBe(heard => heard.From != young.Address || !heard.Message.IsResponse);
    }

    [Fact]
    public void Own_questions_come_back_unanswered()
    {
        _lan.Run(100);
        _lan.Heard.Count(heard => heard.Message.Questions.Count > 0).ShouldBeGreaterThan(2);
        Answers.ShouldBeEmpty();
    }

    [Fact]
    public void The_same_question_is_answered_when_another_asks_it_and_another_question_whoever_asks()
    {
        // It hears nothing that it says, so that its question is still to come back when another comes.
        var lan = new VirtualLan();
        var node = lan.AddDrawing(0, 1);
        node.IsConnected = false;
        IsAnswered(LanNode.AddressOf(Station), Asked(3.02)).ShouldBeTrue();
        IsAnswered(node.Address, Asked(3.8)).ShouldBeFalse();
        Asked(7.8);
        IsAnswered(node.Address, new DnsMessage { Questions = [new DnsQuestion(OwnService.MetaType, DnsType.Pointer)] }.Write()).ShouldBeTrue();

        ReadOnlyMemory<byte> Asked(double seconds)
        {
            lan.Run(seconds);
            var sent = node.Effects.OfType<MdnsEffect.Multicast>().Last().Bytes;
            DnsMessage.Read(sent.Span)!.Questions.ShouldBe([new DnsQuestion(OwnService.Type, DnsType.Pointer)]);
            return sent;
        }

        bool IsAnswered(MdnsAddress source, ReadOnlyMemory<byte> question)
        {
            node.Effects.Clear();
            node.Give(new MdnsInput.DatagramReceived(node.Link.Id, source, MdnsMachine.Port, question));
            lan.Run(0.2);
            return node.Effects.OfType<MdnsEffect.Multicast>().Any();
        }
    }

    private void Ask(DnsName name, ushort type, params DnsRecord[] known) =>
        _lan.Say(Station, new DnsMessage { Questions = [new DnsQuestion(name, type)], Answers = known });
}
