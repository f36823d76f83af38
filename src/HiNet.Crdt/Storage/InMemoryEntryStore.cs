using System.Diagnostics.CodeAnalysis;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Storage;

/// <summary>One opening of an <see cref="InMemoryStore"/>.</summary>
internal sealed class InMemoryEntryStore(InMemoryFamilies families, string location, Action released) : IEntryStore
{
    private readonly StoreUsage _usage = new();
    private readonly Lock _writing = new();

    public string Location => location;

    public bool TryGet(ColumnFamily family, ReadOnlySpan<byte> key, [NotNullWhen(true)] out byte[]? value)
    {
        Enter();
        try
        {
            value = families[family].TryGetValue(new InMemoryRecord(key.ToArray(), []), out var record)
                ? (byte[])record.Value.Clone()
                : null;
            return value is not null;
        }
        finally
        {
            _usage.Leave();
        }
    }

    public IStoreIterator Scan(ColumnFamily family, ReadOnlySpan<byte> from, ReadOnlySpan<byte> until, bool reverse = false)
    {
        Enter();
        return new InMemoryIterator(families[family], from, until, reverse, _usage);
    }

    public void Write(WriteBatch batch, bool sync)
    {
        ArgumentNullException.ThrowIfNull(batch);
        Enter();
        try
        {
            lock (_writing)
            {
                families.Apply(batch.Changes);
            }
        }
        finally
        {
            _usage.Leave();
        }
    }

    public void ReclaimErased()
    {
        // A replaced array is unreachable as soon as the last iterator that saw it is gone: there is nothing to do.
        Enter();
        _usage.Leave();
    }

    public StoreStatistics GetStatistics()
    {
        Enter();
        _usage.Leave();
        return new StoreStatistics(families.Count, families.StoredBytes, PendingErasures: 0);
    }

    public async ValueTask DisposeAsync()
    {
        if (_usage.TryClose(out var drained))
        {
            await StoreDisposal.WhenDrainedAsync(drained, released, location).ConfigureAwait(false);
        }
    }

    private void Enter()
    {
        if (!_usage.TryEnter())
        {
            throw new StoreException($"The store in {location} is closed: start the node again.");
        }
    }
}
