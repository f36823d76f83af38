using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Tests.Dht;

public sealed class RoundTripEstimatorTests
{
    private static readonly TimeSpan s_microsecond = TimeSpan.FromMicroseconds(1);
    private static readonly Instant s_start = new(1_000_000);

    private int _networks;

    [Fact]
    public void The_wait_is_the_smoothed_round_trip_and_four_times_its_deviation()
    {
        var estimator = new RoundTripEstimator(new DhtOptions());
        estimator.Timeout.ShouldBe(TimeSpan.FromSeconds(1), "nothing was measured yet");
        Measure(estimator, TimeSpan.FromMilliseconds(160));
        estimator.Timeout.ShouldBe(TimeSpan.FromMilliseconds(160 + (4 * 80)));
        Measure(estimator, TimeSpan.FromMilliseconds(320));
        estimator.Timeout.ShouldBe(TimeSpan.FromMilliseconds(180 + (4 * 100)), "a quarter of the way to what it deviated, an eighth to what it was");
        Measure(estimator, TimeSpan.FromMilliseconds(100));
        estimator.Timeout.ShouldBe(TimeSpan.FromMilliseconds(170 + (4 * 95)));
    }

    [Fact]
    public void The_wait_has_bounds()
    {
        var estimator = new RoundTripEstimator(new DhtOptions());
        Measure(estimator, TimeSpan.FromMilliseconds(60));
        estimator.Timeout.ShouldBe(TimeSpan.FromMilliseconds(200));
        estimator = new RoundTripEstimator(new DhtOptions());
        Measure(estimator, TimeSpan.FromMilliseconds(1_001));
        estimator.Timeout.ShouldBe(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public void A_round_trip_too_short_to_measure_is_one_microsecond()
    {
        var estimator = new RoundTripEstimator(new DhtOptions { MinTimeout = s_microsecond });
        Measure(estimator, TimeSpan.Zero);
        estimator.Timeout.ShouldBe(s_microsecond);
        Measure(estimator, s_microsecond * 9);
        estimator.Timeout.ShouldBe(s_microsecond * (2 + (4 * 2)));
    }

    [Fact]
    public void A_network_counts_once_in_half_a_minute()
    {
        var estimator = new RoundTripEstimator(new DhtOptions());
        Measure(estimator, TimeSpan.FromMilliseconds(100));
        var wait = estimator.Timeout;
        var late = TestNetwork.EndpointOf(0);
        estimator.Measured(late, TimeSpan.FromMilliseconds(100), s_start);
        var taught = estimator.Timeout;
        for (var i = 0; i < 100; i++)
        {
            // Another address and port of the same /24.
            estimator.Measured(Endpoint.FromIPv4(0x1400_0001 + (uint)i, (ushort)(1 + i)), TimeSpan.FromSeconds(2), s_start + (RoundTripEstimator.Pause - s_microsecond));
        }

        estimator.Timeout.ShouldBe(taught);
        estimator.Measured(late, TimeSpan.FromSeconds(2), s_start + RoundTripEstimator.Pause);
        estimator.Timeout.ShouldBeGreaterThan(taught);
        taught.ShouldBeLessThanOrEqualTo(wait);
    }

    [Fact]
    public void Where_addresses_prove_nothing_each_answer_counts()
    {
        var estimator = new RoundTripEstimator(new DhtOptions());
        Endpoint.TryParse("127.0.0.1:4000", out var loopback).ShouldBeTrue();
        estimator.Measured(loopback, TimeSpan.FromMilliseconds(160), s_start);
        estimator.Measured(loopback, TimeSpan.FromMilliseconds(320), s_start);
        estimator.Timeout.ShouldBe(TimeSpan.FromMilliseconds(180 + (4 * 100)));
    }

    // Each from a network of its own.
    private void Measure(RoundTripEstimator estimator, TimeSpan roundTrip) =>
        estimator.Measured(TestNetwork.EndpointOf(++_networks), roundTrip, s_start);
}
