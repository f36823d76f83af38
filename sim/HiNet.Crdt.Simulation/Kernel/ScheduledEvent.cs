namespace HiNet.Crdt.Simulation.Kernel;

/// <summary>
/// One event. <paramref name="Generation"/> is that of the node at the time of scheduling: a target drops what belongs to an
/// earlier life of its node. What <paramref name="Kind"/>, <paramref name="Argument"/> and <paramref name="Payload"/> mean is the target's affair.
/// </summary>
internal readonly record struct ScheduledEvent(IEventTarget Target, int Kind, int Generation, long Argument, object? Payload);
