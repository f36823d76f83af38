using HiNet.Crdt;
using HiNet.Crdt.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a node to a host.</summary>
public static class HiNetServiceCollectionExtensions
{
    /// <summary>
    /// Runs a node as long as the host runs. <see cref="INode"/> can be injected anywhere; it is usable from the moment other
    /// hosted services start until they have stopped.
    /// </summary>
    /// <example><code>services.AddHiNet(o => o.Name = "bot").UseRocksDb("data");</code></example>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Sets options; these can also be bound with <c>services.Configure&lt;HiNetHostingOptions&gt;(…)</c>.</param>
    public static IHiNetBuilder AddHiNet(this IServiceCollection services, Action<HiNetHostingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = services.AddOptions<HiNetHostingOptions>();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<HiNetHostingOptions>, HiNetHostingOptionsValidator>());
        services.TryAddSingleton<INodeStarter, HiNetNodeStarter>();
        services.TryAddSingleton<HostedNode>();
        services.TryAddSingleton<INode>(provider => provider.GetRequiredService<HostedNode>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, HiNetHostedService>());
        return new HiNetBuilder(services);
    }
}
