using HiNet.Crdt.Simulation.Kernel;

namespace HiNet.Crdt.Simulation.Fuzzing;

/// <summary>One part of the engine that cases are given to, with what is asked of it. Cases are made and run in one thread.</summary>
internal abstract class FuzzTarget
{
    /// <summary>As on the command line and in failure files.</summary>
    public abstract string Name { get; }

    /// <summary>Every kind of operation that its cases have.</summary>
    public abstract IReadOnlyList<FuzzKind> Kinds { get; }

    /// <summary>The operations of a seed's case.</summary>
    public abstract IReadOnlyList<FuzzOperation> Draw(KeyedRandom random);

    /// <summary>Runs a case and asks its oracles; one that objects throws <see cref="FuzzFinding"/>.</summary>
    /// <param name="random">What else is drawn: people, bounds, orders.</param>
    /// <param name="operations">Any part of a drawn list.</param>
    /// <param name="record">Is told what came of each operation, also when an oracle objects later.</param>
    public abstract void Run(KeyedRandom random, IReadOnlyList<FuzzOperation> operations, FuzzRecord record);
}
