namespace HiNet.Crdt.Integration.Tests.Support;

/// <summary>Nodes that are there for others, and end together.</summary>
internal sealed class NodeGroup : IAsyncDisposable
{
    private readonly List<HiNetNode> _nodes = [];

    internal void Add(HiNetNode node) => _nodes.Add(node);

    public async ValueTask DisposeAsync() => await Task.WhenAll(_nodes.Select(node => node.DisposeAsync().AsTask()));
}
