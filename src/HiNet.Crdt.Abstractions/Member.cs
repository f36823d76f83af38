namespace HiNet.Crdt;

/// <summary>A member of a conversation.</summary>
/// <param name="Person">Who.</param>
/// <param name="Role">What they may do now.</param>
/// <param name="Since">Time of the entry that gave them the role, by its author's clock.</param>
/// <param name="IsTentative">True while a later merge could still overturn it.</param>
public sealed record Member(Person Person, Role Role, DateTimeOffset Since, bool IsTentative);
