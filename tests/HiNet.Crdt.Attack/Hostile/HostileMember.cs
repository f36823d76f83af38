using HiNet.Crdt.Core.Identity;

namespace HiNet.Crdt.Attack.Hostile;

/// <summary>The keys of a hostile contact, and its chains in the two conversations that it shares with the victim.</summary>
internal sealed record HostileMember(HomeSecrets Secrets, HostileChain Direct, HostileChain Group);
