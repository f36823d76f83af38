namespace HiNet.Crdt.Simulation.Invariants.Subscribers;

/// <summary>What a subscriber throws whose kind is to throw.</summary>
internal sealed class SubscriberException() : Exception("This subscriber throws on purpose.");
