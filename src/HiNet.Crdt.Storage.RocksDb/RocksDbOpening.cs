using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Storage.RocksDb.Native;

namespace HiNet.Crdt.Storage.RocksDb;

/// <summary>Opens or creates the database of a directory.</summary>
internal static unsafe partial class RocksDbOpening
{
    internal static RocksDbDatabase Open(string location)
    {
        LibRocksDb.EnsureLoaded();
        PrepareDirectory(location);
        using var options = new RocksDbOptions();
        var unknown = UnknownFamilies(location, options);
        string[] names = [RocksDbFamilies.Own, .. RocksDbFamilies.Names, .. unknown];
        var familyOptions = stackalloc nint[names.Length];
        var handles = new nint[names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            familyOptions[i] = options.ForFamily(i >= 1 && i <= RocksDbFamilies.Names.Count ? (ColumnFamily)(i - 1) : null);
        }

        nint error = 0;
        fixed (nint* handle = handles)
        {
            var db = LibRocksDb.Open(options.Database, location, names.Length, names, familyOptions, handle, &error);
            if (LibRocksDb.TakeError(error) is { } sentence)
            {
                throw RocksDbErrors.Opening(location, sentence);
            }

            RemoveHalfWrittenOptions(location);
            return new RocksDbDatabase(location, db, handles, unknown);
        }
    }

    /// <summary>
    /// RocksDB notes its options in a file that nobody reads, fails at the level above all log levels (<see cref="RocksDbOptions"/>),
    /// and never removes what it began. It does this while opening only, and the directory is locked for us now.
    /// </summary>
    private static void RemoveHalfWrittenOptions(string location)
    {
        foreach (var file in Directory.EnumerateFiles(location, "OPTIONS-*.dbtmp"))
        {
            File.Delete(file);
        }
    }

    private static void PrepareDirectory(string location)
    {
        if (File.Exists(location))
        {
            throw new StoreException($"The store cannot be at {location} because that is a file: name a directory.");
        }

        try
        {
            if (Directory.Exists(location))
            {
                RefuseHeadless(location);
            }
            else if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(location);
            }
            else
            {
                Directory.CreateDirectory(location, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (UnauthorizedAccessException)
        {
            throw RocksDbErrors.NotWritable(location);
        }
        catch (IOException e)
        {
            throw RocksDbErrors.Using(location, e.Message);
        }
    }

    /// <summary>RocksDB takes a directory without CURRENT for an empty one and would delete the tables that it finds there.</summary>
    private static void RefuseHeadless(string location)
    {
        if (!HasCurrent(location) && Directory.EnumerateFiles(location).Any(file => DataFile().IsMatch(Path.GetFileName(file))))
        {
            throw new StoreException($"The store at {location} is damaged (the file CURRENT is missing): restore it from a backup, or use a new home and let it sync.");
        }
    }

    private static bool HasCurrent(string location) => File.Exists(Path.Combine(location, "CURRENT"));

    /// <summary>Families that a newer release has added: RocksDB opens all or nothing, and the version is known only once it is open.</summary>
    private static string[] UnknownFamilies(string location, RocksDbOptions options)
    {
        if (!HasCurrent(location))
        {
            return [];
        }

        nint error = 0;
        nuint count = 0;
        var list = LibRocksDb.ListColumnFamilies(options.Database, location, &count, &error);
        if (LibRocksDb.TakeError(error) is { } sentence)
        {
            throw RocksDbErrors.Opening(location, sentence);
        }

        var names = new string[(int)count];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = Marshal.PtrToStringUTF8(list[i])!;
        }

        LibRocksDb.DestroyColumnFamilyList(list, count);
        return [.. names.Except(RocksDbFamilies.Names, StringComparer.Ordinal).Where(name => name != RocksDbFamilies.Own)];
    }

    [GeneratedRegex(@"^\d{6,}\.(sst|log)$")]
    private static partial Regex DataFile();
}
