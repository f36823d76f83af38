using HiNet.Crdt.Core.Log;

namespace HiNet.Crdt.Core.Authority;

/// <summary>What the grants on a person come to, before anybody is crowned.</summary>
/// <param name="Role">Theirs; <see cref="Role.None"/> for who is no member.</param>
/// <param name="First">The oldest grant, in the order of a fold, behind the last one that was none; null while that is the last of all.</param>
internal readonly record struct Standing(Role Role, (HybridTimestamp Hlc, EntryId Id)? First);
