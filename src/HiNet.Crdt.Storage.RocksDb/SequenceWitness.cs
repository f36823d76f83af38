using System.Globalization;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Storage.RocksDb.Native;

namespace HiNet.Crdt.Storage.RocksDb;

/// <summary>
/// A file beside RocksDB's own that says how many changes the store has seen, at least. RocksDB takes a damaged length in its
/// table of contents (MANIFEST) for the end of that file, and opens an older state without a word; this device would then
/// sign its numbers a second time. The witness is written after opening and before closing; one that is behind is no harm.
/// </summary>
internal static class SequenceWitness
{
    internal const string FileName = "SEQUENCE";

    /// <exception cref="StoreException">The database has seen fewer changes than the witness knows of.</exception>
    internal static void Check(RocksDbDatabase database)
    {
        var path = Path.Combine(database.Location, FileName);
        var sequence = LibRocksDb.LatestSequenceNumber(database.Db);
        if (File.Exists(path) && ulong.TryParse(File.ReadAllText(path), NumberStyles.None, CultureInfo.InvariantCulture, out var seen) && sequence < seen)
        {
            throw new StoreException($"The store at {database.Location} is damaged (it opens at change {sequence}, and had come to {seen}): restore it from a backup, or use a new home and let it sync.");
        }
    }

    /// <summary>Replaces the file whole, so that a crash leaves the old or the new one. A full disk leaves the old one.</summary>
    internal static void Write(RocksDbDatabase database)
    {
        var path = Path.Combine(database.Location, FileName);
        var next = path + ".tmp";
        try
        {
            File.WriteAllText(next, LibRocksDb.LatestSequenceNumber(database.Db).ToString(CultureInfo.InvariantCulture));
            File.Move(next, path, overwrite: true);
        }
        catch (IOException)
        {
            // The old witness stays true, and what is wrong with the disk is reported by the write that matters.
        }
    }
}
