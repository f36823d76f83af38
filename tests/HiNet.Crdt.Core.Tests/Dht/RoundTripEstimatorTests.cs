using HiNet.Crdt.Core.Dht;

namespace HiNet.Crdt.Core.Tests.Dht;

public sealed class RoundTripEstimatorTests
{
    private static readonly TimeSpan s_microsecond = TimeSpan.FromMicroseconds(1);

    [Fact]
    public void The_wait_is_the_smoothed_round_trip_and_four_times_its_deviation()
    {
        var estimator = new RoundTripEstimator(new DhtOptions());
        estimator.Timeout.ShouldBe(TimeSpan.FromSeconds(1), "nothing was measured yet");
        estimator.Measured(TimeSpan.FromMilliseconds(160));
        estimator.Timeout.ShouldBe(TimeSpan.FromMilliseconds(160 + (4 * 80)));
        estimator.Measured(TimeSpan.FromMilliseconds(320));
        estimator.Timeout.ShouldBe(TimeSpan.FromMilliseconds(180 + (4 * 100)), "a quarter of the way to what it deviated, an eighth to what it was");
        estimator.Measured(TimeSpan.FromMilliseconds(100));
        estimator.Timeout.ShouldBe(TimeSpan.FromMilliseconds(170 + (4 * 95)));
    }

    [Fact]
    public void The_wait_has_bounds()
    {
        var estimator = new RoundTripEstimator(new DhtOptions());
        estimator.Measured(TimeSpan.FromMilliseconds(60));
        estimator.Timeout.ShouldBe(TimeSpan.FromMilliseconds(200));
        estimator = new RoundTripEstimator(new DhtOptions());
        estimator.Measured(TimeSpan.FromMilliseconds(1_001));
        estimator.Timeout.ShouldBe(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public void A_round_trip_too_short_to_measure_is_one_microsecond()
    {
        var estimator = new RoundTripEstimator(new DhtOptions { MinTimeout = s_microsecond });
        estimator.Measured(TimeSpan.Zero);
        estimator.Timeout.ShouldBe(s_microsecond);
        estimator.Measured(s_microsecond * 9);
        estimator.Timeout.ShouldBe(s_microsecond * (2 + (4 * 2)));
    }
}
