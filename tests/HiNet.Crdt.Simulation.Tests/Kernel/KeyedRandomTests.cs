using HiNet.Crdt.Simulation.Kernel;

namespace HiNet.Crdt.Simulation.Tests.Kernel;

public sealed class KeyedRandomTests
{
    [Fact]
    public void A_draw_depends_on_nothing_but_seed_stream_owner_and_counter()
    {
        var random = new KeyedRandom(7);
        var before = random.Draw(DrawStream.LinkLatency, 3, 9);
        for (ulong i = 0; i < 100; i++)
        {
            random.Draw(DrawStream.DiskDelay, i, i);
        }

        random.Draw(DrawStream.LinkLatency, 3, 9).ShouldBe(before);
        new KeyedRandom(7).Draw(DrawStream.LinkLatency, 3, 9).ShouldBe(before);
    }

    [Fact]
    public void Draws_are_the_same_in_every_build_for_ever() =>
        new KeyedRandom(42).Draw(DrawStream.Faults, 1, 2).ShouldBe(PinnedDraw);

    [Fact]
    public void Any_part_of_the_key_changes_the_draw()
    {
        var random = new KeyedRandom(1);
        HashSet<ulong> draws = [];
        for (ulong owner = 0; owner < 50; owner++)
        {
            for (ulong counter = 0; counter < 50; counter++)
            {
                draws.Add(random.Draw(DrawStream.Faults, owner, counter)).ShouldBeTrue();
                draws.Add(random.Draw(DrawStream.Workload, owner, counter)).ShouldBeTrue();
            }
        }
    }

    [Theory]
    [InlineData(0.0, 0, 0)]
    [InlineData(0.25, 2300, 2700)]
    [InlineData(1.0, 10_000, 10_000)]
    public void A_chance_comes_as_often_as_it_says(double probability, int atLeast, int atMost)
    {
        var random = new KeyedRandom(5);
        Enumerable.Range(0, 10_000).Count(i => random.Chance(DrawStream.LinkLoss, 1, (ulong)i, probability)).ShouldBeInRange(atLeast, atMost);
    }

    [Fact]
    public void Values_between_two_bounds_reach_both()
    {
        var random = new KeyedRandom(5);
        var values = Enumerable.Range(0, 1000).Select(i => random.Between(DrawStream.LinkLatency, 1, (ulong)i, -2, 2)).Distinct().Order().ToList();
        values.ShouldBe([-2, -1, 0, 1, 2]);
    }

    private const ulong PinnedDraw = 10400399958935606193;
}
