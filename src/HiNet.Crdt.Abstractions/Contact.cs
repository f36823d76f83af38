namespace HiNet.Crdt;

/// <summary>Someone this node can write to.</summary>
/// <param name="Id">Their identity.</param>
/// <param name="Name">The reader's name for them, else their own.</param>
/// <param name="OwnName">What they call themselves; empty until they said so.</param>
/// <param name="Status">Whether the two have met, or what that waits for.</param>
public sealed record Contact(IdentityId Id, string Name, string OwnName, ContactStatus Status = ContactStatus.Met);
