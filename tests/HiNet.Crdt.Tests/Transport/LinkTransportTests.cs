using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Tests.Driver;
using HiNet.Crdt.Transport;

namespace HiNet.Crdt.Tests.Transport;

public sealed class LinkTransportTests
{
    [Theory]
    [InlineData("127.0.0.1:0")]
    [InlineData("[::1]:0")]
    public async Task Bytes_cross_a_tcp_link_in_order_in_both_directions(string listen)
    {
        await using var listener = new RunningDriver(Echo());
        var address = listener.Transport.Bind(NodeAddress.Parse(listen, forListening: true));
        listener.Transport.Accept();
        await using var dialler = new RunningDriver(Dialler(address.ToString(), size: 300_000));

        await AssertEchoedAsync(dialler, 300_000);
        (await listener.InputAsync<NodeInput.LinkOpened>()).ShouldSatisfyAllConditions(
            opened => opened.IsInitiator.ShouldBeFalse(), opened => opened.Address.ShouldBeNull());
        (await dialler.InputAsync<NodeInput.LinkOpened>()).ShouldSatisfyAllConditions(
            opened => opened.IsInitiator.ShouldBeTrue(), opened => opened.Address.ShouldBe(address.ToString()));
    }

    [Fact]
    public async Task Bytes_cross_any_pair_of_streams_in_order_in_both_directions()
    {
        var (left, right) = StreamPair();
        await using var a = new RunningDriver(Echo());
        await using var b = new RunningDriver(Sender(300_000));
        a.Transport.Open(left, isInitiator: false, null);
        b.Transport.Open(right, isInitiator: true, null);

        await AssertEchoedAsync(b, 300_000);
    }

    [Fact]
    public async Task A_disconnected_link_sends_what_was_queued_and_ends_once_with_the_reason()
    {
        await using var listener = new RunningDriver(new ToyMachine());
        var address = listener.Transport.Bind(NodeAddress.Parse("127.0.0.1:0", forListening: true));
        listener.Transport.Accept();
        var machine = new ToyMachine
        {
            OnInput = (input, effects) =>
            {
                if (input is NodeInput.LinkOpened opened)
                {
                    effects.Add(new NodeEffect.Send(opened.Link, new byte[200_000]));
                    effects.Add(new NodeEffect.Disconnect(opened.Link, "the machine had enough"));
                    effects.Add(new NodeEffect.Send(opened.Link, new byte[1]));
                }

                return false;
            },
        };
        await using var dialler = new RunningDriver(machine);
        dialler.Transport.Dial(address.ToString());

        (await dialler.InputAsync<NodeInput.LinkEnded>()).Reason.ShouldBe("the machine had enough");
        await listener.InputAsync<NodeInput.LinkEnded>();
        listener.Machine.Inputs.OfType<NodeInput.BytesReceived>().Sum(received => received.Bytes.Length).ShouldBe(200_000);
        dialler.Machine.Inputs.OfType<NodeInput.LinkEnded>().Count().ShouldBe(1);
    }

    [Fact]
    public async Task The_end_of_a_stream_ends_the_link()
    {
        var (left, right) = StreamPair();
        await using var a = new RunningDriver(new ToyMachine());
        var link = a.Transport.Open(left, isInitiator: false, null);
        await right.DisposeAsync();

        (await a.InputAsync<NodeInput.LinkEnded>()).Reason.ShouldContain("closed the link");
        await link.Finished.WaitAsync(RunningDriver.Patience);
    }

    [Fact]
    public async Task A_peer_that_does_not_read_loses_its_link_and_holds_up_nobody()
    {
        var (left, _) = StreamPair();
        var machine = Sender(Limits.LinkBufferBytes + 1);
        await using var a = new RunningDriver(machine);
        a.Transport.Open(left, isInitiator: false, null);

        (await a.InputAsync<NodeInput.LinkEnded>()).Reason.ShouldContain("does not read");
        await a.DoAsync().WaitAsync(RunningDriver.Patience);
    }

