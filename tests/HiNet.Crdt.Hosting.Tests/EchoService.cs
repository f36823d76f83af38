using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using Microsoft.Extensions.Hosting;

namespace HiNet.Crdt.Hosting.Tests;

/// <summary>The hosted service of docs/guide/hosting.md: repeats what others say to it.</summary>
internal sealed class EchoService(INode node) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var known = node.Conversations.ToObservable().SelectMany(conversation => conversation.Events);
        var added = node.Events.OfType<ConversationAdded>()
            .SelectMany(e => node.FindConversation(e.Conversation)!.EventsFrom(EventCursor.Start));
        return known.Merge(added)
            .OfType<MessageAdded>()
            .Where(message => message.Author.Id != node.Self.Id)
            .Select(message => Observable.FromAsync(() => EchoAsync(message, stoppingToken)))
            .Concat()
            .LastOrDefaultAsync()
            .ToTask(stoppingToken);
    }

    private Task EchoAsync(MessageAdded message, CancellationToken cancellationToken) =>
        node.FindConversation(message.Conversation)!.ReplyAsync(message.Id, $"You said: {message.Text}", cancellationToken);
}
