using HiNet.Crdt.Simulation.Shrinking;

namespace HiNet.Crdt.Simulation.Tests.Shrinking;

public sealed class DeltaDebuggingTests
{
    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 7 })]
    [InlineData(new[] { 0, 99 })]
    [InlineData(new[] { 3, 4, 50, 97 })]
    public void What_a_failure_needs_is_found_in_a_hundred_items(int[] needed)
    {
        var runs = 0;
        var found = DeltaDebugging.Minimize(Enumerable.Range(0, 100).ToList(), part =>
        {
            runs++;
            return needed.All(part.Contains);
        });
        found.ShouldBe(needed);
        runs.ShouldBeLessThan(300);
    }

    [Fact]
    public void Leaving_out_any_one_item_of_the_result_ends_the_failure_even_if_it_is_not_monotone()
    {
        static bool Fails(IReadOnlyList<int> part) => part.Count % 3 == 2 && part.Contains(13);
        var found = DeltaDebugging.Minimize(Enumerable.Range(0, 80).ToList(), Fails);
        Fails(found).ShouldBeTrue();
        foreach (var item in found)
        {
            Fails([.. found.Where(other => other != item)]).ShouldBeFalse();
        }
    }

    [Fact]
    public void The_order_of_the_items_stays() =>
        DeltaDebugging.Minimize([5, 1, 4, 2, 3], part => part.Contains(1) && part.Contains(5) && part.Contains(3)).ShouldBe([5, 1, 3]);
}
