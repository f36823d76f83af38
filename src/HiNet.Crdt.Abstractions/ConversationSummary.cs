namespace HiNet.Crdt;

/// <summary>A line in a list of conversations.</summary>
/// <param name="Id">Which.</param>
/// <param name="Kind">Direct or group.</param>
/// <param name="Name">The group's name, or the other person's.</param>
/// <param name="Members">Who is in it now.</param>
/// <param name="Unread">Messages of others behind the last one read here.</param>
/// <param name="Last">The newest message, if any.</param>
public sealed record ConversationSummary(
    ConversationId Id,
    ConversationKind Kind,
    string Name,
    IReadOnlyList<Member> Members,
    int Unread,
    Message? Last);
