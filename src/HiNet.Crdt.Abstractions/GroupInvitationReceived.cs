namespace HiNet.Crdt;

/// <summary>
/// A contact added this person to a group. The group is joined once the invitation is accepted (<see cref="INode.AcceptInvitationAsync"/>),
/// or at once where the host accepts all.
/// </summary>
public sealed record GroupInvitationReceived(ConversationId Conversation, EventCursor Cursor, DateTimeOffset Time, Person By, ConversationId Group, string Name)
    : ConversationEvent(Conversation, Cursor, Time);
