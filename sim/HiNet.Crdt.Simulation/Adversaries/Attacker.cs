using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Simulation.Kernel;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Adversaries;

/// <summary>
/// The hostile half of an adversary's node. It acts every few seconds until the faults of a run end; what it has left standing
/// (links that say nothing, promises, refused entries) stays. It is no part of any invariant: these are about the others.
/// </summary>
internal abstract class Attacker(SimulatedWorld world, int index, EngineHome home)
{
    private HostileDatagrams? _datagrams;
    private ulong _draws;

    public ICryptography Cryptography => home.Cryptography;

    public HomeSecrets Secrets => home.Secrets;

    /// <summary>When it acts next.</summary>
    public Instant Next { get; private set; } = Instant.Never;

    /// <summary>Faults last. A link that comes up later finds nobody there who would do anything with it.</summary>
    public bool IsActing => world.IsUnderAttack;

    /// <summary>What it has seen of the DHT, and what it makes of it.</summary>
    public HostileDatagrams Datagrams => _datagrams ??= new HostileDatagrams(Draw, Bytes);

    protected SimulatedWorld World => world;

    protected EngineHome Home => home;

    protected long WallClock => world.Nodes[index].Process.WallClock;

    /// <summary>The node's life begins: links of the life before are gone.</summary>
    public virtual void Started(Instant now) => Plan(now, 2_000, 6_000);

    /// <summary>Does something hostile, if it is time for that.</summary>
    public void Act(AdversaryMachine machine, Instant now)
    {
        if (IsActing)
        {
            Plan(now, 1_000, 8_000);
            Attack(machine);
            if (world.Options.UseDht)
            {
                Datagrams.Attack(machine, world.Nodes.Count);
            }
        }
        else
        {
            Next = Instant.Never;
        }
    }

    /// <summary>What is done with a link that came in; null leaves it to the engine.</summary>
    public virtual HostileLink? TakeIncoming(AdversaryMachine machine, LinkId link) => null;

    /// <summary>The victim said something on a conversation's channel.</summary>
    public virtual void Heard(HostileChannel channel, int type, byte[] payload)
    {
    }

    /// <summary>The time that it tells its peers.</summary>
    public virtual long ClaimedClock() => WallClock;

    /// <summary>Changes the proof of its device before it is sent.</summary>
    public virtual void Forge(Prove prove)
    {
    }

    /// <summary>A node's keys that nobody has seen: each link seems to come from another node.</summary>
    public NodeKeyPair FreshKeys() => NodeKeyPair.FromSeed(Cryptography, Bytes(32));

    protected abstract void Attack(AdversaryMachine machine);

    protected long Draw(long from, long to) => world.Random.Between(DrawStream.Adversary, (ulong)index, _draws++, from, to);

    protected bool IsOn() => Draw(0, 1) == 1;

    protected byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i += sizeof(ulong))
        {
            var word = world.Random.Draw(DrawStream.Adversary, (ulong)index, _draws++);
            BitConverter.GetBytes(word).AsSpan(0, Math.Min(sizeof(ulong), count - i)).CopyTo(bytes.AsSpan(i));
        }

        return bytes;
    }

    protected EntryId AnyId() => new(Bytes(Bytes32.Size));

    /// <summary>Any other node; null when there is none.</summary>
    protected int? Victim(int? butNot = null)
    {
        List<int> others = [.. Enumerable.Range(0, world.Nodes.Count).Where(node => node != index && node != butNot)];
        return others.Count == 0 ? null : others[(int)Draw(0, others.Count - 1)];
    }

    /// <summary>Some conversation that the node can write in, as it is now.</summary>
    protected MemberWriter? AnyConversation()
    {
        var conversations = home.Reader.Conversations();
        return conversations.Count == 0 ? null : MemberWriter.TryOpen(home, conversations[(int)Draw(0, conversations.Count - 1)], WallClock, world.Invariants.Intents);
    }

    /// <summary>Links to a node, opens a conversation's channel there, does something once both ends have proved themselves, and leaves some time later.</summary>
    protected void Visit(AdversaryMachine machine, int victim, MemberWriter writer, Action<HostileChannel> act, double seconds = 5) =>
        machine.Dial(victim, id => new ChannelLink(machine, id, this, [writer], act) { Leaves = machine.Now + TimeSpan.FromSeconds(seconds) });

    /// <summary>Gives runs to a node.</summary>
    protected void Give(AdversaryMachine machine, int victim, MemberWriter writer, params SignedRun[] runs) =>
        Visit(machine, victim, writer, channel => channel.Send(HostileChannel.SegmentsType, MemberWriter.Segments(runs)));

    private void Plan(Instant now, long least, long most) => Next = now + TimeSpan.FromMilliseconds(Draw(least, most));
}
