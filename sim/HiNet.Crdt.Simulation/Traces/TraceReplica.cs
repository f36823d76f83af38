using Google.Protobuf;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Reading;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Simulation.Kernel;
using HiNet.Crdt.Simulation.Storage;

namespace HiNet.Crdt.Simulation.Traces;

/// <summary>
/// One device with the engine's replica of one group, and neither links nor timers: it is handed exactly the entries that it is
/// meant to have seen. The only place where traces touch the engine's inside.
/// </summary>
internal sealed class TraceReplica : IReplicaHost
{
    private readonly ICryptography _cryptography;
    private readonly NodeServices _services;
    private readonly SimulatedDisk _disk = new();
    private readonly HomeSecrets _secrets;
    private readonly RunVerifier<object> _verifier = new();
    private Replica? _replica;
    private ulong _told;

    public TraceReplica(string name, ICryptography cryptography, KeyedRandom random, int number)
    {
        _cryptography = cryptography;
        Span<byte> identity = stackalloc byte[32];
        Span<byte> agreement = stackalloc byte[32];
        cryptography.FillSecret(identity);
        cryptography.FillSecret(agreement);
        _secrets = HomeSecrets.Create(cryptography, name, identity, agreement);
        _services = new NodeServices(new NodeCoreOptions(), _secrets, _disk, cryptography, new NodeRandom(random, number, 0), Marks.None);
    }

    public ConversationStatus Status => new NodeReader(_disk, _cryptography, _secrets).StatusOf(_replica!.Id);

    public ulong Entries => _replica!.EntryCount;

    public int Waiting => _replica!.BufferedCount;

    /// <summary>Makes the group, with everyone in it and an epoch for all of them.</summary>
    /// <exception cref="HiNetException">They are more than a group takes.</exception>
    public void CreateGroup(IReadOnlyList<TraceReplica> members, Instant now, long wall)
    {
        if (members.Count + 1 > Limits.GroupMembers)
        {
            throw new HiNetException($"this history has {members.Count + 1:N0} authors, and a group has at most {Limits.GroupMembers:N0} members: cut it shorter.");
        }

        ReadClock(now, wall);
        var body = new GenesisBody { Name = "trace", Salt = ByteString.CopyFrom(new byte[16]) };
        body.Members.Add(Founder(_services.Card, Role.Owner));
        body.Members.AddRange(members.Take(Limits.GenesisMembers - 1).Select(member => Founder(member._services.Card, Role.Member)));
        _replica = Replica.CreateGroup(0, body, _services, this, now);
        foreach (var member in members.Skip(Limits.GenesisMembers - 1))
        {
            // More than a group begins with are added one by one.
            _replica.AppendControl(
                EntryKind.SetRole,
                new SetRoleBody
                {
                    Identity = ByteString.CopyFrom(member._secrets.Identity.ToArray()),
                    Role = (uint)Role.Member,
                    Cards = { ByteString.CopyFrom(member._services.Card.Encode()) },
                },
                now);
        }

        _replica.EnsureEpoch(now);
        Flush();
    }

    /// <summary>Holds the group from now on, empty.</summary>
    public void Join(TraceReplica creator)
    {
        var group = creator._replica!;
        var description = new ConversationDescription(group.Id, 0, ConversationKind.Group, "trace", default, IsVisible: true);
        _replica = Replica.Create(description, group.ControlKey.ToArray(), _services, this);
    }

    /// <summary>Writes a message on top of exactly what it has been handed.</summary>
    public void Write(string text, Instant now, long wall)
    {
        ReadClock(now, wall);
        _replica!.AppendContent(EntryKind.Message, new MessageBody { Text = text }, now);
        Flush();
    }

    /// <summary>What it has written since the last call, signed, as it would travel.</summary>
    public List<SignedRun> TakeWritten()
    {
        List<SignedRun> written = [];
        foreach (var (arrival, entry, signature) in _replica!.Arrivals(_told, int.MaxValue))
        {
            _told = arrival;
            if (entry.Header.Device == _secrets.Device)
            {
                written.Add(new SignedRun(entry.Header.Device, [entry], Signed(entry, signature)));
            }
        }

        return written;
    }

    /// <summary>Hands it a run, whose signature it checks first.</summary>
    public void Offer(SignedRun run, Instant now, long wall)
    {
        ReadClock(now, wall);
        var token = _verifier.Submit(run, this);
        var isValid = _cryptography.Verify(run.Device.ToArray(), EntrySignature.Message(run.Last.Id), run.Signature.Span);
        if (!_verifier.TryComplete(token, isValid, out var verified, out _) || verified is null)
        {
            throw new InvalidOperationException("A run that a replica had signed does not verify.");
        }

        _replica!.Offer(verified, now);
    }

    /// <summary>Makes durable what it was handed.</summary>
    public void Flush()
    {
        var (arrival, cursor) = (_replica!.LastArrival, _replica.LastCursor);
        _replica.Flush();
        if (_services.Store.HasChanges)
        {
            _disk.Commit(_services.Store.Seal());
            _services.Store.Settle();
        }

        _replica.Settled(arrival, cursor);
    }

    /// <summary>The ids of all messages in conversation order.</summary>
    public List<EntryId> Order()
    {
        List<EntryId> order = [];
        using var walk = _disk.Scan(ColumnFamily.Timeline, default, default);
        while (walk.MoveNext())
        {
            order.Add(new EntryId(walk.Key[12..]));
        }

        return order;
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

    void IReplicaHost.Count(string instrument, long amount)
    {
    }

    private static GenesisMember Founder(DeviceCard card, Role role)
    {
        var member = new GenesisMember { Identity = ByteString.CopyFrom(card.Identity.ToArray()), Role = (uint)role };
        member.Cards.Add(ByteString.CopyFrom(card.Encode()));
        return member;
    }

    private void ReadClock(Instant now, long wall) => _services.Clock.Read(wall, now);

    // A burst is signed at its end; what lies before that in it is signed here, or it could not travel alone.
    private byte[] Signed(Entry entry, ReadOnlyMemory<byte> signature) =>
        signature.IsEmpty ? EntrySignature.Sign(_cryptography, _services.DeviceKey, entry.Id) : signature.ToArray();
}
