using System.Buffers;
using System.Net;
using System.Net.Sockets;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Diagnostics;
using HiNet.Crdt.Driver;

namespace HiNet.Crdt.Transport;

/// <summary>
/// A duplex byte stream to another node: one loop that reads, one pump that writes while there is something to write.
/// The machine hears <c>LinkOpened</c>, then bytes, then <c>LinkEnded</c> exactly once, and nothing of the link after that.
/// </summary>
internal sealed class StreamLink : IAsyncDisposable
{
    private const int SmallestRead = 4 * 1024;
    private const int LargestRead = 64 * 1024;

    /// <summary>Up to this much is written from the driver's thread, where the stream allows it: cheaper than waking another.</summary>
    private const int LargestInlineWrite = 16 * 1024;

    /// <summary>How long a link that was told to end may take to send what is left, and then to be read out by its peer.</summary>
    private static readonly TimeSpan FlushPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LingerPatience = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly LinkOutbox _outbox = new();
    private readonly CancellationTokenSource _cancellation = new();
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Stream _stream;
    private readonly Inbox _inbox;
    private readonly Action<StreamLink> _onEnded;
    private bool _ended;
    private volatile string? _disconnecting;
    private long _received;

    internal StreamLink(LinkId id, Stream stream, Inbox inbox, Action<StreamLink> onEnded)
    {
        Id = id;
        _stream = stream;
        _inbox = inbox;
        _onEnded = onEnded;
    }

    internal LinkId Id { get; }

    /// <summary>Where a socket's other end is, as host:port; null for other streams and once it is closed.</summary>
    internal string? RemoteAddress
    {
        get
        {
            try
            {
                return _stream is NetworkStream { Socket.RemoteEndPoint: IPEndPoint remote }
                    ? new NodeAddress((remote.Address.IsIPv4MappedToIPv6 ? remote.Address.MapToIPv4() : remote.Address).ToString(), remote.Port).ToString()
                    : null;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return null;
            }
        }
    }

    /// <summary>Completed when the link has ended and its stream is disposed.</summary>
    internal Task Finished => _finished.Task;

    /// <summary>True once the machine has asked for the link's end.</summary>
    internal bool IsDisconnecting => _disconnecting is not null;

    /// <summary>Bytes that came in so far.</summary>
    internal long Received => Interlocked.Read(ref _received);

    /// <summary>Tells the machine of the link and begins to read. <paramref name="address"/> is what was dialled, if anything was.</summary>
    internal void Start(bool isInitiator, string? address)
    {
        NodeMetrics.Links.Add(1);
        _inbox.Post(new NodeInput.LinkOpened(Id, isInitiator, address));

        // A host's stream may block in ReadAsync, as the console's does: never on the caller's thread.
        _ = Task.Run(ReadAsync);
    }

    /// <summary>Queues bytes; on the driver's thread, and followed by <see cref="Flush"/>.</summary>
    internal void Send(ReadOnlyMemory<byte> bytes)
    {
        if (!_outbox.TryAdd(bytes))
        {
            End("the other end does not read what it is sent");
        }
    }

    /// <summary>Sets the pump going if there is something to send.</summary>
    internal void Flush()
    {
        if (!_outbox.TryStartPump(out var pending))
        {
            return;
        }

        if (pending <= LargestInlineWrite && _stream is NetworkStream)
        {
            _ = PumpAsync();
        }
        else
        {
            _ = Task.Run(PumpAsync);
        }
    }

    /// <summary>Sends what is queued, then ends the link; delivers nothing more meanwhile. Cut off when the peer does not read.</summary>
    internal void Disconnect(string reason)
    {
        _disconnecting ??= reason;
        _outbox.Close();
        Flush();
        _ = EndAfterAsync(FlushPatience);
    }

    /// <summary>Ends the link at once. The first reason counts.</summary>
    internal void End(string reason)
    {
        lock (_gate)
        {
            if (_ended)
            {
                return;
            }

            _ended = true;
            _inbox.Post(new NodeInput.LinkEnded(Id, _disconnecting ?? reason));
        }

        NodeMetrics.Links.Add(-1);
        _onEnded(this);
        _ = CloseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        End("the link was closed");
        await Finished.ConfigureAwait(false);
    }

