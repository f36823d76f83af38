using HiNet.Crdt.Benchmarks.Framework;

namespace HiNet.Crdt.Benchmarks.Ours;

/// <summary>A store of many messages in one conversation, built once for all measurements and runs that open it.</summary>
internal sealed class LargeStore
{
    /// <summary>Beside the store: ids of messages evenly spread over the conversation.</summary>
    public const string Samples = "samples";

    private const int InFlight = 1_024;
    private const int Chunk = 20_000;

    private static readonly Dictionary<int, LargeStore> Stores = [];

    private readonly int _entries;
    private string? _folder;

    private LargeStore(int entries) => _entries = entries;

    /// <summary>The one of a size.</summary>
    public static LargeStore Of(int entries) => Stores.TryGetValue(entries, out var store) ? store : Stores[entries] = new LargeStore(entries);

    /// <summary>The folder of the store, which is closed; builds it when it is not there yet.</summary>
    public async Task<string> GetFolderAsync(CancellationToken cancellationToken) => _folder ??= await BuildAsync(cancellationToken);

    private async Task<string> BuildAsync(CancellationToken cancellationToken)
    {
        var folder = Workspace.CreateFolder("large");
        var samples = new List<string>();
        await using var node = await Nodes.StartAsync(folder);
        var conversation = await Nodes.OpenDirectWithStrangerAsync(node);
        for (var sent = 0; sent < _entries; sent += Chunk)
        {
            var texts = Nodes.CreateTexts(Math.Min(Chunk, _entries - sent));
            var ids = await Nodes.SendAllAsync(conversation, texts, InFlight, cancellationToken);
            samples.AddRange(ids.Where((_, i) => i % Math.Max(1, _entries / 1_000) == 0).Select(id => id.ToString()));
        }

        await File.WriteAllLinesAsync(folder + Samples, samples, cancellationToken);
        return folder;
    }
}
