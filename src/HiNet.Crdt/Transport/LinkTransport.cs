using System.Collections.Concurrent;
using System.Net.Sockets;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Diagnostics;
using HiNet.Crdt.Driver;
using Microsoft.Extensions.Logging;

namespace HiNet.Crdt.Transport;

/// <summary>
/// A node's links: dialled, accepted, or handed in as streams. <see cref="Send"/>, <see cref="Disconnect"/>, <see cref="Dial"/>
/// and <see cref="Flush"/> belong to the driver's thread and never wait; failures come back as inputs.
/// </summary>
internal sealed class LinkTransport(Inbox inbox, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan DialPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<LinkId, StreamLink> _links = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly HashSet<StreamLink> _unflushed = [];
    private TcpAcceptor? _acceptor;
    private long _lastLink;

    /// <summary>Binds the address that peers dial, without accepting yet. Returns it with the port that the system chose.</summary>
    /// <exception cref="HiNetException">It cannot be bound.</exception>
    internal NodeAddress Bind(NodeAddress address)
    {
        _acceptor?.Dispose();
        _acceptor = TcpAcceptor.Bind(address, logger);
        return _acceptor.Address;
    }

    /// <summary>Begins to accept links on the bound address, if there is one.</summary>
    internal void Accept() => _acceptor?.Start(socket => Open(Wrap(socket), isInitiator: false, null));

    /// <summary>Takes a stream over: it is the link's from now on, and disposed with it.</summary>
    internal StreamLink Open(Stream stream, bool isInitiator, string? address)
    {
        var link = new StreamLink(new LinkId(Interlocked.Increment(ref _lastLink)), stream, inbox, Forget);
        _links[link.Id] = link;
        link.Start(isInitiator, address);
        if (_stopping.IsCancellationRequested)
        {
            link.End("the node is stopping");
        }

        return link;
    }

    /// <summary>Where the other end of a link is, as host:port; null for a stream that was handed in, and for a link that has ended. From any thread.</summary>
    internal string? RemoteAddress(LinkId id) => _links.TryGetValue(id, out var link) ? link.RemoteAddress : null;

    internal void Send(LinkId id, ReadOnlyMemory<byte> bytes)
    {
        if (_links.TryGetValue(id, out var link))
        {
            link.Send(bytes);
            _unflushed.Add(link);
        }
    }

    /// <summary>Sets going what was sent since the last call: one write a link, however many frames.</summary>
    internal void Flush()
    {
        if (_unflushed.Count == 0)
        {
            return;
        }

        foreach (var link in _unflushed)
        {
            link.Flush();
        }

        _unflushed.Clear();
    }

    internal void Disconnect(LinkId id, string reason)
    {
        if (_links.TryGetValue(id, out var link))
        {
            logger.LinkDisconnected(id.Value, reason);
            link.Disconnect(reason);
        }
    }

    internal void Dial(string address) => _ = Task.Run(() => DialAsync(address));

    /// <summary>Ends every link at once.</summary>
    internal void Abort(string reason)
    {
        _acceptor?.Dispose();
        foreach (var link in _links.Values)
        {
            link.End(reason);
        }
    }

    /// <summary>Stops accepting and dialling, lets links that are ending finish, cuts the others off. May be called again.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        _acceptor?.Dispose();
        var ending = Task.WhenAll(_links.Values.Where(link => link.IsDisconnecting).Select(link => link.Finished));
        await Task.WhenAny(ending, Task.Delay(StopPatience)).ConfigureAwait(false);
        Abort("the node is stopping");
    }

    private async Task DialAsync(string text)
    {
        var problem = await TryDialAsync(text).ConfigureAwait(false);
        if (problem is not null)
        {
            logger.DialFailed(text, problem);
            inbox.Post(new NodeInput.DialFailed(text, problem));
        }
    }

    /// <summary>Null when the link is open.</summary>
    private async Task<string?> TryDialAsync(string text)
    {
        if (!NodeAddress.TryParse(text, forListening: false, out var address, out var problem))
        {
            return problem;
        }

        Socket? socket = null;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        deadline.CancelAfter(DialPatience);
        try
        {
            // Without a file descriptor left this fails, too, and the machine has to hear of it.
            socket = new Socket(SocketType.Stream, ProtocolType.Tcp);

            // A name with several addresses is tried address by address.
            await socket.ConnectAsync(address.ToEndPoint(), deadline.Token).ConfigureAwait(false);
            Open(Wrap(socket), isInitiator: true, text);
            return null;
        }
        catch (OperationCanceledException)
        {
            socket?.Dispose();
            return _stopping.IsCancellationRequested ? "the node is stopping" : $"no answer within {DialPatience.TotalSeconds:0} seconds";
        }
        catch (SocketException failure)
        {
            socket?.Dispose();
            return SocketProblem.Describe(failure);
        }
        catch (IOException failure)
        {
            // It hung up before it was a stream.
            socket?.Dispose();
            return failure.Message;
        }
    }

    private static NetworkStream Wrap(Socket socket)
    {
        // Frames are joined before they are written: waiting for more would only cost time.
        socket.NoDelay = true;
        return new NetworkStream(socket, ownsSocket: true);
    }

    private void Forget(StreamLink link)
    {
        _links.TryRemove(link.Id, out _);
        _acceptor?.Forget(link);
    }
}
