using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Engine.Meeting;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Engine.Sessions;
using HiNet.Crdt.Core.Engine.Storage;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine;

/// <summary>
/// A node's protocol, whole and pure: links, channels, replicas, contacts. It is the only place where the parts meet. Give it what
/// happened, carry out what it asks, and it behaves the same on a real machine and in a simulation.
/// </summary>
public sealed partial class NodeCore : IStateMachine<NodeInput, NodeEffect>, IDisposable
{
    private readonly NodeServices _services;
    private readonly NodeKeyPair _nodeKeys;
    private readonly RunVerifier<Delivery> _verifier = new();
    private readonly ChannelIndex _channelIndex;
    private readonly SortedList<ConversationId, Replica> _replicas = [];

    /// <summary>The same, in the order in which they came.</summary>
    private readonly List<Replica> _inOrderOfArrival = [];

    /// <summary>The id of the direct conversation with oneself, which need not be held.</summary>
    private readonly ConversationId _noteToSelf;
    private readonly SortedList<LinkId, LinkSession> _sessions = [];
    private readonly DialPlan _dials;

    /// <summary>Addresses that the host asked to keep linked, whoever is there.</summary>
    private readonly SortedSet<string> _keptLinked = new(StringComparer.Ordinal);
    private readonly WaitingInvitations _invitations;
    private readonly ClearRows _clearRows;
    private IEffectSink<NodeEffect> _effects = NoEffects<NodeEffect>.Instance;
    private Instant _now;
    private uint _nextNumber;
    private bool _isStopped;

    /// <summary>Reads back what the store holds. The wall clock has to be given before anything else.</summary>
    /// <param name="options">Policy.</param>
    /// <param name="secrets">The device's keys.</param>
    /// <param name="store">Durable state; read at any time, changed only by <see cref="NodeEffect.Persist"/>.</param>
    /// <param name="cryptography">The primitives.</param>
    /// <param name="random">For protocol choices.</param>
    /// <param name="marks">For the simulator; else <see cref="Marks.None"/>.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="StoreException">The store is damaged.</exception>
    public NodeCore(
        NodeCoreOptions options,
        HomeSecrets secrets,
        IStoreReader store,
        ICryptography cryptography,
        IRandomSource random,
        Marks marks,
        Instant now)
    {
        _services = new NodeServices(options, secrets, store, cryptography, random, marks);
        _channelIndex = new ChannelIndex(_services);
        _nodeKeys = NodeKeyPair.FromSeed(cryptography, secrets.NodeSeed.Span);
        _dials = new DialPlan(random);
        _meeting = new MeetingPlan(random);
        _dht = options.Dht is { } dht ? new DhtNode(cryptography, _nodeKeys, random, dht, now) : null;
        _now = now;
        _clearRows = new ClearRows(store);
        LoadContacts();
        LoadReplicas();
        _invitations = WaitingInvitations.Load(_services);
        _noteToSelf = ConversationIds.Direct(cryptography, _services.Identity, _services.Identity);
        RemoveSquatters();
        LoadDhtContacts();
    }

    /// <inheritdoc/>
    public Instant Deadline
    {
        get
        {
            // A node whose store has failed stands still too: a deadline that nothing answers would keep its driver spinning.
            if (_isStopped || _problem is not null)
            {
                return Instant.Never;
            }

            _services.Cost.Count(CostKind.Deadline, _sessions.Count + _replicas.Count);
            var deadline = Instant.Min(_dials.Deadline, _dht is null ? Instant.Never : _dht.Deadline);
            if (_hasDhtContacts)
            {
                deadline = Instant.Min(deadline, _meeting.Deadline);
            }

            for (var i = 0; i < _sessions.Count; i++)
            {
                deadline = Instant.Min(deadline, _sessions.GetValueAtIndex(i).Deadline);
            }

            for (var i = 0; i < _replicas.Count; i++)
            {
                var replica = _replicas.GetValueAtIndex(i);
                deadline = Instant.Min(deadline, replica.ReceiptDeadline);
                deadline = Instant.Min(deadline, replica.EpochDeadline);
                deadline = Instant.Min(deadline, replica.ParkedDeadline(_now));
            }

            return deadline;
        }
    }

