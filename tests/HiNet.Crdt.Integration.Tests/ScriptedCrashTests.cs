using HiNet.Crdt.Integration.Tests.Support;
using HiNet.Crdt.Storage.RocksDb.Tests;

namespace HiNet.Crdt.Integration.Tests;

/// <summary>
/// Nodes on real stores do what seeds say, in a process that is killed. When their homes are opened again, what is shown is what
/// was meant by the steps that were acknowledged, and perhaps by the next few that were under way: never by a later one without an earlier.
/// </summary>
public sealed class ScriptedCrashTests : IDisposable
{
    private const int Processes = 36;
    private const int HomesInProcess = 8;
    private const int LivesOfHome = 3;
    private readonly TemporaryDirectory _directory = new();
    private readonly Random _random = new(5);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task After_kill_9_a_node_shows_what_was_meant_by_what_it_had_acknowledged()
    {
        List<Home> homes = [];
        var next = new ChildProcess(ScriptedNode.Verb);
        var acknowledged = 0;
        try
        {
            for (var process = 0; process < Processes; process++)
            {
                using var child = next;
                next = new ChildProcess(ScriptedNode.Verb);
                if (process % LivesOfHome == 0)
                {
                    homes = [.. Enumerable.Range(process * HomesInProcess, HomesInProcess).Select(seed => new Home(_directory.Combine($"home{seed}"), seed))];
                }

                var before = homes.Sum(home => home.Steps);
                await PlayAndKillAsync(child, homes);
                acknowledged += homes.Sum(home => home.Steps) - before;
                var isLast = process % LivesOfHome == LivesOfHome - 1;
                await Task.WhenAll(homes.Select(home => Task.Run(() => home.CheckAsync(replays: isLast))));
            }
        }
        finally
        {
            next.Dispose();
        }

        // Homes without a step prove nothing.
        acknowledged.ShouldBeGreaterThan(Processes * HomesInProcess * 5);
    }

    private async Task PlayAndKillAsync(ChildProcess child, List<Home> homes)
    {
        (await child.ReadLineAsync()).ShouldBe("ready");
        for (var i = 0; i < homes.Count; i++)
        {
            await child.WriteLineAsync($"{i} {homes[i].Path} {homes[i].Seed} {homes[i].Steps}");
        }

        await child.WriteLineAsync("go");
        List<string> lines = [];
        for (var count = _random.Next(homes.Count * 30); count > 0 && lines.LastOrDefault() != "done"; count--)
        {
            lines.Add(await child.ReadLineAsync());
        }

        // The last piece may be a line that the kill cut short: it is not an acknowledgement.
        lines.AddRange((await child.KillAsync())[..^1]);
        foreach (var words in lines.Where(line => line != "done").Select(line => line.Split(' ')))
        {
            homes[int.Parse(words[0], null)].Acknowledged(int.Parse(words[1], null), words[2]);
        }
    }

    private sealed class Home(string path, int seed)
    {
        private readonly Script _script = new(seed);
        private readonly Dictionary<int, string> _ids = [];

        public string Path => path;

        public int Seed => seed;

        /// <summary>Steps that are known to be durable.</summary>
        public int Steps { get; private set; }

        public void Acknowledged(int step, string id)
        {
            step.ShouldBe(Steps);
            _ids.Add(step, id);
            Steps = step + 1;
        }

        public async Task CheckAsync(bool replays)
        {
            await using var node = await Nodes.StartAsync(path);
            var conversations = ScriptedNode.Conversations(node);
            var shown = conversations.ConvertAll(conversation => Meant.Lines(conversation.ReadAll()));
            var most = Math.Min(Script.Length, Steps + _script.InFlight);
            var durable = Enumerable.Range(Steps, most - Steps + 1).Where(steps => IsShown(_script.After(steps), shown)).ToList();
            if (durable.Count == 0)
            {
                var meant = _script.After(Steps);
                shown.SelectMany(lines => lines).ShouldBe(
                    Enumerable.Range(0, meant.Conversations).SelectMany(meant.Lines),
                    $"seed {seed}: {Steps} steps were acknowledged, and neither they nor any up to {most} are what is shown");
            }

            CheckIds(conversations);
            foreach (var conversation in conversations)
            {
                CheckChain(conversation.GetStatus(), node.Device);
            }

            for (var i = 0; replays && i < conversations.Count; i++)
            {
                await ReplayedView.CheckAsync(conversations[i]);
            }

            Steps = durable[^1];
        }

        private static bool IsShown(Meant meant, List<IReadOnlyList<string>> shown) =>
            meant.Conversations == shown.Count && Enumerable.Range(0, shown.Count).All(i => meant.Lines(i).SequenceEqual(shown[i]));

        private void CheckIds(List<IConversation> conversations)
        {
            var ids = conversations.ConvertAll(conversation => conversation.ReadAll().Select(message => message.Id.ToString()).ToList());
            var sent = new int[conversations.Count];
            for (var i = 0; i < Steps; i++)
            {
                if (_script.Steps[i] is { Action: ScriptAction.Send or ScriptAction.Reply } step)
                {
                    var shown = ids[step.Conversation][sent[step.Conversation]++];
                    shown.ShouldBe(_ids.GetValueOrDefault(i, shown));
                }
            }
        }

        // One head, and as many entries as its number says: no fork, no gap, nothing twice. A direct conversation begins with nothing.
        private static void CheckChain(ConversationStatus status, DeviceId device)
        {
            if (status is { Entries: 0, Frontier.Count: 0 })
            {
                return;
            }

            var head = status.Frontier.ShouldHaveSingleItem();
            head.Device.ShouldBe(device);
            status.Entries.ShouldBe((long)head.Seq + 1);
            status.Missing.ShouldBe(0);
            status.Parked.ShouldBe(0);
        }
    }
}
