namespace HiNet.Crdt;

/// <summary>A conversation appeared: started here, by a contact, or by an invitation to a group.</summary>
public sealed record ConversationAdded(DateTimeOffset Time, ConversationId Conversation, ConversationKind Kind, string Name)
    : NodeEvent(Time);
