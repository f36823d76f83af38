using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Storage;

/// <summary>
/// Keeps a node's data in this process and forgets it with this object: for tests, examples and nodes that are meant to forget.
/// The data outlives each opened store, so that a node can be stopped and started again on the same <see cref="InMemoryStore"/>.
/// </summary>
public sealed class InMemoryStore : StoreProvider
{
    private readonly InMemoryFamilies _families = new();
    private int _open;

    /// <inheritdoc/>
    public override string Location => "memory";

    /// <inheritdoc/>
    public override IEntryStore Open()
    {
        if (Interlocked.Exchange(ref _open, 1) != 0)
        {
            throw new StoreException("The store in memory is already open: stop the node that uses it or use another store.");
        }

        var store = new InMemoryEntryStore(_families, Location, () => Volatile.Write(ref _open, 0));
        try
        {
            StoreFormat.EnsureReadable(store);
            return store;
        }
        catch
        {
            Volatile.Write(ref _open, 0);
            throw;
        }
    }
}
