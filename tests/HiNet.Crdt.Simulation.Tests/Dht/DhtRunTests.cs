using HiNet.Crdt.Simulation.Dht;
using HiNet.Crdt.Simulation.Kernel;

namespace HiNet.Crdt.Simulation.Tests.Dht;

public sealed class DhtRunTests
{
    [Fact]
    public void A_seed_runs_alike_and_another_does_not()
    {
        var options = new DhtRunOptions { Nodes = 500, Lookups = 20, Loss = 0.01, Seed = 3 };
        var report = DhtRun.Run(options);
        report.Result.ShouldBe(SimulationResult.Pass);
        DhtRun.Run(options).TraceHash.ShouldBe(report.TraceHash);
        DhtRun.Run(options with { Seed = 4 }).TraceHash.ShouldNotBe(report.TraceHash);
    }

    [Fact]
    public void Ten_thousand_healthy_nodes_are_three_hops_wide()
    {
        var metrics = DhtRun.Run(new DhtRunOptions { Nodes = 10_000, Lookups = 200 }).Metrics;
        metrics["success"].ShouldBe(1);
        metrics["recordsFound"].ShouldBe(1);
        metrics["hopsMean"].ShouldBeLessThanOrEqualTo(3.0);
        metrics["rpcsMean"].ShouldBeLessThanOrEqualTo(36);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.5)]
    public void Records_are_found_with_many_nodes_dead(double dead)
    {
        var metrics = DhtRun.Run(new DhtRunOptions { Nodes = 2_000, Lookups = 100, Dead = dead }).Metrics;
        metrics["success"].ShouldBeGreaterThanOrEqualTo(0.99);
        metrics["recordsFound"].ShouldBeGreaterThanOrEqualTo(0.99);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Lookups_find_their_way_around_one_hostile_node_in_five(bool areIdsForged)
    {
        var metrics = DhtRun.Run(new DhtRunOptions { Nodes = 2_000, Lookups = 100, Hostile = 0.2, AreIdsForged = areIdsForged }).Metrics;
        metrics["success"].ShouldBeGreaterThanOrEqualTo(0.99);
        metrics["recordsFound"].ShouldBeGreaterThanOrEqualTo(0.99);
        (metrics["refused"] > 0).ShouldBe(areIdsForged, "an id that is not proved is refused");
    }

    [Fact]
    public void Records_are_told_of_soon_although_one_node_in_ten_gives_its_own_one_by_one_as_late_as_it_may()
    {
        var report = DhtRun.Run(new DhtRunOptions { Nodes = 2_000, Lookups = 60, Hostile = 0.1, AreSlow = true });
        report.Result.ShouldBe(SimulationResult.Pass);
        report.Metrics["recordsFound"].ShouldBeGreaterThanOrEqualTo(0.98);
        report.Metrics["recordLatencyMean"].ShouldBeLessThan(3);
        report.Metrics["recordLatencyMost"].ShouldBeLessThan(15);
        report.Metrics["getLatencyMost"].ShouldBeLessThan(110);
    }

    [Fact]
    public void Nodes_and_records_are_found_while_nodes_stay_for_five_minutes()
    {
        var options = new DhtRunOptions { Nodes = 60, Lookups = 40, Session = TimeSpan.FromMinutes(5), Seed = 2 };
        var report = DhtRun.Run(options);
        report.Result.ShouldBe(SimulationResult.Pass);
        report.Metrics["departures"].ShouldBeGreaterThan(200);
        report.Metrics["successSettled"].ShouldBeGreaterThanOrEqualTo(0.95);
        report.Metrics["recordsFound"].ShouldBeGreaterThanOrEqualTo(0.95);
        report.Metrics["bytesPerNodeMinute"].ShouldBeInRange(1_000, 100_000);
        DhtRun.Run(options).TraceHash.ShouldBe(report.TraceHash);
    }

    [Theory]
    [InlineData(10, 0.5, 0)]
    [InlineData(10, 20_000, 0)]
    [InlineData(10_001, 5, 0)]
    [InlineData(10, 5, 0.1)]
    public void Nodes_come_and_go_within_bounds(int nodes, double minutes, double dead) => Should.Throw<ArgumentOutOfRangeException>(
        () => DhtRun.Run(new DhtRunOptions { Nodes = nodes, Session = TimeSpan.FromMinutes(minutes), Dead = dead }));

    [Fact]
    public void Tables_are_filled_as_a_long_life_fills_them()
    {
        var network = new SimulatedDht(new DhtRunOptions { Nodes = 1_000 }, new Scheduler(new SimulationBudget()));
        foreach (var (contacts, nodes) in network.Buckets(17))
        {
            contacts.ShouldBe(Math.Min(nodes, 20));
        }
    }

    [Theory]
    [InlineData(1, 0, 0, 10)]
    [InlineData(10, 0.5, 0.5, 10)]
    [InlineData(10, -0.1, 0, 10)]
    [InlineData(10, 0, 0, 0)]
    public void Options_out_of_range_are_refused(int nodes, double dead, double hostile, int lookups) =>
        Should.Throw<ArgumentOutOfRangeException>(() => DhtRun.Run(new DhtRunOptions { Nodes = nodes, Dead = dead, Hostile = hostile, Lookups = lookups }));
}