    /// <inheritdoc/>
    public void Handle(NodeInput input, Instant now, IEffectSink<NodeEffect> effects)
    {
        ArgumentNullException.ThrowIfNull(input);
        _effects = effects;
        _now = now;
        switch (input)
        {
            case NodeInput.WallClockRead read:
                ReadWallClock(read.UnixMilliseconds);
                break;
            case NodeInput.DatagramReceived received:
                GiveDht(new DhtInput.DatagramReceived(received.From, received.Bytes));
                break;
            case NodeInput.BootstrapResolved resolved:
                GiveDht(new DhtInput.Bootstrap(resolved.Endpoints));
                break;
            case NodeInput.NeighbourFound found:
                FindNeighbour(found.Addresses, found.Secrets);
                break;
            case NodeInput.Verified verified when (verified.Token & DhtToken) != 0:
                GiveDht(new DhtInput.Verified(verified.Token & ~DhtToken, verified.IsValid));
                break;
            case NodeInput.LinkOpened opened:
                OpenLink(opened);
                break;
            case NodeInput.BytesReceived received when _sessions.TryGetValue(received.Link, out var session):
                session.Received(received.Bytes.Span, now);
                CountPartialFrames(session);
                break;
            case NodeInput.LinkProgressed progressed when _sessions.TryGetValue(progressed.Link, out var session):
                session.Progressed(progressed.Bytes, now);
                break;
            case NodeInput.LinkEnded ended when _sessions.TryGetValue(ended.Link, out var session):
                session.Ended(now);
                break;
            case NodeInput.DialFailed failed:
                _dials.Ended(failed.Address);
                _dials.Failed(failed.Address, now);
                break;
            case NodeInput.Persisted persisted:
                Settle(persisted.Batch);
                break;
            case NodeInput.PersistFailed failed:
                Fail(failed.Problem);
                break;
            case NodeInput.Verified verified:
                ApplyVerified(verified);
                break;
            case NodeInput.Commanded commanded:
                Execute(commanded.Command, commanded.Operation);
                break;
            default:
                break;
        }

        Finish();
    }

    /// <inheritdoc/>
    public void HandleDeadline(Instant now, IEffectSink<NodeEffect> effects)
    {
        _effects = effects;
        _now = now;
        if (_isStopped || _problem is not null)
        {
            Finish();
            return;
        }

        // A link may end here, and with it leave the list: then the next one has moved into its place.
        for (var i = 0; i < _sessions.Count;)
        {
            var session = _sessions.GetValueAtIndex(i);
            if (now >= session.Deadline)
            {
                session.HandleDeadline(now);
            }

            i += i < _sessions.Count && _sessions.GetValueAtIndex(i) == session ? 1 : 0;
        }

        // What comes due can be an invitation, which adds a replica.
        foreach (var replica in IsAnyReplicaDue() ? _replicas.Values.ToList() : [])
        {
            if (now >= replica.ReceiptDeadline)
            {
                TryWrite(() => replica.SendReceipt(now));
            }

            if (now >= replica.EpochDeadline)
            {
                TryWrite(() => replica.AskForEpochs(now));
            }

            if (now >= replica.ParkedDeadline(now))
            {
                replica.Unpark(now);
            }
        }

        if (_dht is not null && now >= _dht.Deadline)
        {
            _dht.HandleDeadline(now, this);
        }

        DialDue();
        Finish();
    }

    /// <summary>Overwrites the keys that it holds.</summary>
    public void Dispose()
    {
        _dht?.Dispose();
        _nodeKeys.Dispose();
        foreach (var session in _sessions.Values)
        {
            session.Machine.Dispose();
        }
    }

    private bool IsAnyReplicaDue()
    {
        for (var i = 0; i < _replicas.Count; i++)
        {
            var replica = _replicas.GetValueAtIndex(i);
            if (_now >= replica.ReceiptDeadline || _now >= replica.EpochDeadline || _now >= replica.ParkedDeadline(_now))
            {
                return true;
            }
        }

        return false;
    }

    private void ReadWallClock(long unixMilliseconds)
    {
        var isFirst = !_services.Clock.IsSet;
        if (_services.Clock.Read(unixMilliseconds, _now))
        {
            // Links of a machine that slept are dead, and on new ones everyone says what time it is.
            _services.Marks.Hit("clock.went.forward");
            CloseAllLinks("the wall clock went forward");
        }

        GiveDht(new DhtInput.WallClockRead(unixMilliseconds));
        if (isFirst && _keptDhtContacts.Count > 0)
        {
            GiveDht(new DhtInput.ContactsKept(_keptDhtContacts));
            _keptDhtContacts = [];
        }

        // Invites expire.
        LapseExpired();
        TopicsChanged();
    }

    private void ApplyVerified(NodeInput.Verified verified)
    {
        if (!_verifier.TryComplete(verified.Token, verified.IsValid, out var run, out var delivery))
        {
            return;
        }

        var replica = delivery!.Channel.Replica;
        var before = replica.EntryCount;
        if (run is not null && replica.IsKept)
        {
            replica.Offer(run, _now);
        }

        delivery.Channel.Checked(delivery, verified.IsValid, isFruitful: replica.EntryCount > before, _now);
    }

    private void Finish()
    {
        foreach (var replica in _forkedReplicas)
        {
            TryWrite(() => replica.ReportForks(_now));
        }

        _forkedReplicas.Clear();
        SettleInvitations();
        SettleDht();
        Meet();
        SettleDht();
        DialDue();
        Flush();
        _effects = NoEffects<NodeEffect>.Instance;
    }
}
