using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Simulation.Kernel;
using HiNet.Crdt.Simulation.Network;

namespace HiNet.Crdt.Simulation.Tests.Network;

public sealed class SimulatedNetworkTests
{
    private readonly Scheduler _scheduler = new(new SimulationBudget());
    private readonly List<Host> _hosts = [];

    [Fact]
    public void Bytes_arrive_whole_and_in_order_whatever_is_lost_split_and_cut()
    {
        var network = Create(new NetworkOptions { Loss = 0.2, Split = 0.5 }, 2);
        var (near, far) = Link(network);
        List<byte> sent = [];
        for (var i = 0; i < 300; i++)
        {
            byte[] bytes = [.. Enumerable.Range(0, 1 + (i * 37 % 4000)).Select(n => (byte)(n + i))];
            sent.AddRange(bytes);
            network.Send(_hosts[0], near, bytes);
            network.Flush();
            if (i % 20 == 5)
            {
                network.Cut(0, 1);
            }

            if (i % 20 == 9)
            {
                network.Mend(0, 1);
            }

            Pass(TimeSpan.FromMilliseconds(50));
        }

        Pass(TimeSpan.FromSeconds(30));
        _hosts[1].Received[far].ShouldBe(sent);
        _hosts[0].Ended.ShouldBeEmpty();
    }

    [Fact]
    public void A_stalled_link_ends_at_its_sender_and_later_at_the_other_end_without_a_gap()
    {
        var network = Create(new NetworkOptions { StallTimeout = TimeSpan.FromSeconds(5) }, 2);
        var (near, far) = Link(network);
        network.Cut(0, 1);
        network.Send(_hosts[0], near, new byte[] { 1, 2, 3 });
        network.Flush();
        Pass(TimeSpan.FromSeconds(10));
        _hosts[0].Ended.ShouldBe([near]);
        _hosts[1].Ended.ShouldBeEmpty();
        network.Mend(0, 1);
        Pass(TimeSpan.FromMinutes(2));
        _hosts[1].Ended.ShouldBe([far]);
        _hosts[1].Received[far].ShouldBeEmpty();
    }

    [Fact]
    public void What_was_sent_before_a_disconnect_arrives_before_the_end()
    {
        var network = Create(new NetworkOptions(), 2);
        var (near, far) = Link(network);
        network.Send(_hosts[0], near, new byte[] { 7 });
        network.Disconnect(_hosts[0], near);
        network.Send(_hosts[0], near, new byte[] { 8 });
        network.Flush();
        Pass(TimeSpan.FromSeconds(5));
        _hosts[1].Received[far].ShouldBe([7]);
        _hosts[1].Ended.ShouldBe([far]);
        _hosts[0].Ended.ShouldBe([near]);
    }

    [Theory]
    [InlineData("node-9:1", "no such address")]
    [InlineData("elsewhere", "no such address")]
    [InlineData("node-1:1", "the connection was refused")]
    public void A_dial_that_cannot_work_says_why(string address, string reason)
    {
        var network = Create(new NetworkOptions(), 2);
        _hosts[1].IsUp = false;
        network.Dial(_hosts[0], address);
        Pass(TimeSpan.FromSeconds(1));
        _hosts[0].DialProblems.ShouldBe([reason]);
    }

    [Fact]
    public void A_dial_into_a_cut_runs_into_its_time_out()
    {
        var network = Create(new NetworkOptions(), 2);
        network.Partition([[0], [1]]);
        network.Dial(_hosts[0], "node-1:1");
        Pass(TimeSpan.FromSeconds(9));
        _hosts[0].DialProblems.ShouldBeEmpty();
        Pass(TimeSpan.FromSeconds(2));
        _hosts[0].DialProblems.ShouldBe(["no answer within 10 seconds"]);
    }

    [Fact]
    public void A_limited_link_takes_its_time()
    {
        var network = Create(new NetworkOptions { BytesPerSecond = 1000 }, 2);
        var (near, far) = Link(network);
        network.Send(_hosts[0], near, new byte[5000]);
        network.Flush();
        Pass(TimeSpan.FromSeconds(4.9));
        _hosts[1].Received[far].Count.ShouldBeLessThan(5000);
        Pass(TimeSpan.FromSeconds(0.3));
        _hosts[1].Received[far].Count.ShouldBe(5000);
    }

    private SimulatedNetwork Create(NetworkOptions options, int hosts)
    {
        var network = new SimulatedNetwork(_scheduler, new KeyedRandom(9), options);
        for (var i = 0; i < hosts; i++)
        {
            _hosts.Add(new Host(i));
            network.Attach(_hosts[i]);
        }

        return network;
    }

    private (LinkId Near, LinkId Far) Link(SimulatedNetwork network)
    {
        network.Dial(_hosts[0], "node-1:1");
        Pass(TimeSpan.FromSeconds(1));
        return (_hosts[0].Opened.Single(), _hosts[1].Opened.Single());
    }

    private void Pass(TimeSpan time)
    {
        var until = _scheduler.Now + time;
        while (_scheduler.Step(until))
        {
        }
    }

    private sealed class Host(int index) : INetworkHost
    {
        public long LinkWindowBytes => 1 << 20;

        private long _links;

        public int Index => index;

        public int Generation => 1;

        public bool IsUp { get; set; } = true;

        public bool IsHonest => true;

        public bool IsDark => false;

        public Dictionary<LinkId, LinkEnd> Ends { get; } = [];

        public List<LinkId> Opened { get; } = [];

        public List<LinkId> Ended { get; } = [];

        public List<string> DialProblems { get; } = [];

        public Dictionary<LinkId, List<byte>> Received { get; } = [];

        public LinkId NextLink() => new(++_links);

        public void Give(NodeInput input)
        {
            switch (input)
            {
                case NodeInput.LinkOpened opened:
                    Opened.Add(opened.Link);
                    Received.Add(opened.Link, []);
                    break;
                case NodeInput.BytesReceived received:
                    Received[received.Link].AddRange(received.Bytes.Span);
                    break;
                case NodeInput.LinkEnded ended:
                    Ended.Add(ended.Link);
                    break;
                case NodeInput.DialFailed failed:
                    DialProblems.Add(failed.Reason);
                    break;
            }
        }
    }
}
