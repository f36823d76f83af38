namespace HiNet.Crdt.Core.Identity;

/// <summary>A device's X25519 leaf secret key (32 bytes) and its number.</summary>
public sealed record LeafSecret(uint Index, ReadOnlyMemory<byte> Secret);
