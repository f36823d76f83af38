using HiNet.Crdt.Driver;

namespace HiNet.Crdt.Events;

/// <summary>Both kinds of subscribers, as the driver sees them.</summary>
internal sealed class NodeSubscribers(ConversationEventHub conversations, NodeEventHub node) : INodeSubscribers
{
    public void Publish(ConversationId conversation, EventCursor upTo) => conversations.Publish(conversation, upTo);

    public void Announce(NodeEvent announced) => node.Announce(announced);
}
