using System.Runtime.CompilerServices;
using HiNet.Crdt.LocalApi.Contract;

namespace HiNet.Crdt.Cli.Demo;

internal sealed partial class DemoPlay
{
    private const int Minutes = 2_000;
    private const int KilledAfter = 40;

    /// <summary>Bob's node is killed while it writes; what it acknowledged must be everywhere in the end.</summary>
    private async Task CrashAsync(CancellationToken cancellationToken)
    {
        var acknowledged = new List<string>();
        try
        {
            await foreach (var sent in _bob.Api.SendManyAsync(_team, MinutesAsync(cancellationToken), cancellationToken).ConfigureAwait(false))
            {
                acknowledged.Add(sent.Id);
                if (acknowledged.Count == KilledAfter)
                {
                    await _bob.KillAsync(cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (Exception e) when (e is HiNetException or IOException or HttpRequestException or System.Text.Json.JsonException or ObjectDisposedException)
        {
            // The node is gone in the middle of its answer, as it was meant to be.
        }

        if (acknowledged.Count < KilledAfter)
        {
            throw new HiNetException($"Bob's node acknowledged {acknowledged.Count} messages, fewer than the {KilledAfter} that were to come before it is killed.");
        }

        Act($"Bob's process is killed with -9 while it writes minutes; {acknowledged.Count} of them were acknowledged.");
        await _alice.Api.SendAsync(_team, "Bob? Are you still there?", cancellationToken).ConfigureAwait(false);
        await _carol.Api.SendAsync(_team, "He will be back.", cancellationToken).ConfigureAwait(false);
        await _bob.RunAsync(cancellationToken, "--bootstrap", _alice.Listen).ConfigureAwait(false);
        var back = await _bob.Api.SendAsync(_team, "Back again. Did I lose anything?", cancellationToken).ConfigureAwait(false);
        foreach (var node in Everyone)
        {
            await SeenAsync(node, _team, back.Id, cancellationToken).ConfigureAwait(false);
            var held = (await HistoryAsync(node, _team, cancellationToken).ConfigureAwait(false)).Select(m => m.Id).ToHashSet(StringComparer.Ordinal);
            var lost = acknowledged.Count(id => !held.Contains(id));
            if (lost > 0)
            {
                throw new HiNetException($"{node.Name} lacks {lost} of Bob's acknowledged messages.");
            }
        }

        Act($"Bob's node is started again (pid {_bob.ProcessId}); all {acknowledged.Count} are on all three nodes.");
    }

    /// <summary>Carol's cable is cut; both sides go on, and agree when it is mended.</summary>
    private async Task SeparateAsync(CuttableRelay cable, CancellationToken cancellationToken)
    {
        cable.Cut();
        await Until.TrueAsync(
            "Carol's node notices that it is alone",
            async () => (await _carol.Api.GetStatusAsync(cancellationToken).ConfigureAwait(false)).Peers.Count == 0,
            cancellationToken).ConfigureAwait(false);
        Act("Carol is cut off. All go on writing, she as well.");
        var alone = await _carol.Api.SendAsync(_team, "No network here on the train, I write anyway.", cancellationToken).ConfigureAwait(false);
        var room = await _alice.Api.SendAsync(_team, "I have booked the small room for Thursday.", cancellationToken).ConfigureAwait(false);
        await _bob.Api.SendAsync(_team, "Good, I bring cake.", cancellationToken).ConfigureAwait(false);
        await _carol.Api.ReactAsync(_team, alone.Id, "🚆", cancellationToken: cancellationToken).ConfigureAwait(false);
        if ((await HistoryAsync(_alice, _team, cancellationToken).ConfigureAwait(false)).Exists(m => m.Id == alone.Id))
        {
            throw new HiNetException("Carol was not cut off: Alice has what she wrote meanwhile.");
        }

        cable.Mend();
        await SeenAsync(_alice, _team, alone.Id, cancellationToken).ConfigureAwait(false);
        await SeenAsync(_bob, _team, alone.Id, cancellationToken).ConfigureAwait(false);
        await SeenAsync(_carol, _team, room.Id, cancellationToken).ConfigureAwait(false);
        await _carol.Api.ReplyAsync(_team, room.Id, "Saw it only now. See you there!", cancellationToken).ConfigureAwait(false);
        Act("Carol is back, and each side has what the other wrote.");
    }

    /// <summary>Waits until all hold the same, which equal frontiers prove and equal hashes must confirm.</summary>
    private static async Task AgreeAsync(string what, string conversation, DemoNode[] nodes, CancellationToken cancellationToken)
    {
        var states = await Until.NotNullAsync(
            $"equal frontiers in {what}",
            async () =>
            {
                var all = await Task.WhenAll(nodes.Select(n => n.Api.GetConversationStatusAsync(conversation, cancellationToken))).ConfigureAwait(false);
                return all.All(s => Frontier(s) == Frontier(all[0])) ? all : null;
            },
            cancellationToken).ConfigureAwait(false);
        if (states.Any(s => s.StateHash != states[0].StateHash))
        {
            throw new HiNetException($"The frontiers in {what} are equal, but the state hashes are not.");
        }
    }

    /// <summary>Everyone reads to the end, and Alice learns of it.</summary>
    private async Task ReceiptsAsync(CancellationToken cancellationToken)
    {
        var last = (await HistoryAsync(_alice, _team, cancellationToken).ConfigureAwait(false))[^1];
        var own = (await HistoryAsync(_alice, _team, cancellationToken).ConfigureAwait(false)).Last(m => m.Author == _alice.Identity);
        foreach (var reader in new[] { _bob, _carol })
        {
            await reader.Api.MarkReadAsync(_team, last.Id, cancellationToken).ConfigureAwait(false);
        }

        await Until.TrueAsync(
            "Alice knows that Bob and Carol have read",
            async () => (await HistoryAsync(_alice, _team, cancellationToken).ConfigureAwait(false))
                .Exists(m => m.Id == own.Id && m.State == "read" && m.Receipts.All(r => r is { Delivered: true, Read: true })),
            cancellationToken).ConfigureAwait(false);
        Act("Bob and Carol have read to the end, and Alice's node knows it.");
        await AgreeAsync("the group", _team, Everyone, cancellationToken).ConfigureAwait(false);
    }

    private async Task ShowAsync(CancellationToken cancellationToken)
    {
        foreach (var (title, conversation, nodes) in new[]
        {
            ("Bob and Alice, as Alice reads it", _direct, new[] { _alice, _bob }),
            ("Team, as Alice reads it", _team, Everyone),
        })
        {
            say(string.Empty);
            say($"[bold underline]{title}[/]");
            foreach (var line in Transcript.Lines(await HistoryAsync(_alice, conversation, cancellationToken).ConfigureAwait(false)))
            {
                say(line);
            }

            foreach (var node in nodes)
            {
                var status = await node.Api.GetConversationStatusAsync(conversation, cancellationToken).ConfigureAwait(false);
                _states.Add(new DemoState(node.Name, conversation, status.Entries, status.StateHash));
                say($"{node.Name,-6} {status.Entries,5} entries  stateHash {status.StateHash}");
            }
        }
    }

    private static string Frontier(ConversationStatusInfo status) => string.Join(
        ' ', status.Frontier.SelectMany(device => device.Value.Select(head => $"{device.Key}:{head.Seq}:{head.Head}")));

    private static async IAsyncEnumerable<string> MinutesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var i = 1; i <= Minutes; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return $"Minutes, line {i}";
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }
}
