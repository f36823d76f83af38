namespace HiNet.Crdt.LocalApi;

/// <summary>What the local API needs of a running node beyond <see cref="INode"/>: its links.</summary>
public interface INodeLinks
{
    /// <summary>The bound address (host:port), or null when the node does not listen.</summary>
    string? ListenAddress { get; }

    /// <summary>The addresses (host:port) at which others are told to reach the node.</summary>
    IReadOnlyList<string> AdvertisedAddresses { get; }

    /// <summary>The nodes to which a link is up.</summary>
    Task<IReadOnlyList<Peer>> GetPeersAsync(CancellationToken cancellationToken = default);

    /// <summary>Links to an address (host:port) and keeps the link.</summary>
    Task LinkAsync(string address, CancellationToken cancellationToken = default);

    /// <summary>Runs one link over a duplex stream; completes when the link has ended.</summary>
    Task AttachAsync(Stream stream, bool isInitiator, CancellationToken cancellationToken = default);
}
