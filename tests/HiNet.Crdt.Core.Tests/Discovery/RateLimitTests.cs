using HiNet.Crdt.Core.Discovery;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Tests.Discovery;

public sealed class RateLimitTests
{
    private static readonly Instant s_start = new(0);
    private readonly RateLimit _limit = new(5);

    [Fact]
    public void What_does_not_fit_takes_nothing_from_what_does()
    {
        _limit.TryTake(s_start, 4).ShouldBeTrue();
        _limit.TryTake(s_start, 3).ShouldBeFalse();
        _limit.TryTake(s_start).ShouldBeTrue();
        _limit.TryTake(s_start).ShouldBeFalse();
    }

    [Fact]
    public void A_second_after_the_first_there_is_all_of_it_again()
    {
        _limit.TryTake(s_start, 5).ShouldBeTrue();
        _limit.Renewal.ShouldBe(s_start + TimeSpan.FromSeconds(1));
        _limit.TryTake(new Instant(999_999)).ShouldBeFalse();
        _limit.TryTake(_limit.Renewal, 6).ShouldBeFalse();
        _limit.TryTake(new Instant(1_000_000), 5).ShouldBeTrue();
        _limit.Renewal.ShouldBe(s_start + TimeSpan.FromSeconds(2));
    }
}
