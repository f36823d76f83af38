using Google.Protobuf;
using HiNet.Crdt.Core.Encryption;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Reading;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;
using EntryHeader = HiNet.Crdt.Core.Log.EntryHeader;

namespace HiNet.Crdt.Core.Tests.Engine.Replicas;

/// <summary>
/// A device with one replica and neither a node nor links: it is handed runs, its batches are durable when the test says so, and all
/// that its node would hear is kept.
/// </summary>
internal sealed class ReplicaDevice : IReplicaHost
{
    public const long WallAtZero = 1_700_000_000_000;

    private readonly RunVerifier<int> _verifier = new();
    private readonly CountedSecrets _cryptography;
    private NodeServices _services;
    private Replica? _replica;

    public ReplicaDevice(string name, NodeCoreOptions? options = null)
        : this(name, Seeded(name), secrets: null, options)
    {
    }

    private ReplicaDevice(string name, CountedSecrets cryptography, HomeSecrets? secrets, NodeCoreOptions? options)
    {
        _cryptography = cryptography;
        Options = options ?? new NodeCoreOptions();
        Secrets = secrets ?? HomeSecrets.Create(
            cryptography, name, TestKeys.Named($"{name}'s identity").ToArray(), TestKeys.Named($"{name}'s agreement").ToArray());
        _services = Serve();
    }

    public HomeSecrets Secrets { get; }

    public NodeServices Services => _services;

    /// <summary>From the next restart on.</summary>
    public NodeCoreOptions Options { get; set; }

    public MemoryStore Store { get; } = new();

    public Marks Marks { get; } = new();

    public Instant Now { get; set; } = new(1_000_000);

    public long Wall => WallAtZero + (Now.Microseconds / 1000);

    public Replica Replica => _replica!;

    public ConversationId Id => Replica.Id;

    public uint Number => Replica.Number;

    public IdentityId Identity => Secrets.Identity;

    public DeviceId Device => Secrets.Device;

    public DeviceCard Card => _services.Card;

    public Cost Cost => _services.Cost;

    public NodeReader Reader => new(Store, TestKeys.Sodium, Secrets);

    /// <summary>The batch that is being gathered.</summary>
    public WriteBatch Batch => _services.Store.Current;

    public int Changes { get; private set; }

    public int AuthorityChanges { get; private set; }

    public int MeetingChanges { get; private set; }

    public int Appearances { get; private set; }

    public List<NodeEvent> Announced { get; } = [];

    public List<(IdentityId By, GroupInvitationBody Invitation)> Invitations { get; } = [];

    public Dictionary<string, long> Counts { get; } = [];

    /// <summary>A group of the first one's, with an epoch for all of them, which all hold.</summary>
    public static SignedRun[] Group(params ReplicaDevice[] members)
    {
        var founder = members[0];
        var body = new GenesisBody { Name = "team" };
        foreach (var member in members)
        {
            body.Members.Add(new GenesisMember
            {
                Identity = Bytes(member.Identity.ToArray()),
                Role = (uint)(member == founder ? Role.Owner : Role.Member),
                Cards = { Bytes(member.Card.Encode()) },
            });
        }

        founder._replica = Replica.CreateGroup(1, body, founder._services, founder, founder.Now);
        founder.Replica.EnsureEpoch(founder.Now);
        var runs = founder.Settle();
        foreach (var member in members.Skip(1))
        {
            member.Join(founder);
            member.Receive(runs);
        }

        return runs;
    }

    public void Join(ReplicaDevice founder) => Create(founder.Replica.Description, founder.Replica.ControlKey.ToArray());

    public void Create(ConversationDescription description, byte[] controlKey) =>
        _replica = Replica.Create(description, controlKey, _services, this);

    /// <summary>The same device on a copy of its home, as it is now.</summary>
    public ReplicaDevice Copied()
    {
        var copy = new ReplicaDevice(Secrets.Name, Seeded($"{Secrets.Name} copied at {Now.Microseconds}"), Secrets, Options) { Now = Now };
        copy.Store.Restore(Store);
        copy._replica = Replica.Load(Replica.Description, copy._services, copy, Now);
        return copy;
    }

