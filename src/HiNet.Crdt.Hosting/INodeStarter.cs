namespace HiNet.Crdt.Hosting;

/// <summary>Starts the node; tests put another one in its place.</summary>
internal interface INodeStarter
{
    Task<StartedNode> StartAsync(CancellationToken cancellationToken);
}
