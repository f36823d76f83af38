using HiNet.Crdt.Core.Dht;

namespace HiNet.Crdt.Core.Tests.Dht;

public sealed class PingTaskTests
{
    private readonly TestNetwork _network = new();

    [Fact]
    public void Where_nobody_can_be_nobody_is_asked()
    {
        var node = _network.Add(1);
        _network.Do<DhtResult.Pinged>(node, new DhtOperation.Ping(Endpoint.Parse("0.0.0.0:1"))).ShouldBe(new DhtResult.Pinged(null, TimeSpan.Zero));
        node.Sent.ShouldBeEmpty();
    }

    [Fact]
    public void Where_nobody_answers_that_is_said_after_the_time_out()
    {
        var options = new DhtOptions();
        var pinged = _network.Do<DhtResult.Pinged>(_network.Add(1, options), new DhtOperation.Ping(TestNetwork.EndpointOf(2)));
        pinged.ShouldBe(new DhtResult.Pinged(null, options.InitialTimeout));
    }
}
