using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Discovery;

/// <summary>
/// LAN discovery: multicast DNS (RFC 6762) and DNS-SD (RFC 6763) for one service, <c>_hinet._udp.local</c>, as
/// <c>specs/14-mdns.md</c> states it. Shows this node under a drawn name on every link, and says which others are there and
/// with whom of them it shares a secret. What others send wrong is counted, costs bounded work and memory, and never throws.
/// Not thread-safe.
/// </summary>
public sealed partial class MdnsMachine : IStateMachine<MdnsInput, MdnsEffect>
{
    /// <summary>The port of multicast DNS.</summary>
    public const ushort Port = 5353;

    /// <summary>Secrets that others are recognised by. Each announcement has tags for <see cref="ServiceText.Tags"/> of them; with more, the next ones take their turn at each new nonce.</summary>
    public const int MaximumSecrets = 256;

    /// <summary>Links that are used, the first ones.</summary>
    public const int MaximumLinks = 16;

    // More than a LAN of hundreds says in a second; a flood above it is not even read.
    private const int DatagramsPerSecond = 500;

    // Of one that is longer than most, each further such part counts as one more.
    private const int BytesOfUsual = 1024;
    private const int MaximumConflicts = 15;
    private static readonly TimeSpan ConflictPeriod = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ConflictPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TextLife = TimeSpan.FromMinutes(10);

    // Not more than ten updates of a record a minute (RFC 6762, section 8.4).
    private static readonly TimeSpan LeastTextLife = TimeSpan.FromSeconds(6);

    private readonly SortedDictionary<MdnsLinkId, LinkState> _links = [];
    private readonly ICryptography _cryptography;
    private readonly OwnService _own;
    private readonly MdnsContext _context;
    private IReadOnlyList<MdnsSecret> _secrets = [];
    private int _firstSecret;
    private bool _isTextStale;
    private Instant _textDrawn;
    private Instant _textDue = Instant.Never;
    private Instant _conflictsSince;
    private int _conflicts;
    private bool _wasOnNetwork;
    private bool _isStopped;

