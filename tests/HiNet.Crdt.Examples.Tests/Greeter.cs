using System.Reactive.Linq;
using HiNet.Crdt;

namespace Examples;

public sealed class Greeter(INode node)
{
    public IDisposable Start() => node.Events.OfType<ConversationAdded>()
        .Select(added => node.FindConversation(added.Conversation)!)
        .Where(conversation => conversation.Kind == ConversationKind.Direct)
        .Subscribe(conversation => _ = conversation.SendAsync($"Hello, I am {node.Self.Name}."));
}
