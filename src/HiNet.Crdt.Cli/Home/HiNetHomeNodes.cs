using HiNet.Crdt.LocalApi;
using HiNet.Crdt.Storage.RocksDb;

namespace HiNet.Crdt.Cli.Home;

/// <summary>Nodes over RocksDB in the home.</summary>
internal sealed class HiNetHomeNodes : IHomeNodes
{
    public bool HasIdentity(HomeDirectory home) =>
        Directory.Exists(home.StorePath) && HiNetNode.HasIdentity(RocksDbStore.At(home.StorePath));

    public async Task<OpenedNode> OpenAsync(HomeDirectory home, NodeOpening opening, CancellationToken cancellationToken)
    {
        var node = await HiNetNode.StartAsync(
            new HiNetOptions
            {
                Store = RocksDbStore.At(home.StorePath),
                Name = opening.Name,
                Listen = opening.Listen,
                Bootstrap = opening.Bootstrap,
                AdvertisedAddresses = opening.Advertised,
                UseDht = opening.UseDht,
                UseMdns = opening.UseMdns,
                AcceptInvitations = opening.AcceptInvitations,
                Passphrase = opening.Passphrase,
                LoggerFactory = opening.LoggerFactory,
            },
            cancellationToken).ConfigureAwait(false);
        return new OpenedNode(node, new NodeLinks(node), node.NewRecoveryPhrase, node.IsUnsealed, node) { Dht = node.Dht };
    }

    private sealed class NodeLinks(HiNetNode node) : INodeLinks
    {
        public string? ListenAddress => node.ListenAddress;

        public IReadOnlyList<string> AdvertisedAddresses => node.AdvertisedAddresses;

        public Task<IReadOnlyList<Peer>> GetPeersAsync(CancellationToken cancellationToken = default) => node.GetPeersAsync(cancellationToken);

        public Task LinkAsync(string address, CancellationToken cancellationToken = default) => node.LinkAsync(address, cancellationToken);

        public Task AttachAsync(Stream stream, bool isInitiator, CancellationToken cancellationToken = default) =>
            node.AttachAsync(stream, isInitiator, cancellationToken);
    }
}
