using System.Text.Json;
using HiNet.Crdt.Storage.RocksDb;

namespace HiNet.Crdt.Attack.Victims;

/// <summary>
/// The attacked node, alone in its process. It says <c>ready ADDRESS INVITE</c>; takes <c>expect ID</c>, whose messages it tells as <c>heard
/// TEXT</c>; <c>group ID,ID,…</c>, which it answers by <c>group</c> once these contacts are in one; <c>go</c>, from when on it sends; and
/// <c>stop</c>, which it answers by <c>report JSON</c>. It goes on until its input ends.
/// </summary>
internal static class VictimProgram
{
    public const string Verb = "victim";

    private const int Guests = 64;

    /// <param name="arguments">The folder of the store.</param>
    public static async Task<int> RunAsync(string[] arguments)
    {
        await using var node = await HiNetNode.StartAsync(new HiNetOptions
        {
            Store = RocksDbStore.At(arguments[0]),
            Name = "Victim",
            Listen = "127.0.0.1:0",
        });
        using var watch = new VictimWatch(node);
        var subscriptions = new List<IDisposable>();
        SteadySender? sender = null;
        IConversation? group = null;
        Say($"ready {node.ListenAddress} {await node.CreateInviteAsync(uses: Guests)}");
        while (await ReadLineAsync() is { } line)
        {
            switch (line.Split(' '))
            {
                case ["expect", var id]:
                    var direct = await node.OpenDirectAsync(await ContactAsync(node, id));
                    subscriptions.Add(direct.Events.Subscribe(new TextObserver(node.Self.Id, text => Say("heard " + text))));
                    Say("expecting");
                    break;
                case ["group", var ids]:
                    var members = await Task.WhenAll(ids.Split(',').Select(id => ContactAsync(node, id)));
                    group = await node.CreateGroupAsync("Besieged", members);
                    Say("group");
                    break;
                case ["go"]:
                    sender = new SteadySender(await node.OpenDirectAsync(node.Self.Id), group!);
                    watch.Start();
                    break;
                case ["stop"]:
                    await sender!.StopAsync();
                    Say("report " + JsonSerializer.Serialize(watch.Report(sender)));
                    break;
                default:
                    throw new InvalidOperationException($"The victim does not understand '{line}'.");
            }
        }

        subscriptions.ForEach(subscription => subscription.Dispose());
        return 0;
    }

    private static async Task<IdentityId> ContactAsync(HiNetNode node, string id)
    {
        while (true)
        {
            if (node.Contacts.FirstOrDefault(contact => contact.Id.ToString() == id) is { } contact)
            {
                return contact.Id;
            }

            await Task.Delay(20);
        }
    }

    // Reading the console blocks, and must not take one of the few threads that the node shares.
    private static Task<string?> ReadLineAsync() =>
        Task.Factory.StartNew(Console.In.ReadLine, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static void Say(string line)
    {
        lock (Console.Out)
        {
            Console.Out.WriteLine(line);
            Console.Out.Flush();
        }
    }
}
