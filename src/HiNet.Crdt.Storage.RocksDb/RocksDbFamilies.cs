using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Storage.RocksDb;

/// <summary>The names that column families have on disk (<c>specs/04-store.md</c>).</summary>
internal static class RocksDbFamilies
{
    /// <summary>
    /// RocksDB always has this one. It holds the store's own notes: one empty value for each key whose old value is to be
    /// reclaimed, under the family's number in one byte and the key.
    /// </summary>
    internal const string Own = "default";

    /// <summary>By the number of <see cref="ColumnFamily"/>.</summary>
    internal static IReadOnlyList<string> Names { get; } =
    [
        "meta", "secrets", "contacts", "conversations", "entries", "entry-ids", "chains", "timeline", "relations", "parked",
    ];
}
