using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Discovery;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Reading;
using HiNet.Crdt.Core.Engine.Storage;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Tests.Support;
using HiNet.Crdt.Cryptography;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>A node of a <see cref="LoopbackWorld"/>: its core, its store, and all that it said.</summary>
internal sealed class LoopbackNode : IEffectSink<NodeEffect>
{
    private readonly LoopbackWorld _world;
    private readonly CountedSecrets _cryptography;
    private readonly List<NodeInput> _checks = [];
    private readonly List<NodeInput> _unreported = [];
    private NodeEffect.Persist? _heldWrite;
    private long _commands;

    public LoopbackNode(LoopbackWorld world, string name, int number)
    {
        _world = world;
        _cryptography = new CountedSecrets((ulong)number << 32);
        Name = name;
        Endpoint = Endpoint.FromIPv4(0x1400_0001 + ((uint)number << 8), 4000);
        Span<byte> identity = stackalloc byte[32];
        Span<byte> agreement = stackalloc byte[32];
        _cryptography.FillSecret(identity);
        _cryptography.FillSecret(agreement);
        Secrets = HomeSecrets.Create(_cryptography, name, identity, agreement);
        Core = Start();
    }

    public static ICryptography Cryptography => SodiumCryptography.Instance;

    public string Name { get; }

    public HomeSecrets Secrets { get; }

    /// <summary>Where its datagrams come from and arrive.</summary>
    public Endpoint Endpoint { get; }

    public NodeCore Core { get; private set; }

    public MemoryStore Store { get; } = new();

    public NodeReader Reader => new(Store, Cryptography, Secrets);

    public SealedRows Rows => new(Store, Cryptography, Secrets);

    public Dictionary<LinkId, LoopbackEnd> Ends { get; } = [];

    public Dictionary<long, NodeResult> Results { get; } = [];

    public List<NodeEvent> Events { get; } = [];

    public Dictionary<string, long> Counts { get; } = [];

    /// <summary>What LAN discovery is to look for by now.</summary>
    public IReadOnlyList<MdnsSecret> Recognised { get; private set; } = [];

    /// <summary>Addresses that were to be dialled, in order. Nobody does it: a test links whom it wants linked.</summary>
    public List<string> Dialled { get; } = [];

    /// <summary>Datagrams that it sent.</summary>
    public int Datagrams { get; private set; }

    /// <summary>Places in the code that this node reached, restarts included.</summary>
    public Marks Marks { get; } = new();

    public IdentityId Identity => Secrets.Identity;

    public long SentBytes { get; private set; }

    /// <summary>Policy and bounds, from the next start on.</summary>
    public NodeCoreOptions Options { get; set; } = new();

    /// <summary>Groups are joined at once, unless a test is about the decision. From the next start on.</summary>
    public bool AcceptsInvitations { get; set; } = true;

    /// <summary>How far this node's wall clock is off, in milliseconds. Read at a start and by <see cref="ReadClock"/>.</summary>
    public long Skew { get; set; }

    /// <summary>When set, the disk refuses every write with this sentence.</summary>
    public string? DiskProblem { get; set; }

    /// <summary>Changes what is sent on every link, or swallows it with null.</summary>
    public Func<byte[], byte[]?>? Wire { get; set; }

    /// <summary>Keeps the results of signature checks until <see cref="ReleaseChecks"/>.</summary>
    public bool HoldChecks { get; set; }

    /// <summary>Keeps writes from becoming durable until <see cref="ReleaseWrite"/>.</summary>
    public bool HoldWrites { get; set; }

    /// <summary>Says of nothing that it has left its link, although it does, until <see cref="ReleaseProgress"/>.</summary>
    public bool HoldProgress { get; set; }

    public bool IsLinked => Ends.Count > 0;

    /// <summary>As after a power cut: what was not durable is gone, and every link with it.</summary>
    public void Restart()
    {
        foreach (var (link, end) in Ends.ToList())
        {
            Ends.Remove(link);
            end.Close("the other end restarts");
        }

        _world.Run();
        _heldWrite = null;
        Core = Start();
    }

    public void EndLink(LinkId link, string reason)
    {
        if (Ends.Remove(link))
        {
            Input(new NodeInput.LinkEnded(link, reason));
        }
    }

    public void EndLinks(LoopbackNode to)
    {
        foreach (var (link, _) in Ends.Where(end => end.Value.Node == to).ToList())
        {
            EndLink(link, "the link was cut");
        }
    }

    /// <summary>Hands back what was held; from now on nothing is.</summary>
    public void ReleaseChecks()
    {
        HoldChecks = false;
        foreach (var check in _checks)
        {
            Input(check);
        }

        _checks.Clear();
    }

