using HiNet.Crdt;
using HiNet.Crdt.Storage.RocksDb;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>RocksDB for a hosted node.</summary>
public static class HiNetBuilderExtensions
{
    /// <summary>Keeps the node's data in RocksDB, in a folder of its own.</summary>
    /// <param name="builder">From <c>AddHiNet</c>.</param>
    /// <param name="path">The folder; made when the node starts, when it is not there.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty or malformed.</exception>
    public static IHiNetBuilder UseRocksDb(this IHiNetBuilder builder, string path)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseStore(RocksDbStore.At(path));
    }
}
