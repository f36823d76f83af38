using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Google.Protobuf;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Sessions;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Links;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Cryptography;

namespace HiNet.Crdt.Attack.Hostile;

/// <summary>
/// A link to the victim on which handshake and frames are the engine's own, and nothing else has to be honest. Each comes with keys that
/// nobody has seen. It answers nothing and gives back nothing of what it receives.
/// </summary>
internal sealed class HostileLink : IEffectSink<LinkEffect>, IAsyncDisposable
{
    private static readonly ICryptography Cryptography = SodiumCryptography.Instance;
    private static readonly LinkOptions Options = LinkOptions.Default with { MaxChannels = 1 << 14, ReceiveTimeout = null };
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private const int MostRaw = 200;

    private readonly Lock _gate = new();
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly Channel<ReadOnlyMemory<byte>> _outbound = System.Threading.Channels.Channel.CreateUnbounded<ReadOnlyMemory<byte>>();
    private readonly List<HostileChannel> _channels = [];
    private readonly TaskCompletionSource _established = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly NodeKeyPair _keys;
    private readonly LinkMachine _machine;
    private byte[] _handshakeHash = [];
    private long _unsent;
    private Task _work = Task.CompletedTask;

    private HostileLink()
    {
        var seed = new byte[Bytes32.Size];
        Cryptography.FillSecret(seed);
        _keys = NodeKeyPair.FromSeed(Cryptography, seed);
        _machine = new LinkMachine(Cryptography, _keys, isInitiator: true, Options, Now);
    }

    /// <summary>The link is over.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Takes copies of the first things that arrive; null takes none.</summary>
    public List<byte[]>? Raw { get; set; }

    private Instant Now => new((long)Stopwatch.GetElapsedTime(_started).TotalMicroseconds);

    /// <summary>Connects and shakes hands.</summary>
    /// <exception cref="LinkLostException">It did not come up.</exception>
    public static async Task<HostileLink> ConnectAsync(IPEndPoint victim, CancellationToken cancellationToken)
    {
        var link = new HostileLink();
        try
        {
            await link._socket.ConnectAsync(victim, cancellationToken);
            link._work = Task.WhenAll(link.ReadAsync(), link.WriteAsync(), link.TickAsync());
            lock (link._gate)
            {
                link._machine.Start(link.Now, link);
            }

            await link.ExpectAsync(link._established.Task, "the handshake", cancellationToken);
            return link;
        }
        catch
        {
            await link.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens a conversation's channel and proves the device, or pretends to.</summary>
    /// <exception cref="LinkLostException">The victim does not want it.</exception>
    public async Task OpenAsync(HostileChannel channel, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _channels.Add(channel);
            var id = ChannelSecrets.ConversationChannel(Cryptography, _handshakeHash, channel.Chain.Conversation);
            var proof = ChannelSecrets.Proof(Cryptography, channel.Chain.ControlKey, _handshakeHash, byInitiator: true);
            channel.Channel = _machine.Open(ChannelSecrets.ConversationProtocol, id, ChannelSecrets.Opening([proof]).ToByteArray(), Now, this);
            ProveIfOpen(channel);
        }

        await ExpectAsync(Task.WhenAny(channel.Ready.Task, channel.Closed.Task), "the channel", cancellationToken);
        ThrowIfClosed(channel);
    }

    /// <summary>Opens a channel of any name.</summary>
    public void OpenAny(string protocol, byte[] id, byte[] opening)
    {
        lock (_gate)
        {
            if (_machine.IsEstablished && _machine.CanOpen)
            {
                _machine.Open(protocol, id, opening, Now, this);
            }
        }
    }

    /// <summary>Sends a message. Segments wait for the victim's window, everything for the socket.</summary>
    /// <exception cref="LinkLostException">The channel or the link has ended, or nothing moves any more.</exception>
    public async Task SendAsync(HostileChannel channel, int type, byte[] payload, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (!TrySend(channel, type, payload))
        {
            ThrowIfClosed(channel);
            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new LinkLostException("The victim takes nothing any more.");
            }

            await Task.Delay(10, cancellationToken);
        }

        ThrowIfClosed(channel);
    }

    /// <summary>Any bytes at all, behind those that went before.</summary>
    public void SendRaw(byte[] bytes) => Enqueue(bytes);

    /// <summary>Stays for a time, or until the victim ends the link.</summary>
    public async Task StayAsync(TimeSpan time, CancellationToken cancellationToken) =>
        await Task.WhenAny(_ended.Task, Task.Delay(time, cancellationToken));

