using Google.Protobuf;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Engine.Sessions;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Links;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Engine.Replicas;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine.Sessions;

/// <summary>
/// One session without a node: its other end is led by hand, all that its node would hear is kept, and nothing happens that the test
/// does not ask for. Of bytes that have left the test tells it, too.
/// </summary>
internal sealed class SessionScene : ISessionHost, IEffectSink<LinkEffect>
{
    private readonly Queue<Action> _work = new();
    private readonly List<PeerChannel> _channels = [];

    public SessionScene(NodeServices services, params Replica[] replicas)
    {
        Replicas = [.. replicas];
        Session = new LinkSession(new LinkId(1), isInitiator: false, null, KeysOf("this end"), services, this, Now);
        Peer = new LinkMachine(TestKeys.Sodium, KeysOf("the other end"), isInitiator: true, LinkOptions.Default, Now);
        Session.Start(Now);
        Peer.Start(Now, this);
        Run();
    }

    public SessionScene(ReplicaDevice device)
        : this(device.Services, device.Replica)
    {
    }

    public Instant Now { get; set; } = new(1_000_000);

    public LinkSession Session { get; }

    public LinkMachine Peer { get; }

    public ReadOnlyMemory<byte> HandshakeHash { get; private set; }

    public List<Replica> Replicas { get; }

    public List<Invite> Issued { get; } = [];

    public List<Invite> Accepted { get; } = [];

    /// <summary>Channels that the session asked for, in order.</summary>
    public List<LinkChannel> Offered { get; } = [];

    /// <summary>Requests of the other end that the session refused.</summary>
    public int Rejected { get; private set; }

    /// <summary>How often all conversations were to be opened.</summary>
    public int Offers { get; private set; }

    /// <summary>Bytes that the session has sent.</summary>
    public long SentBytes { get; private set; }

    /// <summary>Another link is bringing what is missing.</summary>
    public bool IsAnotherPulling { get; set; }

    public List<(IdentityId Member, long Clock)> Clocks { get; } = [];

    /// <summary>People whom the session told of as proved on it.</summary>
    public List<IdentityId> Proved { get; } = [];

    public List<ConversationChannel> Ready { get; } = [];

    public List<string> Misbehaviours { get; } = [];

    public List<IdentityId> Admitted { get; } = [];

    public List<IdentityId> Acquainted { get; } = [];

    public List<(SignedRun Run, Delivery Origin)> Submitted { get; } = [];

    public Dictionary<string, long> Counts { get; } = [];

    IEnumerable<Replica> ISessionHost.Replicas => Replicas;

    Invite? ISessionHost.FindInvite(LinkSession session, ReadOnlySpan<byte> channelName)
    {
        var name = channelName.ToArray();
        return Issued.Find(invite => ChannelSecrets.InviteChannel(TestKeys.Sodium, session.HandshakeHash.Span, invite.Id(TestKeys.Sodium)).SequenceEqual(name));
    }

    IEnumerable<Invite> ISessionHost.AcceptedInvites => Accepted;

    public static NodeKeyPair KeysOf(string name) => NodeKeyPair.FromSeed(TestKeys.Sodium, TestKeys.Named(name).ToArray());

    /// <summary>Opens a conversation's channel from the other end, as somebody who has its control key, and proves their device.</summary>
    public PeerChannel Open(Replica replica, ReplicaDevice who, Action<Prove>? forge = null)
    {
        var opening = ChannelSecrets.Opening([ChannelSecrets.Proof(TestKeys.Sodium, replica.ControlKey, HandshakeHash.Span, byInitiator: true)]);
        var peer = new PeerChannel(this, Peer.Open(
            ChannelSecrets.ConversationProtocol, NameOf(replica), opening.ToByteArray(), Now, this));
        _channels.Add(peer);
        var message = ChannelSecrets.ToSign(EngineDomains.ChannelSignature, HandshakeHash.Span, byInitiator: true, replica.Id.Value, who.Device);
        var signature = new byte[64];
        TestKeys.Sodium.Sign(who.Secrets.DeviceSecretKey.Span, message, signature);
        var prove = new Prove
        {
            Card = ByteString.CopyFrom(who.Card.Encode()),
            Signature = ByteString.CopyFrom(signature),
            Clock = 1_700_000_000_000,
        };
        forge?.Invoke(prove);
        Run();
        peer.Send(0, prove);
        return peer;
    }

