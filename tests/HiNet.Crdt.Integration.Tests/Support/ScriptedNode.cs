using HiNet.Crdt.Storage.RocksDb;

namespace HiNet.Crdt.Integration.Tests.Support;

/// <summary>
/// What this assembly does when it is started with <c>play</c>: it says <c>ready</c>, reads lines <c>NUMBER HOME SEED FROM</c> up
/// to <c>go</c>, opens all those homes at once and takes the steps of each home's script from FROM on, a few at a time, as the
/// script says. It names each step <c>NUMBER STEP ID</c> once it is acknowledged, until it is killed.
/// </summary>
internal static class ScriptedNode
{
    internal const string Verb = "play";

    /// <summary>More than any test waits for, so that a child whose parent has died ends by itself.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    internal static async Task<int> RunAsync()
    {
        await SayAsync("ready");
        List<Task> players = [];
        while (await Console.In.ReadLineAsync() is { } line && line != "go")
        {
            var words = line.Split(' ');
            players.Add(Task.Run(() => PlayAsync(words[0], words[1], new Script(int.Parse(words[2], null)), int.Parse(words[3], null))));
        }

        await Task.WhenAll(players);
        await SayAsync("done");
        await Task.Delay(s_patience);
        return 0;
    }

    /// <summary>The conversations of a node that played a script, in the order in which it opened them.</summary>
    internal static List<IConversation> Conversations(INode node) =>
        [.. node.Conversations.OrderBy(conversation => conversation.Kind == ConversationKind.Direct ? string.Empty : conversation.Name, StringComparer.Ordinal)];

    private static async Task PlayAsync(string number, string home, Script script, int from)
    {
        await using var node = await HiNetNode.StartAsync(new HiNetOptions { Store = RocksDbStore.At(home) });
        var conversations = Conversations(node);
        List<List<EntryId>> messages = [.. conversations.Select(conversation => conversation.ReadAll().Select(message => message.Id).ToList())];
        var underWay = new Queue<(int Step, Task<EntryId> Taken)>();
        for (var i = from; i < Script.Length || underWay.Count > 0; i++)
        {
            if (i < Script.Length)
            {
                var step = script.Steps[i];
                if (step.Action == ScriptAction.Open)
                {
                    conversations.Add(await OpenAsync(node, step.Conversation));
                    messages.Add([]);
                    underWay.Enqueue((i, Task.FromResult(default(EntryId))));
                }
                else
                {
                    underWay.Enqueue((i, TakeAsync(conversations[step.Conversation], messages[step.Conversation], step)));
                }
            }

            if (underWay.Count == script.InFlight || i >= Script.Length - 1)
            {
                var (taken, task) = underWay.Dequeue();
                var id = await task;
                if (script.Steps[taken].Action is ScriptAction.Send or ScriptAction.Reply)
                {
                    messages[script.Steps[taken].Conversation].Add(id);
                }

                await SayAsync($"{number} {taken} {id}");
            }
        }
    }

    private static Task<IConversation> OpenAsync(HiNetNode node, int number) => number == 0
        ? node.OpenDirectAsync(node.Self.Id)
        : node.CreateGroupAsync($"group {number}", []);

    private static async Task<EntryId> TakeAsync(IConversation conversation, List<EntryId> messages, ScriptStep step)
    {
        var sent = step.Action switch
        {
            ScriptAction.Send => conversation.SendAsync(step.Text),
            ScriptAction.Reply => conversation.ReplyAsync(messages[step.Message], step.Text),
            ScriptAction.Edit => conversation.EditAsync(messages[step.Message], step.Text),
            ScriptAction.Delete => conversation.DeleteAsync(messages[step.Message]),
            ScriptAction.React => conversation.ReactAsync(messages[step.Message], step.Text),
            _ => conversation.ReactAsync(messages[step.Message], step.Text, remove: true),
        };
        return (await sent).Id;
    }

    private static async Task SayAsync(string line)
    {
        await Console.Out.WriteLineAsync(line);
        await Console.Out.FlushAsync();
    }
}
