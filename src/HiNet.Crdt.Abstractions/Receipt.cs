namespace HiNet.Crdt;

/// <summary>What is known of a message at one other member.</summary>
/// <param name="Identity">Who.</param>
/// <param name="Delivered">True when a device of theirs has it durably.</param>
/// <param name="Read">True when they marked it, or a later message, as read.</param>
public sealed record Receipt(IdentityId Identity, bool Delivered, bool Read);
