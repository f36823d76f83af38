using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Tests.Ports;

public sealed class CostTests
{
    [Fact]
    public void Steps_are_counted_by_kind_and_in_all()
    {
        var cost = new Cost();
        var kinds = Enum.GetValues<CostKind>();
        foreach (var kind in kinds)
        {
            cost.Count(kind);
            cost.Count(kind, 1 + (int)kind);
        }

        kinds.ShouldAllBe(kind => cost[kind] == 2 + (int)kind);
        cost.Steps.ShouldBe(kinds.Sum(kind => 2L + (int)kind));
    }
}