    /// <summary>What was not settled is forgotten.</summary>
    public void Restart()
    {
        _services = Serve();
        _services.Rows.TryGet(ColumnFamily.Conversations, StoreKeys.Conversation(Id), out var description).ShouldBeTrue();
        _replica = Replica.Load(ConversationDescription.Decode(Id, description!), _services, this, Now);
    }

    /// <summary>Makes everything durable; hands back what this device wrote since the last time, as it would be sent.</summary>
    public SignedRun[] Settle()
    {
        var before = Replica.DurableArrival;
        Replica.Flush();
        Persist();
        var runs = new List<SignedRun>();
        var pending = new List<Entry>();
        foreach (var (_, entry, signature) in Replica.Arrivals(before, int.MaxValue).Where(arrived => arrived.Entry.Header.Device == Device))
        {
            pending.Add(entry);
            if (!signature.IsEmpty)
            {
                runs.Add(new SignedRun(Device, [.. pending], signature));
                pending.Clear();
            }
        }

        return [.. runs];
    }

    /// <summary>Makes durable what is in the batch, as it is.</summary>
    public bool Persist()
    {
        Store.Write(_services.Store.Seal());
        _services.Store.Settle();
        return Replica.Settled(Replica.LastArrival, Replica.LastCursor);
    }

    /// <summary>The batch is in the store, and the replica does not know it yet.</summary>
    public void WriteUnsettled()
    {
        Replica.Flush();
        Store.Write(_services.Store.Seal());
    }

    public void Offer(params SignedRun[] runs)
    {
        foreach (var run in runs)
        {
            _verifier.TryComplete(_verifier.Submit(run, 0), true, out var verified, out _);
            Replica.Offer(verified!, Now);
        }
    }

    public void Receive(params SignedRun[] runs)
    {
        Offer(runs);
        Settle();
    }

    /// <summary>All that is durable here, entry by entry.</summary>
    public SignedRun[] Everything() =>
        [.. Replica.Arrivals(0, int.MaxValue).Select(arrived => new SignedRun(arrived.Entry.Header.Device, [arrived.Entry], arrived.Signature))];

    public SignedRun[] Say(string text) => Write(EntryKind.Message, new MessageBody { Text = text });

    public SignedRun[] Write(uint kind, IMessage body)
    {
        Replica.AppendContent(kind, body, Now);
        return Settle();
    }

    public SignedRun[] Control(uint kind, IMessage body)
    {
        Replica.AppendControl(kind, body, Now);
        return Settle();
    }

    public SignedRun[] Leave() => Control(EntryKind.SetRole, new SetRoleBody { Identity = Bytes(Identity.ToArray()), Role = (uint)Role.None });

    public SignedRun[] Grant(ReplicaDevice who, Role role = Role.Member) => Control(
        EntryKind.SetRole,
        new SetRoleBody { Identity = Bytes(who.Identity.ToArray()), Role = (uint)role, Cards = { Bytes(who.Card.Encode()) } });

    public SignedRun[] Delete(params EntryId[] targets) =>
        Control(EntryKind.Delete, new DeleteBody { Targets = { targets.Select(target => Bytes(target.ToArray())) } });

    /// <summary>What this device would write next, changed and sealed by hand; it stays unwritten here.</summary>
    public Entry Forge(uint kind, byte[] plaintext, Func<EntryHeader, EntryHeader>? change = null)
    {
        EntryId? epoch = EntryKind.IsKnownControl(kind) ? null : Replica.NewestSecrets(1)[0].Epoch;
        var header = Copied().Control(EntryKind.Merge, new DeleteBody())[^1].Last.Header with { Kind = kind, Epoch = epoch };
        header = change?.Invoke(header) ?? header;
        var secret = header.Epoch is { } sealing ? Replica.SecretOf(sealing) ?? new byte[32] : Replica.ControlKey.ToArray();
        var body = BodyCipher.Seal(TestKeys.Sodium, secret, EntryCodec.EncodePrefix(header), plaintext);
        return Entry.CreateWithBody(TestKeys.Sodium, header, body);
    }

