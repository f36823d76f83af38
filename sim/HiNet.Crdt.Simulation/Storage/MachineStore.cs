using System.Diagnostics.CodeAnalysis;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Simulation.Storage;

/// <summary>The disk as the node's machine reads it: with read errors. Whoever watches the world reads the disk itself.</summary>
internal sealed class MachineStore(SimulatedDisk disk) : IStoreReader
{
    public bool TryGet(ColumnFamily family, ReadOnlySpan<byte> key, [NotNullWhen(true)] out byte[]? value)
    {
        ThrowIfUnreadable();
        return disk.TryGet(family, key, out value);
    }

    public IStoreIterator Scan(ColumnFamily family, ReadOnlySpan<byte> from, ReadOnlySpan<byte> until, bool reverse = false)
    {
        ThrowIfUnreadable();
        return disk.Scan(family, from, until, reverse);
    }

    private void ThrowIfUnreadable()
    {
        if (disk.IsUnreadable)
        {
            throw new StoreException("The disk returned a read error (simulated): start the node again.");
        }
    }
}
