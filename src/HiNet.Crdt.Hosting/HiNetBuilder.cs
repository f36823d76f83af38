using HiNet.Crdt.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace HiNet.Crdt.Hosting;

/// <summary>Adds a registration for each call, so that the validator sees one too many.</summary>
internal sealed class HiNetBuilder(IServiceCollection services) : IHiNetBuilder
{
    public IHiNetBuilder UseStore(StoreProvider store)
    {
        ArgumentNullException.ThrowIfNull(store);
        services.AddSingleton(new StoreRegistration(store));
        return this;
    }
}
