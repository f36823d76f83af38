using HiNet.Crdt.Core.Engine;

namespace HiNet.Crdt.Simulation.Meaning;

/// <summary>A command that has no answer yet, or whose node died before it answered: it may have happened or not.</summary>
/// <param name="Command">What was asked.</param>
/// <param name="Meant">What it means.</param>
/// <param name="Generation">The life of the node that was asked.</param>
internal sealed record AskedCommand(NodeCommand Command, CommandIntent Meant, int Generation);
