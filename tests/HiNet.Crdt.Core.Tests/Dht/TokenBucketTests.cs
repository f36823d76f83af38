using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Tests.Dht;

public sealed class TokenBucketTests
{
    private static readonly Instant s_start = new(5_000_000);

    [Fact]
    public void So_many_at_once_and_then_one_for_each_share_of_a_second()
    {
        var bucket = new TokenBucket(perSecond: 2, burst: 3, s_start);
        TakeAll(ref bucket, s_start).ShouldBe(3);
        TakeAll(ref bucket, At(499_999)).ShouldBe(0);
        TakeAll(ref bucket, At(500_000)).ShouldBe(1);
        TakeAll(ref bucket, At(1_499_999)).ShouldBe(1);
        TakeAll(ref bucket, At(1_500_000)).ShouldBe(1);
        TakeAll(ref bucket, At(600_000_000)).ShouldBe(3, "a rest gives no more than the burst");
    }

    [Fact]
    public void What_was_left_over_is_not_counted_twice()
    {
        var bucket = new TokenBucket(perSecond: 1, burst: 2, s_start);
        TakeAll(ref bucket, s_start).ShouldBe(2);
        TakeAll(ref bucket, At(600_000)).ShouldBe(0);
        TakeAll(ref bucket, At(999_999)).ShouldBe(0);
        TakeAll(ref bucket, At(1_000_000)).ShouldBe(1);
        TakeAll(ref bucket, At(1_600_000)).ShouldBe(0);
        TakeAll(ref bucket, At(3_000_000)).ShouldBe(2);
    }

    [Fact]
    public void Where_no_time_passes_nothing_comes()
    {
        var bucket = new TokenBucket(perSecond: 1_000_000, burst: 1, s_start);
        TakeAll(ref bucket, s_start).ShouldBe(1);
        bucket.TryTake(new Instant(0)).ShouldBeFalse("a clock that runs back gives nothing either");
    }

    private static Instant At(long microseconds) => new(s_start.Microseconds + microseconds);

    private static int TakeAll(ref TokenBucket bucket, Instant now)
    {
        var taken = 0;
        while (taken < 100 && bucket.TryTake(now))
        {
            taken++;
        }

        return taken;
    }
}
