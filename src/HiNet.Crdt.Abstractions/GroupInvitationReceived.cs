namespace HiNet.Crdt;

/// <summary>A contact added this person to a group; the group appears by itself.</summary>
public sealed record GroupInvitationReceived(ConversationId Conversation, EventCursor Cursor, DateTimeOffset Time, Person By, ConversationId Group, string Name)
    : ConversationEvent(Conversation, Cursor, Time);
