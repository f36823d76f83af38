namespace HiNet.Crdt.Storage.RocksDb;

/// <summary>
/// Keeps a node's data in a directory, in RocksDB: <c>new HiNetOptions { Store = RocksDbStore.At("alice") }</c>.
/// Needs the native library librocksdb 7.8.
/// </summary>
public sealed class RocksDbStore : StoreProvider
{
    private RocksDbStore(string path) => Location = path;

    /// <summary>The directory, as a full path.</summary>
    public override string Location { get; }

    /// <summary>
    /// The store in <paramref name="path"/>, which is created on opening where there is none, readable by this user alone.
    /// A relative path is taken from the current directory at the time of this call.
    /// </summary>
    /// <exception cref="ArgumentException">The path is empty or malformed.</exception>
    public static RocksDbStore At(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return new RocksDbStore(Path.GetFullPath(path));
    }

    /// <inheritdoc/>
    public override IEntryStore Open()
    {
        var database = RocksDbOpening.Open(Location);
        var store = new RocksDbEntryStore(database);
        try
        {
            SequenceWitness.Check(database);
            StoreFormat.EnsureReadable(store);
            database.RefuseUnknownFamilies();
            SequenceWitness.Write(database);
            return store;
        }
        catch
        {
            database.Close();
            throw;
        }
    }
}