    /// <summary>What was sent has left; from now on it is said at once.</summary>
    public void ReleaseProgress()
    {
        HoldProgress = false;
        foreach (var progress in _unreported)
        {
            Input(progress);
        }

        _unreported.Clear();
    }

    /// <summary>The write that is held becomes durable; the next one is held again while <see cref="HoldWrites"/> is set.</summary>
    public void ReleaseWrite()
    {
        var persist = _heldWrite.ShouldNotBeNull();
        _heldWrite = null;
        Store.Write(persist.Writes);
        Input(new NodeInput.Persisted(persist.Batch));
    }

    /// <summary>The write that is held becomes durable, and the power fails before the node hears of it.</summary>
    public void ReleaseWriteAndRestart()
    {
        Store.Write(_heldWrite.ShouldNotBeNull().Writes);
        HoldWrites = false;
        Restart();
    }

    public void ReadClock() => Input(new NodeInput.WallClockRead(_world.Wall + Skew));

    public void Input(NodeInput input)
    {
        var core = Core;
        _world.Enqueue(() =>
        {
            if (core == Core)
            {
                core.Handle(input, _world.Now, this);
            }
        });
    }

    public NodeResult Do(NodeCommand command)
    {
        var id = ++_commands;
        Input(new NodeInput.Commanded(id, command));
        _world.Run();
        return Results[id];
    }

    public EntryId Send(ConversationId conversation, string text) =>
        Do(new NodeCommand.SendText(conversation, text, null)).ShouldBeOfType<NodeResult.Written>().Entry;

    public long Hits(string mark) => Marks.Hits.GetValueOrDefault(mark);

    public void Add(NodeEffect effect)
    {
        switch (effect)
        {
            case NodeEffect.Persist persist when DiskProblem is { } problem:
                Input(new NodeInput.PersistFailed(persist.Batch, problem));
                break;
            case NodeEffect.Persist persist when HoldWrites:
                _heldWrite = persist;
                break;
            case NodeEffect.Persist persist:
                Store.Write(persist.Writes);
                Input(new NodeInput.Persisted(persist.Batch));
                break;
            case NodeEffect.Verify verify:
                var valid = Cryptography.Verify(verify.Key.ToArray(), verify.Message.Span, verify.Signature.Span);
                _checks.Add(new NodeInput.Verified(verify.Token, valid));
                if (!HoldChecks)
                {
                    ReleaseChecks();
                }

                break;
            case NodeEffect.Send send when Ends.TryGetValue(send.Link, out var end):
                SentBytes += send.Bytes.Length;
                _unreported.Add(new NodeInput.LinkProgressed(send.Link, send.Bytes.Length));
                if (!HoldProgress)
                {
                    ReleaseProgress();
                }

                if ((Wire is { } wire ? wire(send.Bytes.ToArray()) : send.Bytes.ToArray()) is { } bytes)
                {
                    end.Receive(bytes);
                }

                break;
            case NodeEffect.Disconnect disconnect when Ends.Remove(disconnect.Link, out var other):
                other.Close(disconnect.Reason);
                break;
            case NodeEffect.Complete complete:
                Results[complete.Command] = complete.Result;
                break;
            case NodeEffect.Announce announce:
                Events.Add(announce.Event);
                break;
            case NodeEffect.SendDatagram datagram:
                Datagrams++;
                _world.Nodes.Find(node => node.Endpoint == datagram.To)?.Input(new NodeInput.DatagramReceived(Endpoint, datagram.Bytes.ToArray()));
                break;
            case NodeEffect.Recognise recognise:
                Recognised = recognise.Secrets;
                break;
            case NodeEffect.Dial dial:
                Dialled.Add(dial.Address);
                break;
            case NodeEffect.Count count:
                Counts[count.Instrument] = Counts.GetValueOrDefault(count.Instrument) + count.Amount;
                break;
            default:
                break;
        }
    }

    private NodeCore Start()
    {
        // Answers to what it does at once are for this life.
        var core = Core = new NodeCore(Options with { AcceptInvitations = AcceptsInvitations }, Secrets, Store, _cryptography, new CountingRandom(), Marks, _world.Now);
        core.Handle(new NodeInput.WallClockRead(_world.Wall + Skew), _world.Now, this);
        return core;
    }

    private sealed class CountingRandom : IRandomSource
    {
        public ulong Draw(RandomStream stream, ulong counter) => (counter + 1) * 0x9E3779B97F4A7C15UL;
    }
}
