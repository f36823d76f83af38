using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Threading.Channels;
using HiNet.Crdt.Core.Discovery;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Cryptography;
using HiNet.Crdt.Diagnostics;
using HiNet.Crdt.Driver;
using HiNet.Crdt.Transport;
using Microsoft.Extensions.Logging;

namespace HiNet.Crdt.Discovery;

/// <summary>
/// Runs LAN discovery on this machine: the sockets, the real clock, the network's changes. What goes wrong with the network is
/// a warning and never an exception, so that a node does without where it has to. <c>docs/internals/discovery.md</c> has the picture.
/// </summary>
internal sealed class MdnsService : IAsyncDisposable, IEffectSink<MdnsEffect>
{
    private const int MaximumWaiting = 256;

    // Changes are signalled; this finds what was not.
    private static readonly TimeSpan InterfacePoll = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(2);

    private readonly MdnsServiceOptions _options;
    private readonly ILogger _logger;
    private readonly DriverClock _clock = new(TimeProvider.System);
    private readonly Channel<MdnsInput> _inbox = Channel.CreateBounded<MdnsInput>(new BoundedChannelOptions(MaximumWaiting) { SingleReader = true });
    private readonly SemaphoreSlim _wake = new(0);
    private readonly List<MdnsSocket> _sockets = [];
    private readonly List<MdnsEffect> _effects = [];
    private readonly MdnsMachine _machine;
    private readonly Task _running;
    private IReadOnlyList<MdnsSecret>? _newSecrets;
    private Instant _nextPoll;
    private bool _hasWarned;
    private volatile bool _isStale = true;
    private volatile bool _isStopping;

    private MdnsService(MdnsServiceOptions options)
    {
        _options = options;
        _logger = options.Logger;
        _newSecrets = options.Secrets;
        _machine = new MdnsMachine(SodiumCryptography.Instance, new ProcessRandomSource(), options.ServicePort);
        if (!TryOpenSockets())
        {
            _running = Task.CompletedTask;
            return;
        }

        NetworkChange.NetworkAddressChanged += OnNetworkChanged;
        NetworkChange.NetworkAvailabilityChanged += OnNetworkChanged;
        foreach (var socket in _sockets)
        {
            _ = Task.Run(() => ReceiveAsync(socket));
        }

        _running = Task.Run(RunAsync);
    }

    /// <summary>The name of this node on the LAN now.</summary>
    internal string Instance => _machine.Instance;

    /// <summary>Begins; a machine without a usable network has its warning logged and nothing found.</summary>
    internal static MdnsService Start(MdnsServiceOptions options) => new(options);

    /// <summary>What others are recognised by from now on, the most important first; any thread.</summary>
    internal void SetSecrets(IReadOnlyList<MdnsSecret> secrets)
    {
        Interlocked.Exchange(ref _newSecrets, [.. secrets]);
        Wake();
    }

