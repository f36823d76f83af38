using System.Globalization;
using HiNet.Crdt.Benchmarks.Framework;

namespace HiNet.Crdt.Benchmarks.Ours;

/// <summary>
/// A history of 100,000 messages in a direct conversation goes to the other person's node, which has none of it, in a process
/// of its own, over TCP. The history is written once; every run copies both homes, because a device must never write the
/// same sequence number twice, and the receiver acknowledges.
/// </summary>
internal sealed class BulkHistory : IMeasurement
{
    private const int Messages = 100_000;
    private const int InFlight = 1_024;

    private (string Source, string Receiver, long Entries)? _homes;

    public string Name => OurMeasurements.BulkHistory;

    public string? Unavailable => null;

    public async Task<IReadOnlyDictionary<string, double>> RunAsync(CancellationToken cancellationToken)
    {
        var homes = _homes ??= await CreateAsync(cancellationToken);
        var source = Workspace.Copy(homes.Source, "bulk-source");
        var receiver = Workspace.Copy(homes.Receiver, "bulk-receiver");
        try
        {
            await using var node = await Nodes.StartAsync(source, Nodes.Loopback);
            string[] arguments = [receiver, node.ListenAddress!, homes.Entries.ToString(CultureInfo.InvariantCulture)];
            return await ChildProcess.RunAsync(BulkReceiver.Work, arguments, cancellationToken);
        }
        finally
        {
            Directory.Delete(source, recursive: true);
            Directory.Delete(receiver, recursive: true);
        }
    }

    private static async Task<(string Source, string Receiver, long Entries)> CreateAsync(CancellationToken cancellationToken)
    {
        var (source, receiver) = (Workspace.CreateFolder("bulk"), Workspace.CreateFolder("bulk"));
        await using var writer = await Nodes.StartAsync(source);
        await using var reader = await Nodes.StartAsync(receiver);
        await reader.AddContactAsync(await writer.CreateInviteAsync(cancellationToken: cancellationToken), cancellationToken: cancellationToken);
        var contact = await writer.AddContactAsync(await reader.CreateInviteAsync(cancellationToken: cancellationToken), cancellationToken: cancellationToken);
        var conversation = await writer.OpenDirectAsync(contact.Id, cancellationToken);
        await Nodes.SendAllAsync(conversation, Nodes.CreateTexts(Messages), InFlight, cancellationToken);
        return (source, receiver, conversation.GetStatus().Entries);
    }
}