    void IEffectSink<LinkEffect>.Add(LinkEffect effect)
    {
        switch (effect)
        {
            case LinkEffect.SendBytes send:
                Enqueue(send.Bytes);
                break;
            case LinkEffect.LinkEstablished established:
                _handshakeHash = established.HandshakeHash.ToArray();
                _established.TrySetResult();
                break;
            case LinkEffect.ChannelRequested requested:
                _machine.Reject(requested.Channel, Now, this);
                break;
            case LinkEffect.ChannelOpened opened when Find(opened.Channel) is { } channel:
                ProveIfOpen(channel);
                break;
            case LinkEffect.MessageReceived message when Find(message.Channel) is { } channel:
                Received(channel, message.Type, message.Payload.ToArray());
                break;
            case LinkEffect.ChannelRejected rejected:
                Find(rejected.Channel)?.Closed.TrySetResult();
                break;
            case LinkEffect.ChannelClosed closed:
                Find(closed.Channel)?.Closed.TrySetResult();
                break;
            case LinkEffect.CloseStream:
                _ended.TrySetResult();
                break;
            default:
                break;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _ended.TrySetResult();
        _outbound.Writer.TryComplete();
        _socket.Dispose();
        await _work;
        _machine.Dispose();
        _keys.Dispose();
    }

    private bool TrySend(HostileChannel channel, int type, byte[] payload)
    {
        lock (_gate)
        {
            var isSegments = type == HostileChannel.SegmentsType;
            if (_unsent > Core.Engine.Limits.SegmentWindowBytes || (isSegments && channel.Unconsumed >= Core.Engine.Limits.SegmentWindowBytes))
            {
                return false;
            }

            channel.Unconsumed += isSegments ? payload.Length : 0;
            if (channel.Channel is { State: LinkChannelState.Open } open)
            {
                _machine.Send(open, type, payload, Now, this);
            }

            return true;
        }
    }

    private void ThrowIfClosed(HostileChannel channel)
    {
        if (_ended.Task.IsCompleted || channel.Closed.Task.IsCompleted)
        {
            throw new LinkLostException("The victim has ended it.");
        }
    }

    private async Task ExpectAsync(Task task, string what, CancellationToken cancellationToken)
    {
        var first = await Task.WhenAny(task, _ended.Task, Task.Delay(Patience, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
        if (first != task)
        {
            throw new LinkLostException($"The victim gave no answer to {what}.");
        }
    }

    private void Enqueue(ReadOnlyMemory<byte> bytes)
    {
        if (_outbound.Writer.TryWrite(bytes))
        {
            Interlocked.Add(ref _unsent, bytes.Length);
        }
    }

    private void Received(HostileChannel channel, int type, byte[] payload)
    {
        switch (type)
        {
            case HostileChannel.ProveType:
                channel.Ready.TrySetResult();
                break;
            case HostileChannel.ConsumedType:
                channel.Unconsumed -= (long)Consumed.Parser.ParseFrom(payload).Bytes;
                break;
            default:
                channel.Heard?.Invoke(type, payload);
                break;
        }
    }

    private void ProveIfOpen(HostileChannel channel)
    {
        if (channel.HasProved || channel.Channel is not { State: LinkChannelState.Open })
        {
            return;
        }

        channel.HasProved = true;
        var secrets = channel.Member.Secrets;
        var message = ChannelSecrets.ToSign(
            EngineDomains.ChannelSignature, _handshakeHash, byInitiator: true, channel.Chain.Conversation.Value, secrets.Device);
        var signature = new byte[64];
        if (!channel.ForgesProof)
        {
            Cryptography.Sign(secrets.DeviceSecretKey.Span, message, signature);
        }

        var prove = new Prove
        {
            Card = ByteString.CopyFrom(secrets.Card(Cryptography).Encode()),
            Signature = ByteString.CopyFrom(signature),
            Clock = (ulong)(DateTimeOffset.UtcNow + channel.ClockLie).ToUnixTimeMilliseconds(),
        };
        _machine.Send(channel.Channel, HostileChannel.ProveType, prove.ToByteArray(), Now, this);
    }

    private HostileChannel? Find(LinkChannel channel) => _channels.Find(own => own.Channel == channel);

    private async Task ReadAsync()
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await _socket.ReceiveAsync(buffer) is var length and > 0)
            {
                lock (_gate)
                {
                    if (Raw is { Count: < MostRaw } raw)
                    {
                        raw.Add(buffer[..length]);
                    }

                    _machine.Receive(buffer.AsSpan(0, length), Now, this);
                }
            }
        }
        catch (Exception problem) when (problem is SocketException or ObjectDisposedException)
        {
            // The other end has gone, or this one.
        }

        _ended.TrySetResult();
    }

    private async Task WriteAsync()
    {
        try
        {
            await foreach (var bytes in _outbound.Reader.ReadAllAsync())
            {
                for (var rest = bytes; !rest.IsEmpty;)
                {
                    rest = rest[await _socket.SendAsync(rest)..];
                }

                Interlocked.Add(ref _unsent, -bytes.Length);
            }
        }
        catch (Exception problem) when (problem is SocketException or ObjectDisposedException)
        {
            _ended.TrySetResult();
        }
    }

    private async Task TickAsync()
    {
        while (await Task.WhenAny(_ended.Task, Task.Delay(1_000)) != _ended.Task)
        {
            lock (_gate)
            {
                if (Now >= _machine.Deadline)
                {
                    _machine.HandleDeadline(Now, this);
                }
            }
        }
    }
}
