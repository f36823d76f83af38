using System.Text.Json;
using HiNet.Crdt.Core.Tests.Support;
using HiNet.Crdt.Integration.Tests.Support;
using HiNet.Crdt.Storage.RocksDb.Tests;

namespace HiNet.Crdt.Integration.Tests;

/// <summary>Ten thousand real messages through real stores and sockets.</summary>
public sealed class TraceTests : IDisposable
{
    private const string Trace = "trace-a.jsonl";
    private const int Lines = 10_000;
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [SharedDataFact(Trace)]
    public async Task Ten_thousand_messages_through_one_node_arrive_once_and_in_order_at_two_others()
    {
        var texts = File.ReadLines(SharedData.Find(Trace)!).Select(TextOf).Where(text => text.Length > 0).Take(Lines).ToList();
        texts.Count.ShouldBe(Lines);
        await using var alice = await Nodes.StartAsync(_directory.Combine("alice"), "Alice", listens: true);
        await using var bob = await Nodes.StartAsync(_directory.Combine("bob"), "Bob");
        await using var carol = await Nodes.StartAsync(_directory.Combine("carol"), "Carol");
        await Nodes.MeetAsync(alice, bob);
        await Nodes.MeetAsync(alice, carol);
        var group = await alice.CreateGroupAsync("Trace", [bob.Self.Id, carol.Self.Id]);
        var others = await Task.WhenAll(Nodes.JoinAsync(bob, group.Id), Nodes.JoinAsync(carol, group.Id));
        using var atBob = new Listener(others[0].EventsFrom(EventCursor.Start));
        using var atCarol = new Listener(others[1].Events);

        await Task.WhenAll(texts.Select(text => group.SendAsync(text))).WaitAsync(Until.Patience);

        foreach (var listener in (Listener[])[atBob, atCarol])
        {
            await Until.TrueAsync(() => listener.All<MessageAdded>().Count >= Lines, "every message has arrived");
        }

        await Nodes.ConvergeAsync([group, .. others]);
        atBob.Texts.ShouldBe(texts);
        atCarol.Texts.ShouldBe(texts);
        foreach (var replica in (IConversation[])[group, .. others])
        {
            replica.ReadAll().Select(message => message.Text).ShouldBe(texts);
        }
    }

    private static string TextOf(string line)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty("text").GetString()!;
    }
}
