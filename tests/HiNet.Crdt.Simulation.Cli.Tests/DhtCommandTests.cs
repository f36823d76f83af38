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

    [Theory]
    [InlineData("dht")]
    [InlineData("dht", "--nodes", "1")]
    [InlineData("dht", "--nodes", "many")]
    [InlineData("dht", "--nodes", "10", "--dead", "1")]
    [InlineData("dht", "--nodes", "10", "--hostile", "-0.1")]
    [InlineData("dht", "--nodes", "10", "--dead", "0.6", "--hostile", "0.6")]
    [InlineData("dht", "--nodes", "10", "--lookups", "0")]
    public void Wrong_usage_exits_2_with_a_sentence(params string[] arguments)
    {
        var (exitCode, _, problems) = SimulatorProcess.Run(arguments);
        exitCode.ShouldBe(2);
        problems.ShouldStartWith("hinet-sim: ");
    }
}
