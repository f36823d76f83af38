using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Adversaries;

/// <summary>Makes the attacker of a kind.</summary>
internal static class Attackers
{
    public static Attacker Create(AdversaryKind kind, SimulatedWorld world, int index, EngineHome home) => kind switch
    {
        AdversaryKind.Equivocate => new Equivocator(world, index, home),
        AdversaryKind.Backdate => new Backdater(world, index, home),
        AdversaryKind.PoisonClock => new ClockPoisoner(world, index, home),
        AdversaryKind.Forge => new Forger(world, index, home),
        AdversaryKind.Replay => new Replayer(world, index, home),
        AdversaryKind.Flood => new Flooder(world, index, home),
        AdversaryKind.Withhold => new Withholder(world, index, home),
        AdversaryKind.Garbage => new GarbageSender(world, index, home),
        AdversaryKind.Strip => new Stripper(world, index, home),
        AdversaryKind.Squat => new Squatter(world, index, home),
        AdversaryKind.Sybil => new Sybil(world, index, home),
        AdversaryKind.Crowd => new Crowd(world, index, home),
        AdversaryKind.Exclude => new Excluder(world, index, home),
        AdversaryKind.Drip => new Dripper(world, index, home),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
