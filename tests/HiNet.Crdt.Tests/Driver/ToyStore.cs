using System.Diagnostics.CodeAnalysis;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Storage;

namespace HiNet.Crdt.Tests.Driver;

/// <summary>A store that only counts, waits or fails.</summary>
internal sealed class ToyStore : IEntryStore
{
    private int _writes;
    private int _reclaims;

    public Action<WriteBatch>? OnWrite { get; set; }

    public Action? OnReclaim { get; set; }

    public int Writes => Volatile.Read(ref _writes);

    public int Reclaims => Volatile.Read(ref _reclaims);

    public string Location => "toy";

    public bool TryGet(ColumnFamily family, ReadOnlySpan<byte> key, [NotNullWhen(true)] out byte[]? value)
    {
        value = null;
        return false;
    }

    public IStoreIterator Scan(ColumnFamily family, ReadOnlySpan<byte> from, ReadOnlySpan<byte> until, bool reverse = false) =>
        throw new StoreException("The toy cannot be walked.");

    public void Write(WriteBatch batch, bool sync)
    {
        Interlocked.Increment(ref _writes);
        OnWrite?.Invoke(batch);
    }

    public void ReclaimErased()
    {
        Interlocked.Increment(ref _reclaims);
        OnReclaim?.Invoke();
    }

    public StoreStatistics GetStatistics() => new(0, 0, 0);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
