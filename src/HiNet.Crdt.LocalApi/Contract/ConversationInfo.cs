namespace HiNet.Crdt.LocalApi.Contract;

/// <summary>A line in a list of conversations.</summary>
/// <param name="Conversation">64 hex digits.</param>
/// <param name="Kind">direct or group.</param>
/// <param name="Name">The group's name, or the other person's.</param>
/// <param name="Members">Who is in it now.</param>
/// <param name="Unread">Messages of others behind the last one read here.</param>
/// <param name="Last">The newest message, or null.</param>
public sealed record ConversationInfo(
    string Conversation,
    string Kind,
    string Name,
    IReadOnlyList<MemberInfo> Members,
    int Unread,
    MessageInfo? Last);
