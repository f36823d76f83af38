namespace HiNet.Crdt;

/// <summary>A conversation appeared: started here, by a contact, or by an invitation to a group.</summary>
/// <param name="Time">When, by this node's clock.</param>
/// <param name="Conversation">Which.</param>
/// <param name="Kind">Direct or group.</param>
/// <param name="Name">The group's name, or the other person's.</param>
public sealed record ConversationAdded(DateTimeOffset Time, ConversationId Conversation, ConversationKind Kind, string Name)
    : NodeEvent(Time);
