using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Reading;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>A device with a replica of one group and no network: it is handed exactly what it is to have seen.</summary>
internal sealed class TraceAuthor : IReplicaHost
{
    private readonly MemoryStore _store = new();
    private readonly NodeServices _services;
    private readonly RunVerifier<int> _verifier = new();

    public TraceAuthor(string name, long clockSkew)
    {
        Secrets = HomeSecrets.Create(LoopbackNode.Cryptography, name, Seed(name, 1), Seed(name, 2));
        _services = new NodeServices(
            new NodeCoreOptions { SendReceipts = false }, Secrets, _store, LoopbackNode.Cryptography, new NoRandom(), Marks.None);
        _services.Clock.Read(1_700_000_000_000 + clockSkew, new Instant(0));
        Card = _services.Card;
    }

    public HomeSecrets Secrets { get; }

    public DeviceCard Card { get; }

    public Replica? Replica { get; private set; }

    public int Refused { get; private set; }

    public NodeReader Reader => new(_store, LoopbackNode.Cryptography, Secrets);

    public SignedRun Found(IEnumerable<DeviceCard> cards, Instant now)
    {
        var body = new GenesisBody { Name = "trace" };
        foreach (var card in cards)
        {
            var member = new GenesisMember
            {
                Identity = Google.Protobuf.ByteString.CopyFrom(card.Identity.ToArray()),
                Role = (uint)(card == Card ? Role.Owner : Role.Member),
            };
            member.Cards.Add(Google.Protobuf.ByteString.CopyFrom(card.Encode()));
            body.Members.Add(member);
        }

        Replica = Replica.CreateGroup(1, body, _services, this, now);
        return Settle();
    }

    public SignedRun MakeEpoch(Instant now)
    {
        Replica!.EnsureEpoch(now);
        return Settle();
    }

    public void Join(TraceAuthor founder)
    {
        Replica = Replica.Create(founder.Replica!.Description, founder.Replica.ControlKey.ToArray(), _services, this);
        Settle();
    }

    public SignedRun Write(string text, Instant now)
    {
        Replica!.AppendContent(EntryKind.Message, new MessageBody { Text = text }, now);
        return Settle();
    }

    public void Receive(SignedRun run, Instant now)
    {
        var token = _verifier.Submit(run, 0);
        _verifier.TryComplete(token, true, out var verified, out _);
        Replica!.Offer(verified!, now);
    }

    /// <summary>Makes everything durable; hands back what this device wrote since the last time, as it would be sent.</summary>
    public SignedRun Settle()
    {
        var before = Replica!.DurableArrival;
        Replica.Flush();
        _store.Write(_services.Store.Seal());
        _services.Store.Settle();
        Replica.Settled(Replica.LastArrival, Replica.LastCursor);
        var written = Replica.Arrivals(before, int.MaxValue).ToList();
        return written.Count == 0
            ? new SignedRun(Secrets.Device, [], default)
            : new SignedRun(Secrets.Device, [.. written.Select(w => w.Entry)], written[^1].Signature);
    }

    void IReplicaHost.Changed(Replica replica)
    {
    }

    void IReplicaHost.AuthorityChanged(Replica replica)
    {
    }

    void IReplicaHost.MeetingChanged(Replica replica)
    {
    }

    void IReplicaHost.Invited(Replica direct, IdentityId by, ulong arrival, GroupInvitationBody invitation)
    {
    }

    void IReplicaHost.Appeared(Replica replica)
    {
    }

    void IReplicaHost.Announce(NodeEvent happened)
    {
    }

    void IReplicaHost.Count(string instrument, long amount) => Refused += instrument == "hinet.log.refused" ? 1 : 0;

    private static byte[] Seed(string name, byte purpose)
    {
        var seed = new byte[32];
        LoopbackNode.Cryptography.Blake2b([.. System.Text.Encoding.UTF8.GetBytes(name), purpose], digest: seed);
        return seed;
    }

    private sealed class NoRandom : IRandomSource
    {
        public ulong Draw(RandomStream stream, ulong counter) => 0;
    }
}
