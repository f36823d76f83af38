using System.Diagnostics.CodeAnalysis;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Simulation.Storage;

/// <summary>
/// What a node's disk does to it, and why the node survives.
/// <para>
/// A batch is durable when the disk says so, some time after it was handed over, and then whole: the engine's stores write a
/// batch through a checksummed log, so a torn tail is cut off when it is opened again. Reads see durable state only, never a
/// batch under way. Faults: a batch stalls for long; a crash loses the batch under way, or keeps it although nobody was told
/// (the engine must cope with both, because it cannot know which); a write fails because the disk is full, after which the
/// node accepts nothing until it is started again; a read fails, which stops the node, and the next start finds the same bytes.
/// </para>
/// <para>
/// A whole disk can be put back as it was earlier, as a backup is: its device then has two futures. Not simulated yet: bit rot
/// below the store's checksums.
/// </para>
/// </summary>
internal sealed class SimulatedDisk : IStoreReader
{
    private readonly SortedRecords[] _families;
    private readonly List<SimulatedIterator> _open = [];

    public SimulatedDisk()
    {
        _families = new SortedRecords[Enum.GetValues<ColumnFamily>().Length];
        for (var i = 0; i < _families.Length; i++)
        {
            _families[i] = new SortedRecords();
        }
    }

    /// <summary>Bytes of keys and values written so far.</summary>
    public long BytesWritten { get; private set; }

    /// <summary>Counts what changes anything that is durable: while it stands, each read finds the same.</summary>
    public long Version { get; private set; }

    /// <summary>Every write fails while this is set.</summary>
    public bool IsFull { get; set; }

    /// <summary>Every read of the node's machine fails while this is set; see <see cref="MachineStore"/>.</summary>
    public bool IsUnreadable { get; set; }

    public long Count(ColumnFamily family) => _families[(int)family].Count;

    public bool TryGet(ColumnFamily family, ReadOnlySpan<byte> key, [NotNullWhen(true)] out byte[]? value)
    {
        value = _families[(int)family].Get(key)?.AsSpan().ToArray();
        return value is not null;
    }

    public IStoreIterator Scan(ColumnFamily family, ReadOnlySpan<byte> from, ReadOnlySpan<byte> until, bool reverse = false)
    {
        var iterator = new SimulatedIterator(this, _families[(int)family], from, until, reverse);
        _open.Add(iterator);
        return iterator;
    }

    /// <summary>Makes a batch durable. <paramref name="observer"/> sees each change with the value that it replaces.</summary>
    public void Commit(WriteBatch batch, IChangeObserver? observer = null)
    {
        foreach (var iterator in _open)
        {
            iterator.Detach();
        }

        _open.Clear();
        Version++;
        var changes = batch.Changes;
        for (var i = 0; i < changes.Count; i++)
        {
            var change = changes[i];
            var before = _families[(int)change.Family].Set(change.Key, change.Value);
            observer?.Changed(change, before);
        }

        // What an observer has read between two changes is not what there is now.
        Version++;
        BytesWritten += batch.Size;
    }

    /// <summary>Everything that is durable now, to be put back later.</summary>
    public DiskImage Image() => new([.. _families.Select(family => family.Copy())]);

    /// <summary>Puts an image in place of everything.</summary>
    public void Load(DiskImage image)
    {
        foreach (var iterator in _open)
        {
            iterator.Detach();
        }

        _open.Clear();
        Version++;
        for (var i = 0; i < _families.Length; i++)
        {
            _families[i] = image.Families[i].Copy();
        }
    }

    internal void Close(SimulatedIterator iterator) => _open.Remove(iterator);
}
