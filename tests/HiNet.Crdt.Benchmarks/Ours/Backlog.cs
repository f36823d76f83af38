using System.Globalization;
using HiNet.Crdt.Benchmarks.Framework;

namespace HiNet.Crdt.Benchmarks.Ours;

/// <summary>
/// Two nodes share groups, and one of them has been away: in some of the groups it lacks as much as a backlog of 250 MB in all. It links
/// again, in a process of its own, over TCP. The homes are written once; every run copies both, because a device must never write the same
/// sequence number twice, and the receiver acknowledges.
/// </summary>
/// <param name="name">What rows call it by.</param>
/// <param name="groups">How many groups the two share.</param>
/// <param name="lagging">In how many of them the backlog is.</param>
internal sealed class Backlog(string name, int groups, int lagging) : IMeasurement
{
    private const int Messages = 62_500;
    private const int TextLength = 4_000;
    private const int InFlight = 1_024;

    private (string Source, string Receiver, string Expected)? _homes;

    public string Name => name;

    public string? Unavailable => null;

    public async Task<IReadOnlyDictionary<string, double>> RunAsync(CancellationToken cancellationToken)
    {
        var homes = _homes ??= await CreateAsync(cancellationToken);
        var source = Workspace.Copy(homes.Source, "backlog-source");
        var receiver = Workspace.Copy(homes.Receiver, "backlog-receiver");
        try
        {
            await using var node = await Nodes.StartAsync(source, Nodes.Loopback);
            string[] arguments = [receiver, node.ListenAddress!, homes.Expected];
            return await ChildProcess.RunAsync(BacklogReceiver.Work, arguments, cancellationToken);
        }
        finally
        {
            Directory.Delete(source, recursive: true);
            Directory.Delete(receiver, recursive: true);
        }
    }

    private async Task<(string Source, string Receiver, string Expected)> CreateAsync(CancellationToken cancellationToken)
    {
        var (source, receiver) = (Workspace.CreateFolder("backlog"), Workspace.CreateFolder("backlog"));
        await using var writer = await Nodes.StartAsync(source, Nodes.Loopback);
        var shared = new List<IConversation>();
        await using (var reader = await Nodes.StartAsync(receiver, acceptInvitations: true))
        {
            await reader.AddContactAsync(await writer.CreateInviteAsync(cancellationToken: cancellationToken), cancellationToken: cancellationToken);
            Waiting.Until(() => writer.Contacts.Count == 1, "meeting", cancellationToken);
            for (var i = 0; i < groups; i++)
            {
                shared.Add(await writer.CreateGroupAsync($"Group {i}", [reader.Self.Id], cancellationToken));
                var group = shared[^1];
                Waiting.Until(() => reader.FindConversation(group.Id)?.GetStatus().StateHash == group.GetStatus().StateHash, "sharing a group", cancellationToken);
            }
        }

        var texts = Enumerable.Range(0, Messages).Select(i => string.Concat(Enumerable.Repeat(i.ToString("x8", CultureInfo.InvariantCulture), TextLength / 8))).ToArray();
        for (var i = 0; i < lagging; i++)
        {
            var group = shared[i * groups / lagging];
            await Nodes.SendAllAsync(group, texts[(i * Messages / lagging)..((i + 1) * Messages / lagging)], InFlight, cancellationToken);
        }

        var expected = Path.Combine(source, "expected");
        await File.WriteAllLinesAsync(
            expected, shared.Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Id} {group.GetStatus().Entries}")), cancellationToken);
        return (source, receiver, expected);
    }
}