    /// <summary>Opens an invite's channel from the other end, or answers the session's knock.</summary>
    public PeerChannel Knock(Invite invite, LinkChannel? answered = null)
    {
        var opening = ChannelSecrets.Opening(
            [ChannelSecrets.Proof(TestKeys.Sodium, invite.Secret.ToArray(), HandshakeHash.Span, byInitiator: true)]).ToByteArray();
        var name = ChannelSecrets.InviteChannel(TestKeys.Sodium, HandshakeHash.Span, invite.Id(TestKeys.Sodium));
        var peer = new PeerChannel(this, answered ?? Peer.Open(ChannelSecrets.InviteProtocol, name, opening, Now, this));
        _channels.Add(peer);
        if (answered is not null)
        {
            Peer.Accept(answered, opening, Now, this);
        }

        Run();
        return peer;
    }

    public byte[] NameOf(Replica replica) => ChannelSecrets.ConversationChannel(TestKeys.Sodium, HandshakeHash.Span, replica.Id);

    public void Reject(LinkChannel offered)
    {
        Peer.Reject(offered, Now, this);
        Run();
    }

    public ConversationChannel ChannelOf(Replica replica) => Session.FindChannel(replica).ShouldNotBeNull();

    /// <summary>Lets time pass in steps of ten seconds; behind each the session is asked once for what is due, and then its other end.</summary>
    public void PassTo(Instant end)
    {
        while (Now < end)
        {
            Now = Instant.Min(Now + TimeSpan.FromSeconds(10), end);
            Session.HandleDeadline(Now);
            Run();
            Peer.HandleDeadline(Now, this);
            Run();
        }
    }

    public void Pass(double seconds) => PassTo(Now + TimeSpan.FromSeconds(seconds));

    /// <summary>All that was sent has left.</summary>
    public void Progress()
    {
        Session.Progressed(Session.Room.Pending, Now);
        Run();
    }

    public void Run()
    {
        while (_work.TryDequeue(out var action))
        {
            action();
        }
    }

    public void Add(LinkEffect effect)
    {
        switch (effect)
        {
            case LinkEffect.SendBytes send:
                var bytes = send.Bytes.ToArray();
                _work.Enqueue(() => Session.Received(bytes, Now));
                break;
            case LinkEffect.LinkEstablished established:
                HandshakeHash = established.HandshakeHash;
                break;
            case LinkEffect.ChannelRequested requested:
                Offered.Add(requested.Channel);
                break;
            case LinkEffect.ChannelRejected:
                Rejected++;
                break;
            case LinkEffect.ChannelClosed closed when Find(closed.Channel) is { } channel:
                channel.IsClosed = true;
                break;
            case LinkEffect.MessageReceived message when Find(message.Channel) is { } channel:
                channel.Received.Add((message.Type, message.Payload.ToArray()));
                break;
            default:
                break;
        }
    }

    Replica? ISessionHost.FindReplica(LinkSession session, ReadOnlySpan<byte> channelName)
    {
        var name = channelName.ToArray();
        return Replicas.Find(replica => NameOf(replica).SequenceEqual(name));
    }

    bool ISessionHost.IsPulling(Replica replica) => IsAnotherPulling || Session.FindChannel(replica) is { HasTurn: true };

    void ISessionHost.WhenDurable(Action<Instant> act) => act(Now);

    void ISessionHost.ClockObserved(LinkSession session, IdentityId member, long unixMilliseconds, Instant now) =>
        Clocks.Add((member, unixMilliseconds));

    void ISessionHost.Send(LinkId link, ReadOnlyMemory<byte> bytes)
    {
        var sent = bytes.ToArray();
        SentBytes += sent.Length;
        _work.Enqueue(() => Peer.Receive(sent, Now, this));
    }

    void ISessionHost.Offer(LinkSession session) => Offers++;

    void ISessionHost.LinkEstablished(LinkSession session)
    {
    }

    void ISessionHost.Proved(LinkSession session, IdentityId person) => Proved.Add(person);

    void ISessionHost.LinkClosed(LinkSession session, string reason, bool isMisbehaviour)
    {
    }

    void ISessionHost.Submit(SignedRun run, Delivery origin) => Submitted.Add((run, origin));

    bool ISessionHost.Admit(Invite invite, IdentityId identity)
    {
        Admitted.Add(identity);
        return false;
    }

    void ISessionHost.Refused(Invite invite)
    {
    }

    void ISessionHost.Met(Invite invite, DeviceCard card, IReadOnlyList<string> addresses) => Acquainted.Add(card.Identity);

    void ISessionHost.ChannelReady(ConversationChannel channel) => Ready.Add(channel);

    void ISessionHost.PullEnded(ConversationChannel channel)
    {
    }

    void ISessionHost.Misbehaved(LinkSession session, string reason, string detail) => Misbehaviours.Add(reason);

    void ISessionHost.Announce(NodeEvent happened)
    {
    }

    void ISessionHost.Count(string instrument, long amount) => Counts[instrument] = Counts.GetValueOrDefault(instrument) + amount;

    private PeerChannel? Find(LinkChannel channel) => _channels.Find(known => known.Channel == channel);
}
