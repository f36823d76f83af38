using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Tests.Ports;

public sealed class InstantTests
{
    [Fact]
    public void What_lies_beyond_all_time_is_never()
    {
        var last = new Instant(long.MaxValue - 10);
        (last + TimeSpan.FromMicroseconds(9)).ShouldBe(new Instant(long.MaxValue - 1));
        (last + TimeSpan.FromMicroseconds(11)).ShouldBe(Instant.Never);
        (Instant.Never + TimeSpan.FromDays(1)).ShouldBe(Instant.Never);
    }

    [Fact]
    public void The_earlier_of_two_is_the_least()
    {
        Instant.Min(new Instant(1), Instant.Never).ShouldBe(new Instant(1));
        Instant.Min(new Instant(3), new Instant(2)).ShouldBe(new Instant(2));
    }
}
