using System.Buffers.Binary;
using System.Diagnostics;
using HiNet.Crdt.Benchmarks.Framework;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Storage.RocksDb;

namespace HiNet.Crdt.Benchmarks.Limits;

/// <summary>How many entries of 300 bytes a second the bare store makes durable, each batch synced.</summary>
/// <param name="name">What rows call it by.</param>
/// <param name="batchSize">Entries in a batch.</param>
/// <param name="batches">Batches in a run.</param>
internal sealed class StoreLimit(string name, int batchSize, int batches) : IMeasurement
{
    private const int KeySize = 40;
    private const int ValueSize = 260;

    public string Name => name;

    public string? Unavailable => null;

    public async Task<IReadOnlyDictionary<string, double>> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Workspace.CreateFolder("store");
        try
        {
            await using var store = RocksDbStore.At(folder).Open();
            var random = new Random(1);
            var next = 0L;
            var work = new WriteBatch[batches];
            for (var i = 0; i < batches; i++)
            {
                work[i] = CreateBatch(random, ref next);
            }

            var started = Stopwatch.GetTimestamp();
            foreach (var batch in work)
            {
                store.Write(batch, sync: true);
            }

            var rate = batches * (double)batchSize / Stopwatch.GetElapsedTime(started).TotalSeconds;
            return new Dictionary<string, double> { [Metric.Rate] = rate };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Keys grow, as those of a log do.
    private WriteBatch CreateBatch(Random random, ref long next)
    {
        var batch = new WriteBatch();
        for (var i = 0; i < batchSize; i++)
        {
            var key = new byte[KeySize];
            var value = new byte[ValueSize];
            BinaryPrimitives.WriteInt64BigEndian(key.AsSpan(KeySize - sizeof(long)), next++);
            random.NextBytes(value);
            batch.Put(ColumnFamily.Entries, key, value);
        }

        return batch;
    }
}
