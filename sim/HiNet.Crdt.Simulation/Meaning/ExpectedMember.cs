namespace HiNet.Crdt.Simulation.Meaning;

/// <summary>A member that a reader must see.</summary>
/// <param name="Person">Who.</param>
/// <param name="Role">What they may do.</param>
/// <param name="Since">Time of the entry that gave them a place.</param>
internal readonly record struct ExpectedMember(IdentityId Person, Role Role, ulong Since);
