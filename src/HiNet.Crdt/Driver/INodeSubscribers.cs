namespace HiNet.Crdt.Driver;

/// <summary>Takes what the machine tells subscribers. Called on the driver's thread: must neither block nor throw.</summary>
internal interface INodeSubscribers
{
    /// <summary>Everything of a conversation up to a cursor is durable.</summary>
    void Publish(ConversationId conversation, EventCursor upTo);

    void Announce(NodeEvent announced);
}
