using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Adversaries;

/// <summary>
/// Says in each conversation that it has more, and then brings nothing, every few seconds, for as long as it is let. The engine survives because a
/// turn to be pulled from is no longer than what is brought needs, and goes to those first who have kept their word.
/// </summary>
internal sealed class Dripper(SimulatedWorld world, int index, EngineHome home) : Attacker(world, index, home)
{
    /// <summary>Fewer than one person may have with one node: the oldest stays.</summary>
    private const int MostLinks = 12;

    private static readonly TimeSpan s_betweenDrops = TimeSpan.FromSeconds(5);

    protected override void Attack(AdversaryMachine machine)
    {
        var writers = Home.Reader.Conversations()
            .Select(conversation => MemberWriter.TryOpen(Home, conversation, WallClock, World.Invariants.Intents))
            .OfType<MemberWriter>()
            .ToList();
        if (writers.Count > 0 && machine.LinkCount < MostLinks && Victim() is { } victim)
        {
            machine.Dial(victim, id => new ChannelLink(machine, id, this, writers, Promise) { Drips = s_betweenDrops });
        }
    }

    /// <summary>A place far up its own chain, with an entry that is not.</summary>
    private void Promise(HostileChannel channel)
    {
        var frontier = Frontier.From([new FrontierHead(Home.Device, (ulong)Draw(1_000, 2_000), AnyId())]);
        channel.Send(HostileChannel.FrontierType, frontier.Encode());
    }
}
