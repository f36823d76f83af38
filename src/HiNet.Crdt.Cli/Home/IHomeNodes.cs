namespace HiNet.Crdt.Cli.Home;

/// <summary>Opens the node of a home.</summary>
internal interface IHomeNodes
{
    /// <summary>False for an empty or absent home.</summary>
    bool HasIdentity(HomeDirectory home);

    Task<OpenedNode> OpenAsync(HomeDirectory home, NodeOpening opening, CancellationToken cancellationToken);
}
