using HiNet.Crdt.Integration.Tests.Support;
using HiNet.Crdt.Storage.RocksDb.Tests;

namespace HiNet.Crdt.Integration.Tests;

/// <summary>Many callers at once.</summary>
public sealed class ConcurrencyTests : IDisposable
{
    private const int Callers = 16;
    private const int InFlight = 256 / Callers;
    private const int EachCaller = 250;
    private readonly TemporaryDirectory _directory = new();

    private string Home => _directory.Combine("home");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task With_256_sends_in_flight_every_one_is_durable_once_and_in_its_callers_order()
    {
        var acknowledged = new List<string>[Callers];
        await using (var node = await Nodes.StartAsync(Home))
        {
            var notes = await node.OpenDirectAsync(node.Self.Id);
            using var listener = new Listener(notes.Events);
            var results = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => SendAsync(notes, caller))));
            results.ShouldAllBe(result => result.Problem == null);
            results.ShouldAllBe(result => result.Acknowledged.Count == EachCaller);
            results.SelectMany(result => result.Ids).Distinct().Count().ShouldBe(Callers * EachCaller);
            acknowledged = [.. results.Select(result => result.Acknowledged)];
            await Until.TrueAsync(() => listener.All<MessageAdded>().Count >= Callers * EachCaller, "every message is announced");
            listener.Texts.ShouldBe(notes.ReadAll().Select(message => message.Text));
        }

        await using var again = await Nodes.StartAsync(Home);
        var texts = again.Conversations[0].ReadAll().Select(message => message.Text).ToList();
        texts.Count.ShouldBe(Callers * EachCaller);
        CheckOrder(texts, acknowledged);
    }

    [Fact]
    public async Task Disposal_under_load_loses_nothing_acknowledged()
    {
        for (var round = 0; round < 5; round++)
        {
            var home = _directory.Combine($"home-{round}");
            Task<Sent[]> sending;
            await using (var node = await Nodes.StartAsync(home))
            {
                var notes = await node.OpenDirectAsync(node.Self.Id);
                using var listener = new Listener(notes.Events);
                sending = Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => SendAsync(notes, caller, until: 100_000))));
                await Until.TrueAsync(() => listener.All<MessageAdded>().Count > 100 * round, "the load is on");
            }

            var results = await sending.WaitAsync(Until.Patience);
            results.Select(result => result.Problem?.GetType()).ShouldAllBe(type => type == typeof(NodeStoppedException));
            await using var again = await Nodes.StartAsync(home);
            var texts = again.Conversations[0].ReadAll().Select(message => message.Text).ToList();
            texts.Distinct().Count().ShouldBe(texts.Count);
            CheckOrder(texts, [.. results.Select(result => result.Acknowledged)]);
        }
    }

    private sealed record Sent(List<string> Acknowledged, List<EntryId> Ids, Exception? Problem);

    private static async Task<Sent> SendAsync(IConversation notes, int caller, int until = EachCaller)
    {
        var sent = new Sent([], [], null);
        var underWay = new Queue<(string Text, Task<SentMessage> Sent)>();
        for (var number = 0; number < until + InFlight; number++)
        {
            if (number < until)
            {
                underWay.Enqueue(($"{caller} {number}", notes.SendAsync($"{caller} {number}")));
            }

            if (underWay.Count == InFlight || number >= until)
            {
                if (!underWay.TryDequeue(out var oldest))
                {
                    break;
                }

                try
                {
                    sent.Ids.Add((await oldest.Sent).Id);
                    sent.Acknowledged.Add(oldest.Text);
                }
                catch (HiNetException problem)
                {
                    sent = sent with { Problem = problem };
                    until = Math.Min(until, number);
                }
            }
        }

        return sent;
    }

    // Each caller's messages stand in the order of its calls, and what was acknowledged is among them.
    private static void CheckOrder(List<string?> texts, IReadOnlyList<List<string>> acknowledged)
    {
        var byCaller = texts.OfType<string>().ToLookup(text => int.Parse(text.Split(' ')[0], null));
        for (var caller = 0; caller < Callers; caller++)
        {
            var own = byCaller[caller].ToList();
            own.Select(text => int.Parse(text.Split(' ')[1], null)).ShouldBe(Enumerable.Range(0, own.Count));
            own.Take(acknowledged[caller].Count).ShouldBe(acknowledged[caller]);
        }
    }
}