    private async Task CloseAsync()
    {
        await _cancellation.CancelAsync().ConfigureAwait(false);
        try
        {
            await _stream.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // A pipe whose other end is gone may complain about its last bytes; the link has ended all the same.
        }

        _cancellation.Dispose();
        _finished.TrySetResult();
    }

    private async Task EndAfterAsync(TimeSpan patience)
    {
        await Task.WhenAny(Finished, Task.Delay(patience)).ConfigureAwait(false);
        End("the other end does not read what it is sent");
    }

    private async Task ReadAsync()
    {
        var size = SmallestRead;
        var isDrained = true;
        try
        {
            while (true)
            {
                if (_inbox.ReadGate.WhenOpen is { IsCompleted: false } closed)
                {
                    await closed.WaitAsync(_cancellation.Token).ConfigureAwait(false);
                }

                if (isDrained && _stream is NetworkStream)
                {
                    // Without an array, of which hundreds of links that say nothing would hold one each.
                    _ = await _stream.ReadAsync(Memory<byte>.Empty, _cancellation.Token).ConfigureAwait(false);
                }

                var read = await ReadOnceAsync(size).ConfigureAwait(false);
                if (read == 0)
                {
                    End("the other end closed the link");
                    return;
                }

                isDrained = read < size;
                size = read == size ? Math.Min(4 * size, LargestRead) : read < size / 8 ? SmallestRead : size;
            }
        }
        catch (Exception failure) when (IsStreamFailure(failure))
        {
            End(Describe(failure));
        }
    }

    private async Task<int> ReadOnceAsync(int size)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        var read = 0;
        try
        {
            read = await _stream.ReadAsync(buffer.AsMemory(0, size), _cancellation.Token).ConfigureAwait(false);
            Interlocked.Add(ref _received, read);
            NodeMetrics.CountReceived(read);
            lock (_gate)
            {
                if (read > 0 && !_ended && _disconnecting is null)
                {
                    if (read <= buffer.Length / 4)
                    {
                        var fitting = ArrayPool<byte>.Shared.Rent(read);
                        buffer.AsSpan(0, read).CopyTo(fitting);
                        _inbox.PostBytes(Id, fitting, read);
                    }
                    else
                    {
                        _inbox.PostBytes(Id, buffer, read);
                        buffer = null;
                    }
                }
            }

            return read;
        }
        finally
        {
            if (buffer is not null)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    private async Task PumpAsync()
    {
        var scratch = ArrayPool<byte>.Shared.Rent(LargestRead);
        try
        {
            bool closing;
            while (_outbox.TryTake(scratch, out var bytes, out closing))
            {
                await _stream.WriteAsync(bytes, _cancellation.Token).ConfigureAwait(false);
                NodeMetrics.CountSent(bytes.Length);
                if (_stream is not NetworkStream)
                {
                    await _stream.FlushAsync(_cancellation.Token).ConfigureAwait(false);
                }

                Report(_outbox.Sent(bytes.Length));
            }

            if (closing)
            {
                await FinishAsync().ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (IsStreamFailure(failure))
        {
            End(Describe(failure));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    private void Report(long left)
    {
        if (left == 0)
        {
            return;
        }

        lock (_gate)
        {
            if (!_ended && _disconnecting is null)
            {
                _inbox.Post(new NodeInput.LinkProgressed(Id, left));
            }
        }
    }

    private async Task FinishAsync()
    {
        if (_stream is NetworkStream network)
        {
            // Closing a socket with unread input resets the connection and can take our last bytes with it, so only our
            // direction is closed and the peer's end of stream awaited, which ends the link in ReadAsync.
            network.Socket.Shutdown(SocketShutdown.Send);
            await Task.WhenAny(Finished, Task.Delay(LingerPatience)).ConfigureAwait(false);
        }

        End("the link was closed");
    }

    /// <summary>What streams throw when they end; a pipe of System.IO.Pipelines says it with InvalidOperation.</summary>
    private static bool IsStreamFailure(Exception exception) => exception
        is IOException or SocketException or ObjectDisposedException or OperationCanceledException
        or InvalidOperationException or UnauthorizedAccessException or NotSupportedException;

    private static string Describe(Exception failure) => failure switch
    {
        OperationCanceledException or ObjectDisposedException => "the link was closed",
        { InnerException: SocketException socket } => "the connection failed: " + socket.SocketErrorCode,
        SocketException socket => "the connection failed: " + socket.SocketErrorCode,
        _ => "the stream failed: " + failure.Message,
    };
}
