using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Meaning;

/// <summary>An entry that an honest device made durable on its own disk before, or without, an answer to the command behind it.</summary>
/// <param name="Process">Whose device it is.</param>
/// <param name="Generation">The life of the node in which it became durable.</param>
/// <param name="Entry">The entry.</param>
/// <param name="Row">The row in which it lies.</param>
internal sealed record UnclaimedEntry(NodeProcess Process, int Generation, AppliedEntry Entry, byte[] Row)
{
    /// <summary>Whether it is a receipt that its node has written by itself: a person asks only to say up to where they have read.</summary>
    public bool IsAcknowledgement() =>
        Entry.Kind == EntryKind.Receipt
        && Process.Home is EngineHome home
        && home.OpenBody(Row) is { } plaintext
        && BodyIntent.Of(EntryKind.Receipt, plaintext) is Intent.Acknowledge;
}
