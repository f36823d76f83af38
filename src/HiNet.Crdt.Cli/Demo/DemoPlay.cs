using HiNet.Crdt.Cli.Output;
using HiNet.Crdt.LocalApi.Contract;

namespace HiNet.Crdt.Cli.Demo;

/// <summary>The story, act by act. Each act ends only when its outcome is seen on the other nodes.</summary>
internal sealed partial class DemoPlay(DemoStage stage, Action<string> say)
{
    private readonly List<DemoState> _states = [];
    private readonly DemoNode _alice = stage.Add("Alice");
    private readonly DemoNode _bob = stage.Add("Bob");
    private readonly DemoNode _carol = stage.Add("Carol");
    private string _direct = string.Empty;
    private string _team = string.Empty;

    /// <summary>What each node ended with.</summary>
    public IReadOnlyList<DemoState> States => _states;

    private DemoNode[] Everyone => [_alice, _bob, _carol];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(Everyone.Select(n => n.InitAsync(cancellationToken))).ConfigureAwait(false);

        // Carol hangs on a cable: she takes no links, and the only address of Alice that she hears of is its end.
        using var cable = new CuttableRelay();
        await _alice.RunAsync(cancellationToken, "--advertise", cable.Address).ConfigureAwait(false);
        cable.Target = _alice.Listen;
        await Task.WhenAll(
            _bob.RunAsync(cancellationToken, "--bootstrap", _alice.Listen),
            _carol.RunAsync(cancellationToken, "--listen", "none", "--bootstrap", cable.Address)).ConfigureAwait(false);
        Act($"Three people, three processes: {string.Join(", ", Everyone.Select(n => $"{n.Name} (pid {n.ProcessId})"))}.");

