using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Links;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Cryptography;

namespace HiNet.Crdt.Interop.Tests;

/// <summary>A <see cref="LinkMachine"/> on a loopback TCP socket; the least that carries bytes and time to it.</summary>
internal sealed class SocketLink : IEffectSink<LinkEffect>, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Socket _socket;
    private readonly LinkMachine _machine;
    private readonly Channel<ReadOnlyMemory<byte>> _output = Channel.CreateUnbounded<ReadOnlyMemory<byte>>();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _tasks;

    private SocketLink(Socket socket, bool isInitiator, LinkOptions options)
    {
        socket.NoDelay = true;
        _socket = socket;
        Span<byte> seed = stackalloc byte[32];
        SodiumCryptography.Instance.FillSecret(seed);
        Keys = NodeKeyPair.FromSeed(SodiumCryptography.Instance, seed);
        _machine = new LinkMachine(SodiumCryptography.Instance, Keys, isInitiator, options, Now);
        Do(machine => machine.Start(Now, this));
        _tasks = Task.WhenAll(ReadAsync(), WriteAsync(), WatchDeadlineAsync());
    }

    public NodeKeyPair Keys { get; }

    /// <summary>Everything but bytes and messages.</summary>
    public EventLog<LinkEffect> Effects { get; } = new();

    public EventLog<ReceivedMessage> Messages { get; } = new();

    /// <summary>What to do with a request, from within it.</summary>
    public Action<LinkMachine, LinkEffect.ChannelRequested>? OnRequest { get; set; }

    public long BytesReceived
    {
        get
        {
            lock (_gate)
            {
                return _machine.BytesReceived;
            }
        }
    }

    public Instant Now { get; private set; } = Read();

    public static async Task<(SocketLink Link, JavaScriptLinkPeer Peer)> ConnectAsync(bool weDial, LinkOptions? options = null, int peerKeepAlive = 0)
    {
        var keepAlive = peerKeepAlive.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var patient = options ?? new LinkOptions { ReceiveTimeout = null };
        if (weDial)
        {
            var listener = JavaScriptLinkPeer.Start("listen", keepAlive);
            var port = (int)(await listener.WaitAsync("listening"))["port"]!;
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return (new SocketLink(socket, isInitiator: true, patient), listener);
        }

        using var ours = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        ours.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        ours.Listen();
        var dialler = JavaScriptLinkPeer.Start(
            "dial", ((IPEndPoint)ours.LocalEndPoint!).Port.ToString(System.Globalization.CultureInfo.InvariantCulture), keepAlive);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return (new SocketLink(await ours.AcceptAsync(timeout.Token), isInitiator: false, patient), dialler);
    }

    public void Do(Action<LinkMachine> action) => Do(machine =>
    {
        action(machine);
        return true;
    });

    public T Do<T>(Func<LinkMachine, T> action)
    {
        lock (_gate)
        {
            Now = Read();
            return action(_machine);
        }
    }

    public LinkChannel Open(string protocol, byte[] id, string handshake = "") =>
        Do(machine => machine.Open(protocol, id, System.Text.Encoding.UTF8.GetBytes(handshake), Now, this));

    /// <summary>Message number n of a burst is size + n bytes of value n, as in the script.</summary>
    public void Send(LinkChannel channel, int type, int size, int count) => Do(machine =>
    {
        for (var n = 0; n < count; n++)
        {
            machine.Send(channel, type, ReceivedMessage.Payload(size, n), Now, this).ShouldBeTrue();
        }
    });

    public async Task<T> WaitAsync<T>()
        where T : LinkEffect => (T)(await Effects.WaitAsync(e => e is T))[0];

    public void Add(LinkEffect effect)
    {
        switch (effect)
        {
            case LinkEffect.SendBytes send:
                _output.Writer.TryWrite(send.Bytes);
                break;
            case LinkEffect.MessageReceived message:
                Messages.Add(ReceivedMessage.Of(message));
                break;
            case LinkEffect.ChannelRequested request:
                Effects.Add(effect);
                OnRequest?.Invoke(_machine, request);
                break;
            case LinkEffect.CloseStream:
                Effects.Add(effect);
                _output.Writer.TryComplete();
                break;
            default:
                Effects.Add(effect);
                break;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Do(machine => machine.Close(LinkCloseReason.Requested, "the test is over", Now, this));
        await _stop.CancelAsync();
        await _tasks;
        _socket.Dispose();
        _machine.Dispose();
        Keys.Dispose();
        _stop.Dispose();
    }

    private static Instant Read() => new(Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000));

    private async Task ReadAsync()
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await _socket.ReceiveAsync(buffer, _stop.Token) is var count and > 0)
            {
                Do(machine => machine.Receive(buffer.AsSpan(0, count), Now, this));
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException)
        {
        }

        Do(machine => machine.EndStream(this));
    }

    private async Task WriteAsync()
    {
        try
        {
            await foreach (var bytes in _output.Reader.ReadAllAsync(_stop.Token))
            {
                for (var sent = 0; sent < bytes.Length;)
                {
                    sent += await _socket.SendAsync(bytes[sent..], _stop.Token);
                }
            }

            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException)
        {
        }
    }

    private async Task WatchDeadlineAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                Do(machine => machine.HandleDeadline(Now, this));
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}