    /// <param name="cryptography">Draws names, nonces and tags.</param>
    /// <param name="random">Draws delays.</param>
    /// <param name="servicePort">The UDP port that the node listens on, announced to the LAN; 0 looks for others without being seen.</param>
    public MdnsMachine(ICryptography cryptography, IRandomSource random, ushort servicePort)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        ArgumentNullException.ThrowIfNull(random);
        _cryptography = cryptography;
        _own = new OwnService(cryptography, servicePort);
        _own.DrawNames(keepsOld: false);
        _context = new MdnsContext(random, _own);
    }

    /// <summary>The name under which this node runs now: 20 drawn hex digits.</summary>
    public string Instance => _own.Instance.FirstLabel;

    /// <inheritdoc/>
    public Instant Deadline
    {
        get
        {
            if (_isStopped)
            {
                return Instant.Never;
            }

            var deadline = Instant.Min(_links.Count > 0 ? _textDue : Instant.Never, SettleDeadline);
            foreach (var link in _links.Values)
            {
                deadline = Instant.Min(deadline, Instant.Min(link.Responder.Deadline, link.Browser.Deadline));
            }

            return deadline;
        }
    }

    /// <inheritdoc/>
    public void Handle(MdnsInput input, Instant now, IEffectSink<MdnsEffect> effects)
    {
        ArgumentNullException.ThrowIfNull(effects);
        if (_isStopped)
        {
            return;
        }

        _context.Effects = effects;
        switch (input)
        {
            case MdnsInput.LinksChanged changed:
                SetLinks(changed.Links, now);
                break;
            case MdnsInput.DatagramReceived received:
                Receive(received, now);
                break;
            case MdnsInput.SecretsChanged changed:
                SetSecrets(changed.Secrets);
                break;
            case MdnsInput.Stopped:
                Stop();
                return;
            default:
                throw new ArgumentException($"{input?.GetType().Name ?? "null"} is no input of LAN discovery.", nameof(input));
        }

        Settle(now);
    }

    /// <inheritdoc/>
    public void HandleDeadline(Instant now, IEffectSink<MdnsEffect> effects)
    {
        ArgumentNullException.ThrowIfNull(effects);
        if (_isStopped)
        {
            return;
        }

        _context.Effects = effects;
        if (_textDue <= now && _links.Count > 0)
        {
            DrawText(now);
            foreach (var link in _links.Values)
            {
                link.Responder.Announce(now);
            }
        }

        foreach (var link in _links.Values)
        {
            link.Responder.HandleDeadline(now);
            link.Browser.HandleDeadline(now);
        }

        Settle(now);
    }

    private void SetLinks(IReadOnlyList<MdnsLink> links, Instant now)
    {
        SortedDictionary<MdnsLinkId, MdnsLink> wanted = [];
        foreach (var link in links.Where(link => link.Subnets.Count > 0).OrderBy(link => link.Id).Take(MaximumLinks))
        {
            wanted[link.Id] = link;
        }

        foreach (var id in _links.Keys.Where(id => !wanted.ContainsKey(id)).ToArray())
        {
            _links[id].Browser.Leave();
            _links.Remove(id);
        }

        _own.Addresses.Clear();
        _own.Addresses.UnionWith(wanted.Values.SelectMany(link => link.Subnets.Select(subnet => subnet.Address)));
        if (_links.Count == 0 && wanted.Count > 0)
        {
            // Another network, perhaps: who saw the node on the last one must not know it again here.
            if (_wasOnNetwork)
            {
                _own.DrawNames(keepsOld: true);
            }

            _wasOnNetwork = true;
            DrawText(now);
        }

        foreach (var (id, link) in wanted)
        {
            if (_links.TryGetValue(id, out var state))
            {
                state.Responder.SetAddresses(link, now);
                state.Browser.SetLink(link);
                continue;
            }

            state = new LinkState(new LinkResponder(_context, link), new LinkBrowser(_context, link), link);
            _links.Add(id, state);
            state.Responder.Probe(now, _context.Jitter(0, 250));
            state.Browser.Browse(now);
        }

        foreach (var (id, link) in wanted)
        {
            _links[id].Link = link;
        }
    }

    private void SetSecrets(IReadOnlyList<MdnsSecret> secrets)
    {
        if (_secrets.SequenceEqual(secrets.Take(MaximumSecrets)))
        {
            return;
        }

        _secrets = [.. secrets.Take(MaximumSecrets)];
        _secretsVersion++;
        _context.Changed.UnionWith(_present.Keys);
        _isTextStale = true;
        if (_textDue != Instant.Never)
        {
            _textDue = Instant.Min(_textDue, _textDrawn + LeastTextLife);
        }
    }

    // Every text has a new nonce, so that two of one node show nothing in common.
    private void DrawText(Instant now)
    {
        var turn = _isTextStale || _secrets.Count <= ServiceText.Tags ? 0 : (_firstSecret + ServiceText.Tags) % _secrets.Count;
        _isTextStale = false;
        _firstSecret = turn;
        var count = Math.Min(_secrets.Count, ServiceText.Tags);
        MdnsSecret[] chosen = [.. Enumerable.Range(0, count).Select(i => _secrets[(turn + i) % _secrets.Count])];
        _own.DrawText(chosen);
        _textDrawn = now;
        _textDue = now + TextLife + _context.Jitter(0, 60_000);
    }

    private void Receive(MdnsInput.DatagramReceived received, Instant now)
    {
        if (!_links.TryGetValue(received.Link, out var link))
        {
            return;
        }

        if (!link.Rate.TryTake(now, 1 + (received.Bytes.Length / BytesOfUsual)))
        {
            _context.Count(MdnsInstruments.Dropped);
            return;
        }

        _context.Count(MdnsInstruments.Received);
        if (!link.Link.IsOnLink(received.Source) || received.SourcePort == 0)
        {
            _context.Count(MdnsInstruments.OffLink);
            return;
        }

        var message = DnsMessage.Read(received.Bytes.Span);
        if (message is null || (message.IsResponse && received.SourcePort != Port))
        {
            _context.Count(MdnsInstruments.Malformed);
            return;
        }

        if (!message.IsOrdinary)
        {
            return;
        }

        if (!message.IsResponse)
        {
            if (_own.Addresses.Contains(received.Source) && link.Browser.IsEcho(received.Bytes.Span, now))
            {
                return;
            }

            link.Responder.TakeQuery(message, received.Source, received.SourcePort, now);
            return;
        }

        link.Browser.TakeResponse(message, received.Source, now);
        if (link.Responder.IsContradictedBy(message, now))
        {
            ResolveConflict(link.Responder, now);
        }
    }

    /// <summary>A name in use is probed for again; a name that is still probed for is given up for another (RFC 6762, sections 8.1 and 9).</summary>
    private void ResolveConflict(LinkResponder responder, Instant now)
    {
        _context.Count(MdnsInstruments.Conflicts);
        if (now >= _conflictsSince + ConflictPeriod)
        {
            (_conflictsSince, _conflicts) = (now, 0);
        }

        _conflicts++;
        var delay = _conflicts > MaximumConflicts ? ConflictPause : _context.Jitter(0, 250);
        if (!responder.IsProbing)
        {
            responder.Probe(now, delay);
            return;
        }

        foreach (var link in _links.Values)
        {
            link.Responder.Withdraw(OwnRecords.Pointer);
        }

        _own.DrawNames(keepsOld: false);
        foreach (var link in _links.Values)
        {
            link.Responder.Probe(now, delay);
            if (_conflicts <= MaximumConflicts)
            {
                // The name's new owner was taken for ourselves so far.
                link.Browser.Browse(now);
            }
        }
    }

    private void Stop()
    {
        foreach (var link in _links.Values)
        {
            link.Responder.Withdraw(OwnRecords.Withdrawn);
        }

        _isStopped = true;
    }

    private sealed class LinkState(LinkResponder responder, LinkBrowser browser, MdnsLink link)
    {
        internal LinkResponder Responder => responder;

        internal LinkBrowser Browser => browser;

        internal MdnsLink Link { get; set; } = link;

        internal RateLimit Rate { get; } = new(DatagramsPerSecond);
    }
}
