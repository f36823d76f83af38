using HiNet.Crdt.Core.Log;

namespace HiNet.Crdt.Core.Authority;

/// <summary>A member at one point of the causal past.</summary>
/// <param name="Identity">Who.</param>
/// <param name="Role">What they may do; never <see cref="Role.None"/>.</param>
/// <param name="Since">HLC of the oldest grant that still stands.</param>
/// <param name="Grant">That grant's entry; zero for those that a direct conversation's virtual genesis names.</param>
public readonly record struct MemberState(IdentityId Identity, Role Role, HybridTimestamp Since, EntryId Grant);
