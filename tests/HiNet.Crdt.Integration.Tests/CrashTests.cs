using HiNet.Crdt.Integration.Tests.Support;
using HiNet.Crdt.Storage.RocksDb.Tests;

namespace HiNet.Crdt.Integration.Tests;

/// <summary>A node's process is killed while it writes, again and again, wherever it happens to be.</summary>
public sealed class CrashTests : IDisposable
{
    private const int Kills = 100;
    private const int KillsWhileLinked = 10;
    private const int MostInFlight = 64;
    private readonly TemporaryDirectory _directory = new();
    private readonly Dictionary<string, string> _acknowledged = [];

    private string Home => _directory.Combine("home");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task After_kill_9_nothing_acknowledged_is_missing_nothing_is_there_twice_and_the_device_has_not_forked()
    {
        await using (var node = await Nodes.StartAsync(Home))
        {
            await node.OpenDirectAsync(node.Self.Id);
        }

        await KillAsync(Kills, seed: 1, address: null, async (round, acknowledged) =>
        {
            await using var node = await Nodes.StartAsync(Home);
            var notes = node.Conversations.ShouldHaveSingleItem();
            CheckChain(notes.GetStatus(), node.Device);
            Check(notes.ReadPage(acknowledged.Count + (2 * MostInFlight)), acknowledged);
            if (round % 20 == 19)
            {
                Check(notes.ReadAll(), _acknowledged);
            }
        });

        _acknowledged.Count.ShouldBeGreaterThan(Kills);
        await using var last = await Nodes.StartAsync(Home);
        using var replay = new Listener(last.Conversations[0].EventsFrom(EventCursor.Start));
        var all = last.Conversations[0].ReadAll().Select(message => message.Text).OfType<string>().ToList();
        await Until.TrueAsync(() => replay.All<MessageAdded>().Count >= all.Count, "every message is replayed");
        replay.Texts.ShouldBe(all);
    }

    [Fact]
    public async Task A_peer_that_stays_linked_to_a_node_that_is_killed_ends_with_the_same_history()
    {
        await using var bob = await Nodes.StartAsync(_directory.Combine("bob"), "Bob", listens: true);
        DeviceId device;
        await using (var alice = await Nodes.StartAsync(Home, "Alice"))
        {
            device = alice.Device;
            await Nodes.MeetAsync(bob, alice);
            await Nodes.OpenDirectAsync(alice, bob);
        }

        await KillAsync(KillsWhileLinked, seed: 2, bob.ListenAddress, static (_, _) => Task.CompletedTask);

        await using var again = await Nodes.StartAsync(Home, bootstrap: bob.ListenAddress!);
        var (hers, his) = await Nodes.OpenDirectAsync(again, bob);
        await Nodes.ConvergeAsync(hers, his);
        his.GetStatus().Frontier.Count(head => head.Device == device).ShouldBe(1);
        Check(his.ReadAll(), _acknowledged);
        Check(hers.ReadAll(), _acknowledged);
    }

    private async Task KillAsync(int kills, int seed, string? address, Func<int, Dictionary<string, string>, Task> checkAsync)
    {
        var random = new Random(seed);
        var next = new ChildProcess("child");
        try
        {
            for (var round = 0; round < kills; round++)
            {
                using var child = next;

                // The next process warms up while this one writes.
                next = new ChildProcess("child");
                var acknowledged = await WriteAndKillAsync(child, round, random, address);
                foreach (var (id, text) in acknowledged)
                {
                    _acknowledged.Add(id, text);
                }

                await checkAsync(round, acknowledged);
            }
        }
        finally
        {
            next.Dispose();
        }
    }

    private async Task<Dictionary<string, string>> WriteAndKillAsync(ChildProcess child, int round, Random random, string? address)
    {
        var inFlight = random.Next(3) == 0 ? 1 : random.Next(2, MostInFlight);
        var acknowledgements = random.Next(0, 60);
        var acknowledged = new Dictionary<string, string>();
        (await child.ReadLineAsync()).ShouldBe("ready");
        await child.WriteLineAsync($"{NodeChild.Write} {Home} r{round} {inFlight} {address}".TrimEnd());

        // Now and then the kill falls into the opening.
        if (random.Next(10) > 0)
        {
            (await child.ReadLineAsync()).ShouldBe("open");
            for (var i = 0; i < acknowledgements; i++)
            {
                Note(await child.ReadLineAsync(), acknowledged);
            }
        }

        // The last piece may be a line that the kill cut short: it is not an acknowledgement.
        foreach (var line in (await child.KillAsync())[..^1].Where(line => line != "open"))
        {
            Note(line, acknowledged);
        }

        return acknowledged;
    }

    private static void Note(string line, Dictionary<string, string> acknowledged)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        acknowledged.Add(line[..space], line[(space + 1)..]);
    }

    // One head, and as many entries as its number says: no fork, no gap, nothing twice.
    private static void CheckChain(ConversationStatus status, DeviceId device)
    {
        var head = status.Frontier.ShouldHaveSingleItem();
        head.Device.ShouldBe(device);
        status.Entries.ShouldBe((long)head.Seq + 1);
        status.Missing.ShouldBe(0);
        status.Parked.ShouldBe(0);
    }

    private static void Check(IReadOnlyList<Message> messages, Dictionary<string, string> acknowledged)
    {
        var texts = messages.ToDictionary(message => message.Id.ToString(), message => message.Text.ShouldNotBeNull());
        texts.Values.Distinct().Count().ShouldBe(texts.Count);
        foreach (var (id, text) in acknowledged)
        {
            texts.ShouldContainKeyAndValue(id, text);
        }
    }
}