        await MeetAsync(cable, cancellationToken).ConfigureAwait(false);
        await TalkDirectAsync(cancellationToken).ConfigureAwait(false);
        await TalkInGroupAsync(cancellationToken).ConfigureAwait(false);
        await CrashAsync(cancellationToken).ConfigureAwait(false);
        await SeparateAsync(cable, cancellationToken).ConfigureAwait(false);
        await AgreeAsync("the direct conversation", _direct, [_alice, _bob], cancellationToken).ConfigureAwait(false);
        await AgreeAsync("the group", _team, Everyone, cancellationToken).ConfigureAwait(false);
        await ReceiptsAsync(cancellationToken).ConfigureAwait(false);
        await ShowAsync(cancellationToken).ConfigureAwait(false);
        foreach (var node in Everyone)
        {
            if (await node.StopAsync(cancellationToken).ConfigureAwait(false) is var code and not 0)
            {
                throw new HiNetException($"{node.Name}'s node ended with exit code {code} on SIGTERM.");
            }
        }
    }

    private void Act(string sentence) => say($"[bold]*[/] {People.Text(sentence)}");

    private async Task MeetAsync(CuttableRelay cable, CancellationToken cancellationToken)
    {
        var forBob = await _alice.Api.CreateInviteAsync([_alice.Listen], cancellationToken: cancellationToken).ConfigureAwait(false);
        var forCarol = await _alice.Api.CreateInviteAsync([cable.Address], cancellationToken: cancellationToken).ConfigureAwait(false);
        await _bob.Api.AddContactAsync(forBob.Invite, "Alice", cancellationToken).ConfigureAwait(false);
        await _carol.Api.AddContactAsync(forCarol.Invite, "Alice", cancellationToken).ConfigureAwait(false);
        foreach (var guest in new[] { _bob, _carol })
        {
            await Until.TrueAsync(
                $"Alice has {guest.Name} as a contact",
                async () => (await _alice.Api.GetContactsAsync(cancellationToken).ConfigureAwait(false)).Any(c => c.Identity == guest.Identity),
                cancellationToken).ConfigureAwait(false);
        }

        Act("Bob and Carol accepted an invite from Alice; both sides are contacts.");
    }

    private async Task TalkDirectAsync(CancellationToken cancellationToken)
    {
        _direct = (await _bob.Api.OpenDirectAsync(_alice.Identity, cancellationToken).ConfigureAwait(false)).Conversation;
        var hello = await _bob.Api.SendAsync(_direct, "Hi Alice, your invite worked. Only we two can read this.", cancellationToken).ConfigureAwait(false);
        await SeenAsync(_alice, _direct, hello.Id, cancellationToken).ConfigureAwait(false);
        var answer = await _alice.Api.ReplyAsync(_direct, hello.Id, "Welcome! I will make us a group.", cancellationToken).ConfigureAwait(false);
        await _alice.Api.MarkReadAsync(_direct, hello.Id, cancellationToken).ConfigureAwait(false);
        await SeenAsync(_bob, _direct, answer.Id, cancellationToken).ConfigureAwait(false);
        await _bob.Api.MarkReadAsync(_direct, answer.Id, cancellationToken).ConfigureAwait(false);
        Act("Bob and Alice talk in a direct conversation.");
    }

    private async Task TalkInGroupAsync(CancellationToken cancellationToken)
    {
        _team = (await _alice.Api.CreateGroupAsync("Team", [_bob.Identity, _carol.Identity], cancellationToken).ConfigureAwait(false)).Conversation;
        foreach (var guest in new[] { _bob, _carol })
        {
            await Until.TrueAsync(
                $"{guest.Name} sees the invitation to the group",
                async () => (await guest.Api.GetInvitationsAsync(cancellationToken).ConfigureAwait(false)).Any(i => i.Conversation == _team),
                cancellationToken).ConfigureAwait(false);
            await guest.Api.AcceptInvitationAsync(_team, cancellationToken).ConfigureAwait(false);
        }

        Act("Alice makes a group; Bob and Carol accept her invitation to it.");

        var when = await _alice.Api.SendAsync(_team, "When do we meet, Tuesday or Thursday?", cancellationToken).ConfigureAwait(false);
        await SeenAsync(_carol, _team, when.Id, cancellationToken).ConfigureAwait(false);
        await SeenAsync(_bob, _team, when.Id, cancellationToken).ConfigureAwait(false);
        var reply = await _carol.Api.ReplyAsync(_team, when.Id, "Thursday at thre", cancellationToken).ConfigureAwait(false);
        await _carol.Api.EditAsync(_team, reply.Id, "Thursday at three", cancellationToken).ConfigureAwait(false);
        var wrong = await _bob.Api.SendAsync(_team, "(meant for someone else)", cancellationToken).ConfigureAwait(false);
        await _bob.Api.DeleteAsync(_team, wrong.Id, cancellationToken).ConfigureAwait(false);
        await SeenAsync(_bob, _team, reply.Id, cancellationToken).ConfigureAwait(false);
        await _bob.Api.ReactAsync(_team, reply.Id, "👍", cancellationToken: cancellationToken).ConfigureAwait(false);
        await Until.TrueAsync(
            "Alice sees the edit, the deletion and the reaction",
            async () =>
            {
                var all = await HistoryAsync(_alice, _team, cancellationToken).ConfigureAwait(false);
                return all.Any(m => m.Id == reply.Id && m.Edited && m.Reactions.Count == 1) && all.Any(m => m.Id == wrong.Id && m.Deleted);
            },
            cancellationToken).ConfigureAwait(false);
        Act("All three talk in a group: a reply, an edit, a deletion, a reaction.");
    }

    private static async Task SeenAsync(DemoNode node, string conversation, string message, CancellationToken cancellationToken) =>
        await Until.TrueAsync(
            $"{node.Name} sees message {People.Short(message)}",
            async () => (await node.Api.GetConversationsAsync(cancellationToken).ConfigureAwait(false)).Any(c => c.Conversation == conversation)
                && (await HistoryAsync(node, conversation, cancellationToken).ConfigureAwait(false)).Exists(m => m.Id == message && m.Text is not null),
            cancellationToken).ConfigureAwait(false);

    private static async Task<List<MessageInfo>> HistoryAsync(DemoNode node, string conversation, CancellationToken cancellationToken)
    {
        var all = new List<MessageInfo>();
        await foreach (var message in node.Api.GetHistoryAsync(conversation, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            all.Add(message);
        }

        return all;
    }
}
