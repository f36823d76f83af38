namespace HiNet.Crdt;

/// <summary>A person and the name to show for them: the reader's own name for them, else the one they give themselves, else the start of their id.</summary>
public sealed record Person(IdentityId Id, string Name);
