using System.Text.Json;

namespace HiNet.Crdt.Simulation.Cli.Tests;

public sealed class DhtCommandTests
{
    [Fact]
    public void The_dht_is_measured_on_one_line_of_json()
    {
        var (exitCode, output, problems) = SimulatorProcess.Run("dht", "--nodes", "300", "--lookups", "20", "--dead", "0.1", "--seed", "7", "--json");
        exitCode.ShouldBe(0, problems);
        var line = JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]).RootElement;
        line.GetProperty("result").GetString().ShouldBe("pass");
        line.GetProperty("seed").GetUInt64().ShouldBe(7UL);
        var metrics = line.GetProperty("metrics");
        metrics.GetProperty("success").GetDouble().ShouldBeGreaterThan(0.9);
        metrics.GetProperty("hopsMean").GetDouble().ShouldBeInRange(1, 4);
        metrics.GetProperty("rpcsMean").GetDouble().ShouldBeInRange(15, 60);
    }

    [Fact]
    public void Nodes_that_come_and_go_are_measured()
    {
        var (exitCode, output, problems) = SimulatorProcess.Run("dht", "--nodes", "30", "--session", "5", "--lookups", "10", "--json");
        exitCode.ShouldBe(0, problems);
        var metrics = JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]).RootElement.GetProperty("metrics");
        metrics.GetProperty("success").GetDouble().ShouldBeGreaterThan(0.5);
        metrics.GetProperty("bytesPerNodeMinute").GetDouble().ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("dht")]
    [InlineData("dht", "--nodes", "1")]
    [InlineData("dht", "--nodes", "many")]
    [InlineData("dht", "--nodes", "10", "--loss", "some")]
    [InlineData("dht", "--nodes", "10", "--dead", "1")]
    [InlineData("dht", "--nodes", "10", "--hostile", "-0.1")]
    [InlineData("dht", "--nodes", "10", "--dead", "0.6", "--hostile", "0.6")]
    [InlineData("dht", "--nodes", "10", "--lookups", "0")]
    [InlineData("dht", "--nodes", "10", "--session", "0")]
    [InlineData("dht", "--nodes", "10", "--session", "short")]
    [InlineData("dht", "--nodes", "10", "--session", "10081")]
    [InlineData("dht", "--nodes", "10", "--session", "5", "--dead", "0.1")]
    [InlineData("dht", "--nodes", "10001", "--session", "5")]
    public void Wrong_usage_exits_2_with_a_sentence(params string[] arguments)
    {
        var (exitCode, _, problems) = SimulatorProcess.Run(arguments);
        exitCode.ShouldBe(2);
        problems.ShouldStartWith("hinet-sim: ");
    }
}
