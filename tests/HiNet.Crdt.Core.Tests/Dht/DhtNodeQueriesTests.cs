using Google.Protobuf;
using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Dht;

/// <summary>Queries under way, their ends, and which answers count.</summary>
public sealed class DhtNodeQueriesTests
{
    private readonly LoneNode _node = new();

    [Theory]
    [InlineData("0.0.0.0:5")]
    [InlineData("8.8.8.8:0")]
    [InlineData("224.0.0.1:5")]
    public void Nothing_is_sent_to_where_nobody_can_be_and_who_asked_for_it_hears_so(string endpoint)
    {
        _node.Do<DhtResult.Pinged>(new DhtOperation.Ping(Endpoint.Parse(endpoint))).Contact.ShouldBeNull();
        _node.Sent.ShouldBeEmpty();
        _node.Machine.QueriesUnderWay.ShouldBe(0);
    }

    [Fact]
    public void So_many_queries_are_under_way_and_who_asks_then_is_pinged_another_time()
    {
        var node = new LoneNode(new DhtOptions { Concurrency = 16, DisjointPaths = 8, MaxFailures = 100 });
        for (var i = 0; i < 20; i++)
        {
            node.Known(node.IdIn(i, "known"), isSilent: true);
        }

        for (var i = 0; i < 210; i++)
        {
            node.Command(new DhtOperation.FindNode(TestKeys.Named($"{i}"), IsDisjoint: true));
        }

        node.Machine.QueriesUnderWay.ShouldBe(4_096);
        node.Sent.Count.ShouldBe(4_096);
        var newcomer = node.Other(isSilent: true);
        node.Ask(newcomer, DatagramKind.Ping).ShouldNotBeNull();
        node.Asked(newcomer).ShouldBeEmpty();
        node.Do<DhtResult.Pinged>(new DhtOperation.Ping(newcomer.Endpoint)).RoundTrip.ShouldBe(TimeSpan.Zero, "it was not asked");
        node.RunTo(TimeSpan.FromSeconds(20));
        node.Ask(newcomer, DatagramKind.Ping).ShouldNotBeNull();
        node.Asked(newcomer).ShouldBe([20]);
    }

    [Fact]
    public void Queries_that_nobody_answers_end_in_the_order_in_which_they_were_sent_and_are_counted()
    {
        var silent = _node.Other(isSilent: true);
        List<long> commands = [.. Enumerable.Range(0, 4).Select(_ => _node.Command(new DhtOperation.Ping(silent.Endpoint)))];
        _node.Run(TimeSpan.FromSeconds(0.999));
        _node.Results.ShouldBeEmpty();
        _node.Run(TimeSpan.FromSeconds(0.001));
        _node.Ended.ShouldBe(commands);
        _node.Results.Values.ShouldAllBe(result => ((DhtResult.Pinged)result).Contact == null);
        _node.Counted(DhtInstruments.TimedOut).ShouldBe(4);
        _node.Machine.QueriesUnderWay.ShouldBe(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_query_that_has_the_transaction_of_one_that_was_answered_waits_its_own_time(bool isLate)
    {
        // There are two transactions. The first query waits; the second is answered, and the third has its transaction.
        var node = new LoneNode(new DhtOptions { BucketSize = 1, MinTimeout = TimeSpan.FromSeconds(1) }, cryptography: new CountedSecrets(period: 2));
        var start = node.Now;
        var silent = node.Other(isSilent: true);
        var first = node.Command(new DhtOperation.Ping(silent.Endpoint));
        node.RunTo(TimeSpan.FromSeconds(0.2));
        node.Do<DhtResult.Pinged>(new DhtOperation.Ping(node.Other().Endpoint)).Contact.ShouldNotBeNull();
        node.RunTo(TimeSpan.FromSeconds(0.5));
        var third = node.Command(new DhtOperation.Ping(silent.Endpoint));
        node.Queries.Select(sent => sent.Transaction).Distinct().Count().ShouldBe(2);
        if (isLate)
        {
            node.Machine.HandleDeadline(start + TimeSpan.FromSeconds(1.2), node);
        }
        else
        {
            node.RunTo(TimeSpan.FromSeconds(1));
        }

        node.Results.ShouldContainKey(first);
        node.Results.ShouldNotContainKey(third);
        node.Machine.Deadline.ShouldBe(start + TimeSpan.FromSeconds(1.5));
        node.RunTo(TimeSpan.FromSeconds(1.5));
        ((DhtResult.Pinged)node.Results[third]).RoundTrip.ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Only_who_was_asked_may_answer_and_only_from_there_and_only_that()
    {
        var (other, another) = (_node.Other(isSilent: true), _node.Other(isSilent: true));
        var command = _node.Command(new DhtOperation.Ping(other.Endpoint));
        var query = _node.Sent.Single();
        _node.Handle(_node.Answer(query, other, new DhtAnswer(), at: another.Endpoint));
        _node.Handle(_node.Answer(query, other, new DhtAnswer(), kind: DatagramKind.FindNodeAnswer));
        _node.Counted(DhtInstruments.RefusedSender).ShouldBe(2);
        _node.Handle(new DhtInput.DatagramReceived(
            other.Endpoint, Datagram.Write(TestKeys.Sodium, DatagramKind.PingAnswer, query.Transaction, new Bytes32([1, .. new byte[31]]), [], other.PairKey)));
        _node.Counted(DhtInstruments.RefusedKey).ShouldBe(1, "a key of small order");
        _node.Results.ShouldBeEmpty("it waits on");
        _node.Handle(_node.Answer(query, other, new DhtAnswer()));
        ((DhtResult.Pinged)_node.Results[command]).Contact.ShouldBe(other.Contact);
    }

    [Fact]
    public void An_answer_that_makes_no_sense_is_as_good_as_none()
    {
        var other = _node.Other(isSilent: true);
        var command = _node.Command(new DhtOperation.Ping(other.Endpoint));
        _node.Handle(_node.Answer(_node.Sent.Single(), other, new DhtAnswer { Outcome = 1 }));
        _node.Counted(DhtInstruments.RefusedPayload).ShouldBe(1);
        ((DhtResult.Pinged)_node.Results[command]).Contact.ShouldBeNull();
        _node.Machine.Table.Count.ShouldBe(0);
        _node.Machine.QueriesUnderWay.ShouldBe(0);
    }

    [Fact]
    public void A_token_is_shown_until_another_comes_and_an_answer_without_one_leaves_it()
    {
        var other = _node.Known();
        var token = ByteString.CopyFrom(Enumerable.Repeat((byte)7, TokenIssuer.Size).ToArray());
        other.Answers = sent => new DhtAnswer { Token = sent.Query!.Token == token ? ByteString.Empty : token };
        for (var i = 0; i < 4; i++)
        {
            _node.Command(new DhtOperation.FindNode(TestKeys.Named("t")));
        }

        _node.Queries.Select(sent => sent.Query!.Token == token).ShouldBe([false, true, true, true]);
    }

    [Fact]
    public void A_contact_that_the_table_has_too_many_like_is_counted()
    {
        var other = _node.Known();
        _node.Do<DhtResult.Pinged>(new DhtOperation.Ping(other.Endpoint));
        _node.Counted(DhtInstruments.TableCrowded).ShouldBe(0);
        _node.Do<DhtResult.Pinged>(new DhtOperation.Ping(_node.Other(other.Endpoint with { Port = 9 }).Endpoint));
        _node.Counted(DhtInstruments.TableCrowded).ShouldBe(1);
    }
}
