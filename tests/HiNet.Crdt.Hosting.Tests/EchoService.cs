using System.Reactive.Linq;
using Microsoft.Extensions.Hosting;

namespace HiNet.Crdt.Hosting.Tests;

/// <summary>The hosted service of docs/guide/hosting.md: repeats what others say to it.</summary>
internal sealed class EchoService(INode node) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var messages = node.Events.OfType<ConversationAdded>()
            .Select(added => node.FindConversation(added.Conversation))
            .Merge(node.Conversations.ToObservable())
            .OfType<IConversation>()
            .Distinct(conversation => conversation.Id)
            .SelectMany(conversation => conversation.Events.OfType<MessageAdded>())
            .Where(message => message.Author.Id != node.Self.Id);
        using var subscription = messages
            .Select(m => Observable.FromAsync(ct => node.FindConversation(m.Conversation)!.ReplyAsync(m.Id, $"You said: {m.Text}", ct)))
            .Concat()
            .Subscribe();
        await Task.Delay(Timeout.Infinite, stoppingToken);
    }
}
