using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Storage.RocksDb;

/// <summary>Turns what RocksDB reports into one sentence for a person.</summary>
internal static class RocksDbErrors
{
    internal static StoreException Opening(string location, string error)
    {
        if (error.Contains("lock hold by current process", StringComparison.Ordinal))
        {
            return new StoreException($"The home at {location} is already open in this process: stop the node that uses it or use another home.");
        }

        if (error.Contains("While lock file", StringComparison.Ordinal))
        {
            var holder = LockHolder.Find(Path.Combine(location, "LOCK"));
            var who = holder is null ? "another process" : $"another process (pid {holder})";
            return new StoreException($"The home at {location} is in use by {who}: stop it or use another home.");
        }

        return Using(location, error);
    }

    internal static StoreException Using(string location, string error)
    {
        if (error.Contains("No space left on device", StringComparison.Ordinal) || error.Contains("Disk quota exceeded", StringComparison.Ordinal))
        {
            return new StoreException($"The disk that holds {location} is full: free some space and start again.");
        }

        if (error.Contains("Permission denied", StringComparison.Ordinal) || error.Contains("Read-only file system", StringComparison.Ordinal))
        {
            return NotWritable(location);
        }

        if (error.StartsWith("Corruption", StringComparison.Ordinal))
        {
            return new StoreException($"The store at {location} is damaged ({error}): restore it from a backup, or use a new home and let it sync.");
        }

        return new StoreException($"The store at {location} does not work ({error}): check the disk and start again.");
    }

    internal static StoreException NotWritable(string location) =>
        new($"The store at {location} cannot be written: give this user the rights to that directory or use another home.");
}
