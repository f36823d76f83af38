using HiNet.Crdt.Storage;
using HiNet.Crdt.Storage.RocksDb;

namespace HiNet.Crdt.Integration.Tests.Support;

/// <summary>
/// What this assembly does when it is started as a process of its own. It warms up, says <c>ready</c> and waits for one line on
/// standard input: <c>hold HOME</c> keeps a home open, <c>write HOME PREFIX INFLIGHT [ADDRESS]</c> writes messages PREFIX-0,
/// PREFIX-1, … with so many under way at once, and names each on standard output once it is acknowledged, until it is killed.
/// A home with a contact writes to the contact, another writes notes to itself.
/// </summary>
internal static class NodeChild
{
    internal const string Hold = "hold";
    internal const string Write = "write";

    /// <summary>More than any test waits for, so that a child whose parent has died ends by itself.</summary>
    private const int MaxMessages = 20_000;

    internal static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is not ["child"])
        {
            await Console.Error.WriteLineAsync("This is a test assembly: run it with dotnet test.");
            return 2;
        }

        // A process of its own takes its time to start: all of it is spent before the test begins to count.
        await using (var warm = await HiNetNode.StartAsync(new HiNetOptions { Store = new InMemoryStore() }))
        {
            await (await warm.OpenDirectAsync(warm.Self.Id)).SendAsync("warm");
        }

        await SayAsync("ready");
        var command = (await Console.In.ReadLineAsync())?.Split(' ') ?? [];
        if (command.Length < 2)
        {
            return 1;
        }

        await using var node = await HiNetNode.StartAsync(new HiNetOptions
        {
            Store = RocksDbStore.At(command[1]),
            Bootstrap = command.Length > 4 ? [command[4]] : [],
        });
        await SayAsync("open");
        if (command[0] == Hold)
        {
            await Console.In.ReadToEndAsync();
            return 0;
        }

        var conversation = await node.OpenDirectAsync(node.Contacts.Count > 0 ? node.Contacts[0].Id : node.Self.Id);
        await WriteAsync(conversation, command[2], int.Parse(command[3], null));
        return 0;
    }

    private static async Task WriteAsync(IConversation conversation, string prefix, int inFlight)
    {
        var underWay = new Queue<(string Text, Task<SentMessage> Sent)>();
        for (var number = 0; number < MaxMessages; number++)
        {
            // Sizes differ, so that a kill may fall anywhere in the log's blocks.
            var text = $"{prefix}-{number}:{new string('x', number * 7919 % 700)}";
            underWay.Enqueue((text, conversation.SendAsync(text)));
            if (underWay.Count == inFlight)
            {
                var (oldest, sent) = underWay.Dequeue();
                await SayAsync($"{(await sent).Id} {oldest}");
            }
        }
    }

    private static async Task SayAsync(string line)
    {
        await Console.Out.WriteLineAsync(line);
        await Console.Out.FlushAsync();
    }
}
