namespace HiNet.Crdt;

/// <summary>
/// Something that happened in a conversation. Each comes once to each subscriber, in the order of arrival on this node, and
/// only after it is durable here and can be read. So what waited for its key may come behind something later of the same author:
/// of two edits, or of two words on one reaction, the one with the later <see cref="Time"/> counts.
/// </summary>
/// <param name="Conversation">Where.</param>
/// <param name="Cursor">Go on behind this one after a restart.</param>
/// <param name="Time">When, by the author's clock.</param>
public abstract record ConversationEvent(ConversationId Conversation, EventCursor Cursor, DateTimeOffset Time);
