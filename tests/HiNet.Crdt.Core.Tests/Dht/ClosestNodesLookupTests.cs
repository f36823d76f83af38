using HiNet.Crdt.Core.Dht;

namespace HiNet.Crdt.Core.Tests.Dht;

public sealed class ClosestNodesLookupTests
{
    private const int Self = 7_777;

    [Fact]
    public void Paths_take_turns_and_share_out_what_the_lookup_starts_at()
    {
        var lookup = Lookup(TestPeers.From(1, 6), concurrency: 3, paths: 2);
        AskAll(lookup).Select(Distance).ShouldBe([1, 2, 3, 4, 5, 6]);
        lookup.Queries.ShouldBe(6);
        lookup.Candidates.ShouldBe(6);
    }

    [Fact]
    public void A_path_has_so_many_queries_under_way()
    {
        var lookup = Lookup(TestPeers.From(1, 8), concurrency: 2, paths: 2);
        var asked = AskAll(lookup);
        asked.Select(Distance).ShouldBe([1, 2, 3, 4]);
        lookup.Failed(asked[0]);
        lookup.Failed(asked[0]);
        AskAll(lookup).Select(Distance).ShouldBe([5]);
        lookup.Answered(asked[1], []);
        lookup.Answered(asked[1], []);
        AskAll(lookup).Select(Distance).ShouldBe([6]);
        lookup.AnsweredNodes.ShouldBe(1);
    }

    [Fact]
    public void There_are_no_more_paths_than_nodes_to_start_at()
    {
        var lookup = Lookup([], concurrency: 1, paths: 4);
        lookup.IsDone.ShouldBeTrue();
        lookup.Widen(TestPeers.From(1, 2)).ShouldBeTrue();
        AskAll(lookup).Count.ShouldBe(1);
        AskAll(Lookup(TestPeers.From(1, 1), concurrency: 1, paths: 4)).Count.ShouldBe(1);
    }

    [Fact]
    public void Hops_are_the_queries_that_led_to_the_nearest_one_after_the_other()
    {
        var lookup = Lookup(TestPeers.From(50, 1));
        lookup.Hops.ShouldBe(0);
        for (var hops = 1; hops <= 4; hops++)
        {
            lookup.Answered(AskAll(lookup).ShouldHaveSingleItem(), [TestPeers.At(50 - hops)]);
            lookup.Hops.ShouldBe(hops);
        }

        // Who is farther than the nearest that answered changes nothing.
        lookup.Widen([TestPeers.At(90)]).ShouldBeTrue();
        lookup.Answered(AskAll(lookup).ShouldHaveSingleItem(), []);
        lookup.Answered(AskAll(lookup).ShouldHaveSingleItem(), []);
        (lookup.AnsweredNodes, lookup.Hops).ShouldBe((6, 5));
    }

    [Fact]
    public void A_lookup_that_was_widened_starts_anew()
    {
        var lookup = Lookup(TestPeers.From(50, 1));
        lookup.Failed(AskAll(lookup).ShouldHaveSingleItem());
        lookup.IsDone.ShouldBeTrue();
        lookup.Widen([TestPeers.At(50), TestPeers.At(Self)]).ShouldBeFalse();
        lookup.Candidates.ShouldBe(1);
        lookup.Widen([TestPeers.At(50), TestPeers.At(60)]).ShouldBeTrue();
        lookup.IsDone.ShouldBeFalse();
        lookup.Answered(AskAll(lookup).ShouldHaveSingleItem(), []);
        lookup.Hops.ShouldBe(1);
    }

    [Fact]
    public void A_lookup_is_widened_by_the_width()
    {
        var lookup = Lookup([], width: 3);
        lookup.Widen(TestPeers.From(1, 10)).ShouldBeTrue();
        lookup.Candidates.ShouldBe(3);
        lookup.Widen(TestPeers.From(1, 10)).ShouldBeTrue();
        lookup.Candidates.ShouldBe(6);
        lookup.Widen(TestPeers.From(1, 6)).ShouldBeFalse();
    }

