namespace HiNet.Crdt;

/// <summary>An invite that was accepted here brings nothing any more; <see cref="Contact.Status"/> says why. A new one from the same person mends it.</summary>
public sealed record InviteLapsed(DateTimeOffset Time, Contact Contact)
    : NodeEvent(Time);
