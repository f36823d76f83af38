using Google.Protobuf;
using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Dht;

/// <summary>What the owner asks for.</summary>
public sealed class DhtNodeOperationsTests
{
    private readonly LoneNode _node = new();

    [Fact]
    public void So_many_operations_are_under_way_and_one_that_ends_makes_room()
    {
        var silent = _node.Other(isSilent: true);
        for (var i = 0; i < 512; i++)
        {
            _node.Command(new DhtOperation.Ping(silent.Endpoint));
        }

        _node.Results.ShouldBeEmpty();
        _node.Stats.Operations.ShouldBe(512);
        _node.Results[_node.Command(new DhtOperation.Ping(silent.Endpoint))].ShouldBeOfType<DhtResult.TooMany>();
        _node.Run(TimeSpan.FromSeconds(1));
        _node.Stats.Operations.ShouldBe(0);
        _node.Command(new DhtOperation.Ping(silent.Endpoint));
        _node.Stats.Operations.ShouldBe(1);
    }

    [Theory]
    [InlineData(true, 4)]
    [InlineData(false, 1)]
    public void A_lookup_goes_over_four_paths_or_one(bool isDisjoint, int paths)
    {
        var node = new LoneNode(new DhtOptions { Concurrency = 1 });
        for (var i = 0; i < 10; i++)
        {
            node.Known(node.IdIn(i, "known"), isSilent: true);
        }

        node.Command(new DhtOperation.FindNode(TestKeys.Named("t"), isDisjoint));
        node.Sent.Count.ShouldBe(paths);
        node.Command(new DhtOperation.Get(TestKeys.Named("t"), isDisjoint));
        node.Sent.Count.ShouldBe(2 * paths);
    }

    [Fact]
    public void A_slot_that_was_refused_here_is_not_said_to_be_held_here()
    {
        Put("t", sequence: 5).IsHeldHere.ShouldBeTrue();
        Put("t", sequence: 5).IsHeldHere.ShouldBeTrue("it is there already");
        Put("t", sequence: 4).IsHeldHere.ShouldBeFalse();
        Put("u", sequence: 1, expires: 0).IsHeldHere.ShouldBeFalse();
        _node.Stats.Slots.ShouldBe(1);
    }

    [Fact]
    public void No_two_checks_of_signatures_have_the_same_number()
    {
        _node.ChecksSignatures = false;
        var (holder, putter) = (_node.Known(), _node.Other());
        var gets = 0;
        holder.Answers = sent =>
        {
            var answer = new DhtAnswer();
            if (sent.Kind == DatagramKind.FindNode)
            {
                (answer.Held, answer.Digest) = (1, ByteString.CopyFrom(new byte[SlotStore.DigestSize]));
            }
            else if (sent.Kind == DatagramKind.Get)
            {
                answer.Slots.Add(Slot("t", $"w{gets++}").ToMessage());
            }

            return answer;
        };
        var token = _node.TokenOf(putter);
        for (var i = 0; i < 3; i++)
        {
            _node.Command(new DhtOperation.Get(TestKeys.Named("t")));
            _node.Ask(putter, DatagramKind.Put, new DhtQuery { Slot = Slot("u", $"w{i}").ToMessage(), Token = token });
        }

        _node.Checks.Count.ShouldBe(6);
        _node.Checks.Select(check => check.Token).Distinct().Count().ShouldBe(6);
    }

    [Fact]
    public void The_numbers_of_a_node_are_those_of_what_it_has()
    {
        var start = _node.Stats;
        (start.Contacts, start.Depth, start.Slots, start.Published, start.Operations, start.Queries, start.Pairs).ShouldBe((0, 0, 0, 0, 0, 0, 0));
        start.Timeout.ShouldBe(TimeSpan.FromSeconds(1));
        start.Observed.ShouldBeNull();
        _node.Machine.KeptBytes.ShouldBe(0);

        foreach (var bucket in new[] { 0, 4, 5 })
        {
            _node.Known(_node.IdIn(bucket, "known"));
        }

        _node.Command(new DhtOperation.Put(Slot("t", "w"), IsKeptUp: true));
        _node.Command(new DhtOperation.Put(Slot("u", "w")));
        var silent = _node.Other(isSilent: true);
        _node.Command(new DhtOperation.Ping(silent.Endpoint));
        _node.Command(new DhtOperation.Ping(silent.Endpoint));
        _node.Remember(silent);

        var stats = _node.Stats;
        (stats.Contacts, stats.Depth, stats.Slots, stats.Published, stats.Operations, stats.Queries, stats.Pairs).ShouldBe((3, 6, 2, 1, 2, 3, 4));
        stats.Timeout.ShouldBe(TimeSpan.FromSeconds(0.2), "those that answered took no time");
        _node.Machine.KeptBytes.ShouldBe((3 * 1_200) + (3 * 160) + (4 * 120) + (5 * 400));
    }

    private DhtSlot Slot(string target, string writer) => TestSlots.Of(target, writer, 1, _node.UnixSeconds + 100, 20);

    private DhtResult.PutSlot Put(string target, ulong sequence, long expires = 100) =>
        _node.Do<DhtResult.PutSlot>(new DhtOperation.Put(TestSlots.Of(target, "w", sequence, _node.UnixSeconds + expires, 20)));
}
