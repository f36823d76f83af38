namespace HiNet.Crdt.Storage;

/// <summary>Sizes of a store at one moment.</summary>
/// <param name="EstimatedKeys">Keys in all column families; exact in memory, an estimate on RocksDB, where overwritten keys may count twice.</param>
/// <param name="StoredBytes">Bytes of the store's files, or of keys and values in memory.</param>
/// <param name="PendingErasures">Erased keys whose old values may still lie in a file; see <see cref="IEntryStore.ReclaimErased"/>.</param>
public sealed record StoreStatistics(long EstimatedKeys, long StoredBytes, long PendingErasures);
