using System.Reactive.Linq;
using HiNet.Crdt;
using HiNet.Crdt.Storage.RocksDb;

namespace Examples;

/// <summary>The example of the README: its usings, and the body of the one method.</summary>
internal static class ReadmeExample
{
    internal static async Task RunAsync(string inviteFromBob, string inviteFromCarol, CancellationToken cancellationToken)
    {
        await using var node = await HiNetNode.StartAsync(new HiNetOptions { Store = RocksDbStore.At("alice"), Name = "Alice" }, cancellationToken);
        var bob = await node.AddContactAsync(inviteFromBob, "Bob", cancellationToken);
        var carol = await node.AddContactAsync(inviteFromCarol, "Carol", cancellationToken);
        var team = await node.CreateGroupAsync("team", [bob.Id, carol.Id], cancellationToken);
        using var subscription = team.Events.OfType<MessageAdded>().Subscribe(m => Console.WriteLine($"{m.Author.Name}: {m.Text}"));
        await team.SendAsync("hello", cancellationToken);
        await Console.In.ReadLineAsync(cancellationToken);
    }
}