    [Fact]
    public async Task A_busy_machine_leaves_received_bytes_with_their_sender()
    {
        using var release = new ManualResetEventSlim();
        var machine = new ToyMachine
        {
            OnInput = (input, _) =>
            {
                if (input is NodeInput.BytesReceived)
                {
                    release.Wait(RunningDriver.Patience);
                }

                return false;
            },
        };
        await using var listener = new RunningDriver(machine);
        var address = listener.Transport.Bind(NodeAddress.Parse("127.0.0.1:0", forListening: true));
        listener.Transport.Accept();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, address.Port);
        const int total = 64 * 1024 * 1024;
        var sent = Task.Run(async () => await client.GetStream().WriteAsync(new byte[total]));
        await Until.TrueAsync(() => !listener.Gate.WhenOpen.IsCompleted);
        sent.IsCompleted.ShouldBeFalse();
        release.Set();
        await sent.WaitAsync(RunningDriver.Patience);
        await Until.TrueAsync(() => machine.Inputs.OfType<NodeInput.BytesReceived>().Sum(received => (long)received.Bytes.Length) == total);
        listener.Gate.WhenOpen.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task Nobody_listening_and_a_malformed_address_are_failed_dials()
    {
        using var taken = new Socket(SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var closed = $"127.0.0.1:{((IPEndPoint)taken.LocalEndPoint!).Port}";
        await using var running = new RunningDriver(new ToyMachine());
        running.Transport.Dial(closed);
        running.Transport.Dial("nonsense");

        (await running.InputAsync<NodeInput.DialFailed>(failed => failed.Address == closed)).Reason.ShouldBe("nobody listens there");
        (await running.InputAsync<NodeInput.DialFailed>(failed => failed.Address == "nonsense")).Reason.ShouldContain("has no port");
    }

    [Fact]
    public async Task An_address_in_use_says_so()
    {
        await using var first = new RunningDriver(new ToyMachine());
        await using var second = new RunningDriver(new ToyMachine());
        var address = first.Transport.Bind(NodeAddress.Parse("127.0.0.1:0", forListening: true));

        Should.Throw<HiNetException>(() => second.Transport.Bind(address)).Message
            .ShouldBe($"Cannot listen on {address}: another program uses it; choose another address or port.");
    }

    [Fact]
    public async Task Silent_connections_make_room_for_newcomers()
    {
        await using var listener = new RunningDriver(new ToyMachine());
        var address = listener.Transport.Bind(NodeAddress.Parse("127.0.0.1:0", forListening: true));
        listener.Transport.Accept();
        var clients = new List<TcpClient>();
        for (var i = 0; i <= TcpAcceptor.MaximumUnestablished; i++)
        {
            var client = new TcpClient();
            clients.Add(client);
            await client.ConnectAsync(IPAddress.Loopback, address.Port);
            await Until.TrueAsync(() => listener.Machine.Inputs.OfType<NodeInput.LinkOpened>().Count() == i + 1);
        }

        (await listener.InputAsync<NodeInput.LinkEnded>()).Reason.ShouldContain("handshake");
        listener.Machine.Inputs.OfType<NodeInput.LinkEnded>().Count().ShouldBe(1);
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task A_flood_of_silent_connections_from_one_address_does_not_end_a_slow_one_from_another()
    {
        await using var listener = new RunningDriver(new ToyMachine());
        var address = listener.Transport.Bind(NodeAddress.Parse("127.0.0.1:0", forListening: true));
        listener.Transport.Accept();
        using var slow = new TcpClient(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
        await slow.ConnectAsync(IPAddress.Loopback, address.Port);
        var first = await listener.InputAsync<NodeInput.LinkOpened>();
        var clients = new List<TcpClient>();
        for (var i = 0; i < 3 * TcpAcceptor.MaximumUnestablished; i++)
        {
            var client = new TcpClient();
            clients.Add(client);
            await client.ConnectAsync(IPAddress.Loopback, address.Port);
        }

        await Until.TrueAsync(() => listener.Machine.Inputs.OfType<NodeInput.LinkEnded>().Count() > 2 * TcpAcceptor.MaximumUnestablished);
        listener.Machine.Inputs.OfType<NodeInput.LinkEnded>().ShouldNotContain(ended => ended.Link == first.Link);
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task Disposal_ends_every_link()
    {
        var (left, right) = StreamPair();
        var a = new RunningDriver(new ToyMachine());
        var link = a.Transport.Open(left, isInitiator: false, null);
        await a.DisposeAsync();

        await link.Finished.WaitAsync(RunningDriver.Patience);
        (await right.ReadAsync(new byte[1])).ShouldBe(0);
    }

    /// <summary>Two ends of one duplex stream in memory, joined as two named pipes would be.</summary>
    private static (DuplexStream Left, DuplexStream Right) StreamPair()
    {
        var there = new Pipe();
        var back = new Pipe();
        return (new DuplexStream(there.Reader.AsStream(), back.Writer.AsStream()),
            new DuplexStream(back.Reader.AsStream(), there.Writer.AsStream()));
    }

    private static ToyMachine Echo() => new()
    {
        OnInput = (input, effects) =>
        {
            if (input is NodeInput.BytesReceived received)
            {
                effects.Add(new NodeEffect.Send(received.Link, received.Bytes.ToArray()));
            }

            return false;
        },
    };

    private static ToyMachine Sender(long size) => new()
    {
        OnInput = (input, effects) =>
        {
            if (input is NodeInput.LinkOpened opened)
            {
                Send(opened.Link, size, effects);
            }

            return false;
        },
    };

    private static ToyMachine Dialler(string address, long size) => new()
    {
        OnInput = (input, effects) =>
        {
            if (input is NodeInput.WallClockRead)
            {
                effects.Add(new NodeEffect.Dial(address));
            }
            else if (input is NodeInput.LinkOpened opened)
            {
                Send(opened.Link, size, effects);
            }

            return false;
        },
    };

    private static void Send(LinkId link, long size, IEffectSink<NodeEffect> effects)
    {
        for (long at = 0; at < size;)
        {
            // Frames of many sizes, so that joined and single writes are both met.
            var frame = new byte[Math.Min(size - at, 1 + (at * 31 % 70_000))];
            for (var i = 0; i < frame.Length; i++)
            {
                frame[i] = Pattern(at + i);
            }

            effects.Add(new NodeEffect.Send(link, frame));
            at += frame.Length;
        }
    }

    private static async Task AssertEchoedAsync(RunningDriver sender, int size)
    {
        await Until.TrueAsync(() => sender.Machine.Inputs.OfType<NodeInput.BytesReceived>().Sum(received => received.Bytes.Length) >= size);
        var echoed = sender.Machine.Inputs.OfType<NodeInput.BytesReceived>().SelectMany(received => received.Bytes.ToArray()).ToArray();
        echoed.ShouldBe(Enumerable.Range(0, size).Select(i => Pattern(i)).ToArray());
    }

    private static byte Pattern(long at) => (byte)(at * 7 % 251);
}
