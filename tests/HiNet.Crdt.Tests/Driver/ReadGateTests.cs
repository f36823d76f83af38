using HiNet.Crdt.Core.Engine.Driving;
using HiNet.Crdt.Driver;

namespace HiNet.Crdt.Tests.Driver;

public sealed class ReadGateTests
{
    [Fact]
    public void It_closes_at_either_bound_and_opens_at_half_of_both()
    {
        var gate = new ReadGate();
        gate.Add(ReadPressure.MaximumBytes - 1, 0);
        gate.WhenOpen.IsCompleted.ShouldBeTrue();
        gate.Add(1, ReadPressure.MaximumChecks);
        var closed = gate.WhenOpen;
        closed.IsCompleted.ShouldBeFalse();
        gate.Remove(ReadPressure.MaximumBytes, 0);
        closed.IsCompleted.ShouldBeFalse();
        gate.Remove(0, (ReadPressure.MaximumChecks / 2) - 1);
        closed.IsCompleted.ShouldBeFalse();
        gate.Remove(0, 1);
        closed.IsCompleted.ShouldBeTrue();
        gate.WhenOpen.IsCompleted.ShouldBeTrue();
    }
}