    public Entry Forge(uint kind, IMessage body, Func<EntryHeader, EntryHeader>? change = null) => Forge(kind, body.ToByteArray(), change);

    public SignedRun Sign(params Entry[] entries) =>
        new(Device, entries, EntrySignature.Sign(TestKeys.Sodium, Secrets.DeviceSecretKey.Span, entries[^1].Id));

    /// <summary>An epoch's body by hand, with a box for each device that the group has now.</summary>
    public EpochBody Epoch(Bytes32 secret, DeviceId? without = null, params (EntryId Id, Bytes32 Secret)[] older)
    {
        var devices = Replica.Authority.AuthorizedDevices;
        var sealedBoxes = EpochBox.Seal(TestKeys.Sodium, Id, secret, [.. devices.Select(device => device.Card.LeafKey)]);
        var boxes = sealedBoxes.Boxes.ToArray();
        for (var i = 0; i < devices.Count; i++)
        {
            if (devices[i].Device == without)
            {
                boxes.AsSpan(i * EpochBox.Size, EpochBox.Size).Clear();
            }
        }

        var body = new EpochBody
        {
            Ephemeral = Bytes(sealedBoxes.Ephemeral.ToArray()),
            Boxes = Bytes(boxes),
            Commitment = Bytes(EpochCommitment.Of(TestKeys.Sodium, Id, secret).ToArray()),
        };
        body.Supersedes.AddRange(older.Select(epoch => new EpochLinkBody
        {
            Epoch = Bytes(epoch.Id.ToArray()),
            Sealed = Bytes(EpochLink.Seal(TestKeys.Sodium, secret, epoch.Id, epoch.Secret)),
        }));
        return body;
    }

    public static ByteString Bytes(byte[] bytes) => ByteString.CopyFrom(bytes);

    public long Hits(string mark) => Marks.Hits.GetValueOrDefault(mark);

    /// <summary>What lies in the store of an entry; it must be there.</summary>
    public (EntryFlags Flags, byte[] Header, byte[] Signature, byte[] Body) Stored(EntryId id)
    {
        Store.TryGet(ColumnFamily.EntryIds, StoreKeys.EntryId(id), out var place).ShouldBeTrue();
        Store.TryGet(ColumnFamily.Entries, place!, out var value).ShouldBeTrue();
        var record = new EntryRecord(value);
        return (record.Flags & ~EntryFlags.Signed, record.Header.ToArray(), record.Signature.ToArray(), record.Body.ToArray());
    }

    public int Rows(ColumnFamily family, byte[] prefix)
    {
        var count = 0;
        using var iterator = Store.Scan(family, prefix, StoreKeys.After(prefix));
        while (iterator.MoveNext())
        {
            count++;
        }

        return count;
    }

    void IReplicaHost.Changed(Replica replica) => Changes++;

    void IReplicaHost.AuthorityChanged(Replica replica) => AuthorityChanges++;

    void IReplicaHost.MeetingChanged(Replica replica) => MeetingChanges++;

    void IReplicaHost.Invited(Replica direct, IdentityId by, ulong arrival, GroupInvitationBody invitation) => Invitations.Add((by, invitation));

    void IReplicaHost.Appeared(Replica replica) => Appearances++;

    void IReplicaHost.Announce(NodeEvent happened) => Announced.Add(happened);

    void IReplicaHost.Count(string instrument, long amount) => Counts[instrument] = Counts.GetValueOrDefault(instrument) + amount;

    private NodeServices Serve()
    {
        var services = new NodeServices(Options, Secrets, Store, _cryptography, new NoRandom(), Marks);
        services.Clock.Read(Wall, Now);
        return services;
    }

    private static CountedSecrets Seeded(string name) => new(BitConverter.ToUInt64(TestKeys.Named(name).ToArray()));

    private sealed class NoRandom : IRandomSource
    {
        public ulong Draw(RandomStream stream, ulong counter) => 0;
    }
}