    [Fact]
    public void The_nearest_that_answered_count_the_nearest_first()
    {
        var lookup = Lookup([TestPeers.At(30), TestPeers.At(20), TestPeers.At(10), TestPeers.At(40)], width: 3, concurrency: 4);
        List<LookupCandidate> asked = [.. AskAll(lookup), .. AskAll(lookup)];
        asked.Select(Distance).Order().ShouldBe([10, 20, 30]);
        foreach (var distance in new[] { 20, 30, 10 })
        {
            lookup.IsDone.ShouldBeFalse();
            lookup.Answered(asked.Single(each => Distance(each) == distance), distance == 20 ? [TestPeers.At(5)] : []);
        }

        lookup.Answered(AskAll(lookup).ShouldHaveSingleItem(), []);
        lookup.IsDone.ShouldBeTrue();
        lookup.Closest.Select(Distance).ShouldBe([5, 10, 20]);
        lookup.AnsweredNodes.ShouldBe(4);
    }

    [Fact]
    public void Of_one_id_at_two_addresses_the_one_that_answered_first_comes_first()
    {
        var lookup = Lookup([TestPeers.At(1), TestPeers.At(1, 1), TestPeers.At(1, 2)], concurrency: 3);
        var asked = AskAll(lookup);
        asked.ForEach(each => lookup.Answered(each, []));
        lookup.Closest.ShouldBe(asked);
    }

    [Fact]
    public void Nobody_asks_themselves()
    {
        var lookup = Lookup([TestPeers.At(Self), TestPeers.At(9_000)], width: 2);
        var first = AskAll(lookup).ShouldHaveSingleItem();
        Distance(first).ShouldBe(9_000);
        lookup.Answered(first, [TestPeers.At(Self)]);
        lookup.PathOf(first).IsSettled.ShouldBeTrue("that was no news");
        lookup.IsDone.ShouldBeTrue();
        lookup.Candidates.ShouldBe(1);
    }

    [Theory]
    [InlineData(0, 5, true)]
    [InlineData(4, 0, true)]
    [InlineData(4, 5, true)]
    [InlineData(5, 0, false)]
    [InlineData(5, 5, false)]
    public void A_path_is_settled_by_an_answer_with_few_news(int news, int known, bool isSettled)
    {
        var seeds = TestPeers.From(100, 8);
        var lookup = Lookup(seeds, width: 8);
        var first = AskAll(lookup)[0];
        lookup.Answered(first, [.. TestPeers.From(50, news), .. seeds.Take(known)]);
        lookup.PathOf(first).IsSettled.ShouldBe(isSettled);
    }

    [Fact]
    public void A_lookup_hears_of_at_most_4096()
    {
        var lookup = Lookup(TestPeers.From(9_000, 1), concurrency: 3);
        var first = AskAll(lookup).ShouldHaveSingleItem();
        lookup.Answered(first, TestPeers.From(4_000, 5_000 - 100));
        lookup.Candidates.ShouldBe(4_096);
        lookup.PathOf(first).IsSettled.ShouldBeFalse();
        lookup.Widen([TestPeers.At(1)]).ShouldBeFalse();

        // What it no longer takes in is no news.
        lookup.Answered(AskAll(lookup)[0], TestPeers.From(1, 20));
        lookup.Candidates.ShouldBe(4_096);
        lookup.PathOf(first).IsSettled.ShouldBeTrue();
    }

    [Fact]
    public void A_lookup_asks_at_most_512_times_and_waits_for_the_last()
    {
        var lookup = Lookup(TestPeers.From(1, 1_000), width: 128, concurrency: 1_000, paths: 8);
        lookup.IsDone.ShouldBeFalse();
        var asked = AskAll(lookup);
        asked.Count.ShouldBe(512);
        lookup.Queries.ShouldBe(512);
        foreach (var candidate in asked)
        {
            lookup.IsDone.ShouldBeFalse();
            lookup.Failed(candidate);
        }

        lookup.IsDone.ShouldBeTrue();
        lookup.Next().ShouldBeNull();
    }

    private static ClosestNodesLookup Lookup(IReadOnlyList<DhtPeer> seeds, int width = 20, int concurrency = 1, int paths = 1) =>
        new(TestPeers.IdAt(Self), TestPeers.Target, width, concurrency, paths, seeds);

    private static List<LookupCandidate> AskAll(ClosestNodesLookup lookup)
    {
        List<LookupCandidate> asked = [];
        while (lookup.Next() is { } candidate)
        {
            asked.Add(candidate);
        }

        return asked;
    }

    private static int Distance(LookupCandidate candidate) => TestPeers.DistanceOf(candidate.Peer);
}
