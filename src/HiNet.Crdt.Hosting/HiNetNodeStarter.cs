using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HiNet.Crdt.Hosting;

/// <summary>Starts the real node from the options.</summary>
internal sealed class HiNetNodeStarter(
    IOptions<HiNetHostingOptions> options,
    IEnumerable<StoreRegistration> stores,
    ILoggerFactory loggerFactory) : INodeStarter
{
    public async Task<StartedNode> StartAsync(CancellationToken cancellationToken)
    {
        var node = await HiNetNode.StartAsync(
            options.Value.ToNodeOptions(stores.Single().Store) with { LoggerFactory = loggerFactory }, cancellationToken).ConfigureAwait(false);
        return new StartedNode(node, node.ListenAddress, node.IsUnsealed, node.NewRecoveryPhrase, node);
    }
}
