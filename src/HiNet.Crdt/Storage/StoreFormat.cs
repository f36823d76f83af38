using System.Buffers.Binary;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Storage;

/// <summary>
/// The version of what is stored: the key <c>version</c> in <see cref="ColumnFamily.Meta"/>, written when a store is created and
/// checked by every store when it opens (<c>specs/04-store.md</c>).
/// </summary>
public static class StoreFormat
{
    /// <summary>The version that this release writes and the only one it reads.</summary>
    public const uint CurrentVersion = 1;

    /// <summary>ASCII <c>version</c>. A fresh array: keys of a batch may be kept.</summary>
    public static byte[] VersionKey => "version"u8.ToArray();

    /// <summary>The value of <see cref="VersionKey"/>: an unsigned 32-bit number, little-endian.</summary>
    public static byte[] EncodeVersion(uint version)
    {
        var value = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(value, version);
        return value;
    }

    /// <summary>Reads the version of a store, or writes the current one into a store that is empty.</summary>
    /// <exception cref="StoreException">The store holds data of another version, or data of no version.</exception>
    public static void EnsureReadable(IEntryStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (store.TryGet(ColumnFamily.Meta, "version"u8, out var value))
        {
            Check(store.Location, value);
            return;
        }

        // A process may end between the creation of the files and the first write: that store is empty, and becomes ours.
        foreach (var family in Enum.GetValues<ColumnFamily>())
        {
            using var iterator = store.Scan(family, [], []);
            if (iterator.MoveNext())
            {
                throw new StoreException($"The store at {store.Location} has data but no format version: it is damaged or belongs to another program; restore it from a backup or use another home.");
            }
        }

        var batch = new WriteBatch();
        batch.Put(ColumnFamily.Meta, VersionKey, EncodeVersion(CurrentVersion));
        store.Write(batch, sync: true);
    }

    private static void Check(string location, byte[] value)
    {
        if (value.Length != sizeof(uint))
        {
            throw new StoreException($"The format version of the store at {location} is not readable: it is damaged or belongs to another program; restore it from a backup or use another home.");
        }

        var version = BinaryPrimitives.ReadUInt32LittleEndian(value);
        if (version > CurrentVersion)
        {
            throw new StoreException($"The store at {location} was written by a newer release (format version {version}, this one reads {CurrentVersion}): update HiNet.Crdt or use another home.");
        }

        if (version < CurrentVersion)
        {
            throw new StoreException($"The store at {location} has format version {version}, which this release (version {CurrentVersion}) cannot read: open it with the release that wrote it or use another home.");
        }
    }
}
