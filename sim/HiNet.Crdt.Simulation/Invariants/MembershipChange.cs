namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>Someone became a member of a group, or left it.</summary>
/// <param name="Entry">The entry that says so.</param>
/// <param name="Person">Who.</param>
/// <param name="IsMember">False when they left.</param>
/// <param name="Past">Every entry that the one who made it knew of.</param>
internal sealed record MembershipChange(EntryId Entry, IdentityId Person, bool IsMember, HashSet<EntryId> Past);
