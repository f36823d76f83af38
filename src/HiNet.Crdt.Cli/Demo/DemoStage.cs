namespace HiNet.Crdt.Cli.Demo;

/// <summary>The demo's folder and processes, all of which it clears away.</summary>
internal sealed class DemoStage : IAsyncDisposable
{
    private readonly List<DemoNode> _nodes = [];

    /// <summary>Short, so that the homes hold their sockets.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("hinet-demo-").FullName;

    public DemoNode Add(string name)
    {
        var node = new DemoNode(name, Path.Combine(Folder, name.ToLowerInvariant()));
        _nodes.Add(node);
        return node;
    }

    /// <summary>What the nodes last said on standard error, for a demo that failed.</summary>
    public string Complaints() => string.Concat(_nodes
        .Where(n => n.LastError is not null)
        .Select(n => $" {n.Name} said: {n.LastError}"));

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync().ConfigureAwait(false);
        }

        Directory.Delete(Folder, recursive: true);
    }
}
