namespace HiNet.Crdt;

/// <summary>A peer with the same entries shows another state: a defect, to be reported.</summary>
public sealed record DivergenceDetected(DateTimeOffset Time, ConversationId Conversation, NodeId Node)
    : NodeEvent(Time);
