using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Dht;

/// <summary>
/// A node of the DHT over datagrams, as <c>specs/12-dht.md</c> states it: it answers others, keeps their slots, and looks up and
/// stores for its owner. What others send wrong is counted and costs bounded work and memory; it never throws. Not thread-safe.
/// </summary>
public sealed partial class DhtNode : IStateMachine<DhtInput, DhtEffect>, IDisposable
{
    private readonly ICryptography _cryptography;
    private readonly IRandomSource _random;
    private readonly DhtOptions _options;
    private readonly PeerSecrets _secrets;
    private readonly TokenIssuer _tokens;
    private readonly SourceLimiter _sources;
    private readonly RoundTripEstimator _roundTrips;
    private readonly SlotStore _slots;
    private readonly Bytes32 _key;
    private IEffectSink<DhtEffect> _effects = NoEffects<DhtEffect>.Instance;
    private Instant _now;
    private ulong _draws;
    private long _wallMilliseconds;
    private Instant _wallReadAt = Instant.Never;

    /// <param name="cryptography">The primitives.</param>
    /// <param name="keys">The node's own pair, the one its links show; stays the caller's to dispose, after this node.</param>
    /// <param name="random">For jitter and for the ids that refreshes look up.</param>
    /// <param name="options">Bounds and intervals.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public DhtNode(ICryptography cryptography, NodeKeyPair keys, IRandomSource random, DhtOptions options, Instant now)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _cryptography = cryptography;
        _random = random;
        _options = options;
        _now = now;
        _key = keys.Id.Value;
        _secrets = new PeerSecrets(cryptography, keys, options, now);
        _tokens = new TokenIssuer(cryptography);
        _sources = new SourceLimiter(options);
        _roundTrips = new RoundTripEstimator(options);
        _slots = new SlotStore(options);
        Table = new RoutingTable(DhtId.OfNode(cryptography, _key), options);
        _maintainAt = now + Jittered(s_maintenance);
        _keepAt = now + options.KeepEvery;
    }

    /// <summary>Where this node is in the space of ids.</summary>
    public DhtId Id => Table.Self;

    internal RoutingTable Table { get; }

    internal SlotStore Slots => _slots;

    internal DhtOptions Options => _options;

    internal ICryptography Cryptography => _cryptography;

    internal Instant Now => _now;

    /// <inheritdoc/>
    public Instant Deadline => Instant.Min(Instant.Min(QueryDeadline, _maintainAt), Instant.Min(_bootstrapAt, _keepAt));

    /// <inheritdoc/>
    public void Handle(DhtInput input, Instant now, IEffectSink<DhtEffect> effects)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(effects);
        _effects = effects;
        _now = now;
        switch (input)
        {
            case DhtInput.DatagramReceived received:
                Receive(received.From, received.Bytes.Span);
                break;
            case DhtInput.WallClockRead read:
                _wallMilliseconds = read.UnixMilliseconds;
                _wallReadAt = now;
                break;
            case DhtInput.Verified verified:
                Settle(verified.Token, verified.IsValid);
                break;
            case DhtInput.Commanded commanded:
                Execute(commanded.Operation, commanded.Command);
                break;
            case DhtInput.Bootstrap bootstrap:
                AddBootstraps(bootstrap.Endpoints);
                break;
            case DhtInput.ContactsKept kept:
                AddKept(kept.Contacts);
                break;
            case DhtInput.Stopping:
                KeepContacts();
                break;
            default:
                throw new ArgumentException($"{input.GetType().Name} is no input of a node of the DHT.", nameof(input));
        }

        SetBootstrapDeadline();
        SetKeepDeadline();
        _effects = NoEffects<DhtEffect>.Instance;
    }

    /// <inheritdoc/>
    public void HandleDeadline(Instant now, IEffectSink<DhtEffect> effects)
    {
        ArgumentNullException.ThrowIfNull(effects);
        _effects = effects;
        _now = now;
        TimeOutQueries();
        if (now >= _bootstrapAt)
        {
            TryBootstraps();
        }

        if (now >= _maintainAt)
        {
            Maintain();
        }

        if (now >= _keepAt)
        {
            KeepContacts();
        }

        SetBootstrapDeadline();
        SetKeepDeadline();
        _effects = NoEffects<DhtEffect>.Instance;
    }

    /// <summary>Overwrites the secret that its tokens come from.</summary>
    public void Dispose() => _tokens.Wipe();

    /// <summary>Unix time in seconds by the last reading of the wall clock; null before the first.</summary>
    internal long? UnixSeconds() =>
        _wallReadAt == Instant.Never ? null : (_wallMilliseconds + ((_now.Microseconds - _wallReadAt.Microseconds) / 1000)) / 1000;

    internal void Add(DhtEffect effect) => _effects.Add(effect);

    internal void Count(string instrument) => _effects.Add(new DhtEffect.Count(instrument, 1));

    private ulong Draw() => _random.Draw(RandomStream.Dht, _draws++);

    /// <summary>Between three and five quarters of a time, so that nodes that start together do not stay in step.</summary>
    private TimeSpan Jittered(TimeSpan time) => (time * 3 / 4) + (time / 2 * (Draw() % 1024) / 1024);
}
