using HiNet.Crdt.Core.Dht;

namespace HiNet.Crdt.Core.Tests.Dht;

public sealed class LookupPathTests
{
    private readonly LookupPath _path = new(TestPeers.Target);

    [Fact]
    public void A_path_remembers_the_128_nearest()
    {
        for (var distance = 200; distance > 0; distance--)
        {
            _path.Add(new LookupCandidate(TestPeers.At(distance), 1), 20).ShouldBeTrue();
        }

        _path.Count.ShouldBe(128);
        Asked(200).Select(TestPeers.DistanceOf).ShouldBe(Enumerable.Range(1, 128));
    }

    [Fact]
    public void An_id_counts_at_three_addresses_and_at_each_once()
    {
        foreach (var address in new[] { 0, 1, 2 })
        {
            _path.Add(new LookupCandidate(TestPeers.At(1, address), 1), 20).ShouldBeTrue();
            _path.Add(new LookupCandidate(TestPeers.At(1, address), 1), 20).ShouldBeFalse();
        }

        _path.Add(new LookupCandidate(TestPeers.At(1, 3), 1), 20).ShouldBeFalse();
        _path.Count.ShouldBe(3);
    }

    [Fact]
    public void What_is_told_is_news_where_it_is_among_the_nearest()
    {
        Add(10, 20);
        _path.Add(new LookupCandidate(TestPeers.At(30), 1), 2).ShouldBeFalse();
        _path.Add(new LookupCandidate(TestPeers.At(15), 1), 2).ShouldBeTrue();
        _path.Add(new LookupCandidate(TestPeers.At(5), 1), 2).ShouldBeTrue();
    }

    [Theory]
    [InlineData(0, 3, true)]
    [InlineData(1, 3, false)]
    [InlineData(1, 2, true)]
    [InlineData(1, 1, true)]
    [InlineData(4, 2, true)]
    [InlineData(5, 2, false)]
    public void A_path_is_settled_when_an_answer_brought_at_most_four_news_and_enough_are_known(int news, int width, bool isSettled)
    {
        Add(10, 20);
        _path.Told(news, width);
        _path.IsSettled.ShouldBe(isSettled);
    }

    [Fact]
    public void Those_that_failed_are_named_and_asked_for_beyond_the_width()
    {
        var candidates = Add(10, 20, 30, 40);
        candidates[0].Step = LookupStep.Failed;
        _path.Known(2).Select(TestPeers.DistanceOf).ShouldBe([10, 20, 30]);
        _path.Known(1).Select(TestPeers.DistanceOf).ShouldBe([10, 20]);
        _path.Known(0).ShouldBeEmpty();
        candidates[1].Step = LookupStep.Answered;
        _path.Next(2).ShouldBeSameAs(candidates[2]);
        candidates[2].Step = LookupStep.Answered;
        _path.Next(2).ShouldBeNull();
        _path.IsDone(2).ShouldBeTrue();
        _path.IsDone(3).ShouldBeFalse();
        _path.Next(3).ShouldBeSameAs(candidates[3]);
    }

    [Fact]
    public void A_path_is_not_done_before_the_last_of_the_nearest_has_answered()
    {
        var candidates = Add(10, 20);
        candidates[0].Step = LookupStep.Answered;
        candidates[1].Step = LookupStep.Asked;
        _path.IsDone(2).ShouldBeFalse();
        _path.IsDone(1).ShouldBeTrue();
        _path.Next(2).ShouldBeNull();
    }

    [Fact]
    public void At_most_32_are_named_as_known()
    {
        Add([.. Enumerable.Range(1, 40)]);
        _path.Known(40).Select(TestPeers.DistanceOf).ShouldBe(Enumerable.Range(1, 32));
    }

    private List<LookupCandidate> Add(params int[] distances)
    {
        List<LookupCandidate> candidates = [.. distances.Select(distance => new LookupCandidate(TestPeers.At(distance), 1))];
        candidates.ForEach(candidate => _path.Add(candidate, 20));
        return candidates;
    }

    private List<DhtPeer> Asked(int width)
    {
        List<DhtPeer> asked = [];
        while (_path.Next(width) is { } candidate)
        {
            candidate.Step = LookupStep.Asked;
            asked.Add(candidate.Peer);
        }

        return asked;
    }
}