    /// <summary>Says goodbye and closes the sockets. May be called again.</summary>
    public async ValueTask DisposeAsync()
    {
        NetworkChange.NetworkAddressChanged -= OnNetworkChanged;
        NetworkChange.NetworkAvailabilityChanged -= OnNetworkChanged;
        _isStopping = true;
        Wake();
        try
        {
            await _running.WaitAsync(StopPatience).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // A callback does not return; the sockets close under it.
        }

        _inbox.Writer.TryComplete();
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }
    }

    /// <inheritdoc/>
    void IEffectSink<MdnsEffect>.Add(MdnsEffect effect) => _effects.Add(effect);

    private bool TryOpenSockets()
    {
        var problem = "neither IPv4 nor IPv6";
        foreach (var isIPv6 in (bool[])[true, false])
        {
            try
            {
                _sockets.Add(MdnsSocket.Open(isIPv6, _logger));
            }
            catch (SocketException failure)
            {
                problem = SocketProblem.Describe(failure);
                _logger.FamilyUnavailable(isIPv6 ? "IPv6" : "IPv4", problem);
            }
        }

        if (_sockets.Count == 0)
        {
            _logger.PortUnavailable(problem);
        }

        return _sockets.Count > 0;
    }

    private void OnNetworkChanged(object? sender, EventArgs arguments)
    {
        _isStale = true;
        Wake();
    }

    private void Wake()
    {
        if (_wake.CurrentCount == 0)
        {
            _wake.Release();
        }
    }

    private async Task ReceiveAsync(MdnsSocket socket)
    {
        var buffer = new byte[DnsMessage.MaximumLength + 1];
        try
        {
            while (await socket.ReceiveAsync(buffer).ConfigureAwait(false) is { } datagram)
            {
                await _inbox.Writer.WriteAsync(datagram).ConfigureAwait(false);
                Wake();
            }
        }
        catch (ChannelClosedException)
        {
            // Stopped meanwhile.
        }
    }

    private async Task RunAsync()
    {
        try
        {
            while (!_isStopping)
            {
                Round();
                await _wake.WaitAsync(Patience()).ConfigureAwait(false);
            }

            Give(new MdnsInput.Stopped());
        }
        catch (Exception defect)
        {
            _logger.DiscoveryFailed(defect, defect.Message);
            _inbox.Writer.TryComplete();
        }
    }

    private void Round()
    {
        if (Interlocked.Exchange(ref _newSecrets, null) is { } secrets)
        {
            Give(new MdnsInput.SecretsChanged(secrets));
        }

        if (_isStale || _clock.Now >= _nextPoll)
        {
            ReadInterfaces();
        }

        for (var taken = 0; taken < MaximumWaiting && _inbox.Reader.TryRead(out var input); taken++)
        {
            Give(input);
        }

        if (_machine.Deadline <= _clock.Now)
        {
            _machine.HandleDeadline(_clock.Now, this);
            CarryOut();
        }
    }

    private void ReadInterfaces()
    {
        _isStale = false;
        _nextPoll = _clock.Now + InterfacePoll;
        if (LanInterfaces.Read(_options) is not { } links)
        {
            return;
        }

        var usable = new List<MdnsLink>();
        foreach (var socket in _sockets)
        {
            var joined = socket.Join(links.Where(link => link.Id.IsIPv6 == socket.IsIPv6).Select(link => link.Id.Interface));
            usable.AddRange(links.Where(link => link.Id.IsIPv6 == socket.IsIPv6 && joined.Contains(link.Id.Interface)));
        }

        if (usable.Count == 0 && !_hasWarned)
        {
            _hasWarned = true;
            _logger.NoInterface();
        }

        Give(new MdnsInput.LinksChanged(usable));
    }

    private TimeSpan Patience()
    {
        if (_inbox.Reader.TryPeek(out _))
        {
            return TimeSpan.Zero;
        }

        var until = Instant.Min(_machine.Deadline, _nextPoll);
        var now = _clock.Now;
        return until <= now ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling((until - now).TotalMilliseconds));
    }

    private void Give(MdnsInput input)
    {
        _machine.Handle(input, _clock.Now, this);
        CarryOut();
    }

    private void CarryOut()
    {
        foreach (var effect in _effects)
        {
            CarryOut(effect);
        }

        _effects.Clear();
    }

    private void CarryOut(MdnsEffect effect)
    {
        switch (effect)
        {
            case MdnsEffect.Multicast multicast:
                Send(multicast.Link, null, multicast.Bytes);
                break;
            case MdnsEffect.Unicast unicast:
                Send(unicast.Link, new IPEndPoint(unicast.To.ToIPAddress(unicast.Link.Interface), unicast.Port), unicast.Bytes);
                break;
            case MdnsEffect.Found found:
                var endPoints = found.Endpoints.Select(endpoint => new IPEndPoint(endpoint.Address.ToIPAddress(endpoint.Interface), found.Port)).ToArray();
                _logger.PeerFound(found.Instance, endPoints[0].ToString(), found.Secrets.Count);
                Tell(() => _options.Found?.Invoke(new LanPeer(found.Instance, endPoints, found.Secrets)));
                break;
            case MdnsEffect.Lost lost:
                _logger.PeerLost(lost.Instance);
                Tell(() => _options.Lost?.Invoke(lost.Instance));
                break;
            case MdnsEffect.Count count:
                NodeMetrics.Count(count.Instrument, count.Amount);
                break;
            default:
                throw new InvalidOperationException($"{effect.GetType().Name} is not known here.");
        }
    }

    private void Send(MdnsLinkId link, IPEndPoint? to, ReadOnlyMemory<byte> bytes)
    {
        if (_sockets.Find(socket => socket.IsIPv6 == link.IsIPv6)?.TrySend(link.Interface, to, bytes) != true)
        {
            NodeMetrics.Count("hinet.mdns.unsent", 1);
        }
    }

    private void Tell(Action callback)
    {
        try
        {
            callback();
        }
        catch (Exception defect)
        {
            _logger.DiscoveryCallbackFailed(defect, defect.Message);
        }
    }
}
