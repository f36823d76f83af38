using HiNet.Crdt.LocalApi.Tests.Fakes;

namespace HiNet.Crdt.Hosting.Tests;

/// <summary>Starts a fake node and notes when it is stopped.</summary>
internal sealed class FakeStarter : INodeStarter, IAsyncDisposable
{
    public List<string> Log { get; } = [];

    public FakeNode? Node { get; private set; }

    public Task<StartedNode> StartAsync(CancellationToken cancellationToken)
    {
        Log.Add("node started");
        Node = new FakeNode("bot");
        return Task.FromResult(new StartedNode(Node, "127.0.0.1:4000", true, null, this));
    }

    public ValueTask DisposeAsync()
    {
        Log.Add("node stopped");
        Node?.Dispose();
        return ValueTask.CompletedTask;
    }
}
