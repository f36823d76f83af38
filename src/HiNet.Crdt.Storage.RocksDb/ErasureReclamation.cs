using System.Diagnostics;
using System.Globalization;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Storage.RocksDb.Native;

namespace HiNet.Crdt.Storage.RocksDb;

/// <summary>
/// Makes the old values of erased keys leave the files. A value lies in the log, and in one table for each time that its key was
/// written and flushed; a flush or a compaction keeps only the newest value of a key, since no snapshots are held. So: flush every
/// family, which makes the logs until then obsolete; then, where more than one table covers a key, compact its range until none of
/// those tables is left, because a table can hold one value of a key at most; then see the replaced files go. What is written
/// meanwhile lies in new logs and tables, and is no concern of this run.
/// </summary>
internal sealed unsafe class ErasureReclamation(RocksDbDatabase database, Func<bool> hasOpenIterators)
{
    /// <summary>RocksDB unlinks replaced files in the background, a moment after the call that replaced them.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HashSet<string> _replaced = new(StringComparer.Ordinal);

    /// <summary>The tables in use, as of the last look.</summary>
    private List<TableFile> _tables = [];

    /// <summary>The notes that <see cref="BatchEncoder"/> left and nobody has taken off yet.</summary>
    internal static List<byte[]> Notes(RocksDbDatabase database)
    {
        var notes = new List<byte[]>();
        using var iterator = new RocksDbIterator(database, database.OwnFamily, [], [], reverse: false, () => { });
        while (iterator.MoveNext())
        {
            notes.Add(iterator.Key.ToArray());
        }

        return notes;
    }

    /// <summary>Does it for every note, and returns the notes that are now due to be taken off.</summary>
    /// <exception cref="StoreException">A flush or a compaction failed, or a replaced file stays.</exception>
    internal List<byte[]> Run()
    {
        var notes = Notes(database);
        if (notes.Count == 0)
        {
            return notes;
        }

        _replaced.UnionWith(Logs());
        FlushAll();
        _tables = TableFile.List(database);
        foreach (var note in notes)
        {
            Compact((ColumnFamily)note[0], note.AsSpan(1));
        }

        AwaitRemoval();
        return notes;
    }

    /// <summary>Those that hold something: a flush of every family makes each of them obsolete. Empty ones of earlier openings may stay for a while.</summary>
    private IEnumerable<string> Logs() =>
        Directory.EnumerateFiles(database.Location, "*.log")
            .Where(log => long.TryParse(Path.GetFileNameWithoutExtension(log), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .Where(log => new FileInfo(log) is { Exists: true, Length: > 0 });

    private void FlushAll()
    {
        var options = LibRocksDb.CreateFlushOptions();
        try
        {
            foreach (var family in database.AllFamilies)
            {
                nint error = 0;
                LibRocksDb.Flush(database.Db, options, family, &error);
                if (LibRocksDb.TakeError(error) is { } sentence)
                {
                    throw RocksDbErrors.Using(database.Location, sentence);
                }
            }
        }
        finally
        {
            LibRocksDb.DestroyFlushOptions(options);
        }
    }

    private void Compact(ColumnFamily family, ReadOnlySpan<byte> key)
    {
        var due = Covering(family, key);
        if (due.Count <= 1)
        {
            return;
        }

        var before = _tables;
        // Two tables that hold one key each, and the same, do not overlap in RocksDB's eyes, because it compares sequence numbers
        // too: it moves both one level down as they are. Only a forced rewrite of that level merges them.
        var options = LibRocksDb.CreateCompactOptions();
        LibRocksDb.SetBottommostLevelCompaction(options, LibRocksDb.ForceBottommostOptimized);
        fixed (byte* start = key)
        {
            LibRocksDb.CompactRange(database.Db, database.Family(family), options, start, (nuint)key.Length, start, (nuint)key.Length);
        }

        LibRocksDb.DestroyCompactOptions(options);
        _tables = TableFile.List(database);
        _replaced.UnionWith(before.Select(table => table.Path).Except(_tables.Select(table => table.Path), StringComparer.Ordinal));
        var covering = Covering(family, key);
        if (covering.Count > 1 && covering.Intersect(due, StringComparer.Ordinal).Any())
        {
            throw new StoreException($"The store at {database.Location} could not rewrite its files to erase a value: check the disk and start again.");
        }
    }

    /// <summary>The paths of the tables that may hold a key.</summary>
    private List<string> Covering(ColumnFamily family, ReadOnlySpan<byte> key)
    {
        var paths = new List<string>();
        foreach (var table in _tables)
        {
            if (table.Family == RocksDbFamilies.Names[(int)family] && table.Covers(key))
            {
                paths.Add(table.Path);
            }
        }

        return paths;
    }

    private void AwaitRemoval()
    {
        var started = Stopwatch.GetTimestamp();
        while (_replaced.FirstOrDefault(File.Exists) is { } file && !hasOpenIterators())
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new StoreException($"The store at {database.Location} could not remove {Path.GetFileName(file)}, which holds an erased value: check the disk and start again.");
            }

            // RocksDB tells nobody when it has unlinked a file, and the writer has promised to block until then.
            Thread.Sleep(1);
        }
    }
}
