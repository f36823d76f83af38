using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Adversaries;

/// <summary>
/// Holds links to one node, each from another node's keys, on which nobody shows who they are. The engine survives because a quarter of the places is not
/// for strangers, and because the oldest of them gives way to whoever comes.
/// </summary>
internal sealed class Crowd(SimulatedWorld world, int index, EngineHome home) : Attacker(world, index, home)
{
    private const int MostLinks = 60;
    private const int MostAtOnce = 12;

    private int? _victim;

    protected override void Attack(AdversaryMachine machine)
    {
        _victim ??= Victim();
        if (_victim is not { } victim)
        {
            return;
        }

        for (var i = Draw(1, MostAtOnce); i > 0 && machine.LinkCount < MostLinks; i--)
        {
            machine.Dial(victim, id => new ChannelLink(machine, id, this, [], null));
        }
    }
}
