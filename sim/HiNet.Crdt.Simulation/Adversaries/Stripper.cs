using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Adversaries;

/// <summary>
/// Passes on what others said without what they said: its engine leaves out the bodies of all others' content, and gives none to who asks
/// for them. The engine survives because whoever lacks a body asks everyone for it, and acknowledges nothing before it is there.
/// </summary>
internal sealed class Stripper : Attacker
{
    public Stripper(SimulatedWorld world, int index, EngineHome home)
        : base(world, index, home)
    {
        home.Options = home.Options with { Planted = home.Options.Planted | PlantedBug.BodiesWithheld };
    }

    protected override void Attack(AdversaryMachine machine)
    {
        // Its engine does.
    }
}
