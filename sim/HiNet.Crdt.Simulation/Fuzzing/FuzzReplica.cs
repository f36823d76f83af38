using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Reading;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Simulation.Kernel;
using HiNet.Crdt.Simulation.Storage;

namespace HiNet.Crdt.Simulation.Fuzzing;

/// <summary>
/// The engine's replica of one conversation on a disk of its own, without links and timers. It does what the engine does around a replica:
/// checks signatures, takes up what has come due, reports forks, writes what changed, and starts again from the disk.
/// </summary>
internal sealed class FuzzReplica : IReplicaHost
{
    /// <summary>Milliseconds by which two clocks may be off without that what one stamps waits at the other.</summary>
    private const long MostSkew = 100_000;

    private readonly FuzzScene _scene;
    private readonly HomeSecrets _home;
    private readonly SimulatedDisk _disk = new();
    private readonly RunVerifier<object> _verifier = new();
    private readonly int _number;
    private readonly long _skew;
    private NodeServices _services;
    private Replica? _replica;
    private ulong _told;
    private int _lives;
    private long _stepsBefore;

    public FuzzReplica(FuzzScene scene, HomeSecrets home, int number)
    {
        (_scene, _home, _number) = (scene, home, number);

        // Entries by hand are at or beyond the limit of the scribe's clock.
        _skew = number == 0 ? 0 : scene.Random.Between(DrawStream.ClockSkew, (ulong)number, 0, -MostSkew, MostSkew);
        _services = Services();
    }

    public HomeSecrets Home => _home;

    public Replica Replica => _replica!;

    /// <summary>What epochs have to be sealed to if it is to open them.</summary>
    public Bytes32 LeafKey => _services.Card.LeafKey;

    public NodeReader Reader => new(_disk, _scene.Cryptography, _home);

    /// <summary>Steps in all lives.</summary>
    public long Steps => _stepsBefore + _services.Cost.Steps;

    /// <summary>Entries that it was offered, each time counted.</summary>
    public long Offered { get; private set; }

    /// <summary>Bytes of them.</summary>
    public long OfferedBytes { get; private set; }

    /// <summary>Batches and starts.</summary>
    public long Batches { get; private set; }

    public ConversationId CreateGroup(GenesisBody body)
    {
        ReadClock();
        _replica = Replica.CreateGroup(0, body, _services, this, _scene.Now);
        _replica.EnsureEpoch(_scene.Now);
        Flush();
        return _replica.Id;
    }

    /// <summary>Holds the conversation from now on, empty.</summary>
    public void Join(ConversationDescription description, ReadOnlySpan<byte> controlKey)
    {
        ReadClock();
        _replica = Replica.Create(description, controlKey.ToArray(), _services, this);
        _replica.FounderCards = _scene.FounderCards;
        Flush();
    }

    public void Offer(SignedRun run)
    {
        ReadClock();
        Offered += run.Entries.Count;
        OfferedBytes += run.Entries.Sum(entry => entry.HeaderBytes.Length + (entry.Body?.Length ?? 0));
        var token = _verifier.Submit(run, this);
        var isValid = _scene.Cryptography.Verify(run.Device.ToArray(), EntrySignature.Message(run.Last.Id), run.Signature.Span);
        if (!_verifier.TryComplete(token, isValid, out var verified, out _) || verified is null)
        {
            throw new InvalidOperationException("A run that its own device signed does not verify.");
        }

        Replica.Offer(verified, _scene.Now);
    }

    /// <summary>Takes up what has come due.</summary>
    public void TakeDue()
    {
        ReadClock();
        if (_scene.Now >= Replica.ParkedDeadline(_scene.Now))
        {
            Replica.Unpark(_scene.Now);
        }
    }

    /// <summary>Lets its person or the node itself write; false when the engine says that others would refuse it.</summary>
    public bool TryWrite(Action<Replica> write)
    {
        ReadClock();
        try
        {
            write(Replica);
            return true;
        }
        catch (EntryRefusedException)
        {
            return false;
        }
    }

    /// <summary>Makes durable what has changed.</summary>
    public void Flush()
    {
        var (arrival, cursor) = (Replica.LastArrival, Replica.LastCursor);
        Batches++;
        Replica.Flush();
        if (_services.Store.HasChanges)
        {
            _disk.Commit(_services.Store.Seal());
            _services.Store.Settle();
        }

        Replica.Settled(arrival, cursor);
    }

    /// <summary>A crash behind a batch: what is in memory only is lost.</summary>
    public void Restart()
    {
        Flush();
        var (id, frontier, hash) = (Replica.Id, Replica.DurableFrontier.Digest(_scene.Cryptography), Replica.DurableStateHash);
        _stepsBefore += _services.Cost.Steps;
        _lives++;
        Batches++;
        _services = Services();
        ReadClock();
        _replica = Replica.Load(Reader.Describe(id)!, _services, this, _scene.Now);
        _replica.FounderCards = _scene.FounderCards;
        FuzzFinding.Require(
            Replica.StateHash() == hash && Replica.CurrentFrontier().Digest(_scene.Cryptography) == frontier,
            "equal-after-restart",
            () => $"replica {_number} has another state after a start from its disk than before");
    }

    /// <summary>What its device has written since the last call, signed, as it would travel.</summary>
    public List<Entry> TakeWritten()
    {
        List<Entry> written = [];
        foreach (var (arrival, entry, _) in Replica.Arrivals(_told, int.MaxValue))
        {
            _told = arrival;
            if (entry.Header.Device == _home.Device)
            {
                written.Add(entry);
            }
        }

        return written;
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

    private NodeServices Services() => new(
        _scene.Options, _home, _disk, _scene.Cryptography, new NodeRandom(_scene.Random, _number, _lives), _scene.Record.Marks);

    private void ReadClock() => _services.Clock.Read(_scene.Wall + _skew, _scene.Now);
}
