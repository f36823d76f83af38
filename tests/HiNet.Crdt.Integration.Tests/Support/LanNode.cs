using HiNet.Crdt.Storage.RocksDb;

namespace HiNet.Crdt.Integration.Tests.Support;

/// <summary>
/// A whole node in a process of its own, which may be in another network namespace, with LAN discovery and nothing else:
/// <c>node HOME NAME</c>. It says <c>invite TEXT</c>, accepts the invite that comes on standard input, greets each contact and
/// says <c>heard TEXT from NAME</c>, until standard input ends.
/// </summary>
internal static class LanNode
{
    internal const string Verb = "node";

    internal static async Task<int> RunAsync(string[] arguments)
    {
        await using var node = await HiNetNode.StartAsync(new HiNetOptions
        {
            Store = RocksDbStore.At(arguments[1]),
            Name = arguments[2],
            Listen = "0.0.0.0:0",
            UseDht = false,
        });
        using var contacts = node.Events.Subscribe(new Greeter(node));
        await SayAsync("invite " + await node.CreateInviteAsync(["127.0.0.1:1"]));
        while (await Console.In.ReadLineAsync() is { } invite)
        {
            await node.AddContactAsync(invite);
        }

        return 0;
    }

    private static async Task SayAsync(string line)
    {
        await Console.Out.WriteLineAsync(line);
        await Console.Out.FlushAsync();
    }

    private sealed class Greeter(HiNetNode node) : IObserver<NodeEvent>
    {
        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        public void OnNext(NodeEvent value)
        {
            if (value is ContactAdded added)
            {
                _ = GreetAsync(added.Contact);
            }
        }

        private async Task GreetAsync(Contact contact)
        {
            var conversation = await node.OpenDirectAsync(contact.Id);
            conversation.Events.Subscribe(new Listening(node));
            await conversation.SendAsync("hello");
        }
    }

    private sealed class Listening(HiNetNode node) : IObserver<ConversationEvent>
    {
        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        public void OnNext(ConversationEvent value)
        {
            if (value is MessageAdded added && added.Author.Id != node.Self.Id)
            {
                _ = SayAsync($"heard {added.Text} from {added.Author.Name}");
            }
        }
    }
}
