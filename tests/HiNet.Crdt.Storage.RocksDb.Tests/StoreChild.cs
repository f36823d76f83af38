using System.Globalization;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Tests.Storage;

namespace HiNet.Crdt.Storage.RocksDb.Tests;

/// <summary>
/// What this assembly does when it is started as a process of its own: <c>hold DIR</c> keeps a store open until standard input
/// ends; <c>write DIR</c> writes synced batches, and names each on standard output once it is durable, until it is killed.
/// </summary>
internal static class StoreChild
{
    internal const string Hold = "hold";
    internal const string WriteForEver = "write";

    /// <summary>More than any test waits for, so that a child whose parent has died ends by itself.</summary>
    private const long MaxBatches = 200_000;

    internal static int Run(string[] arguments)
    {
        using var store = new Opened(RocksDbStore.At(arguments[1]).Open());
        Console.Out.WriteLine("open");
        Console.Out.Flush();
        if (arguments[0] == Hold)
        {
            _ = Console.In.ReadToEnd();
            return 0;
        }

        var first = Count(store.Store, ColumnFamily.Entries);
        for (var number = first; number < first + MaxBatches; number++)
        {
            store.Store.Write(BatchOf(number), sync: true);
            Console.Out.WriteLine(number.ToString(CultureInfo.InvariantCulture));
            Console.Out.Flush();
        }

        return 0;
    }

    /// <summary>Three families, and values that differ in size, so that batches begin and end anywhere in the log's blocks.</summary>
    internal static WriteBatch BatchOf(long number)
    {
        var batch = new WriteBatch();
        batch.Put(ColumnFamily.Entries, StoreReading.Key(number), ValueOf(number));
        batch.Put(ColumnFamily.Timeline, StoreReading.Key(number), []);
        batch.Put(ColumnFamily.Meta, "last"u8.ToArray(), StoreReading.Key(number));
        return batch;
    }

    internal static byte[] ValueOf(long number)
    {
        var value = new byte[100 + (number * 7919 % 3000)];
        for (var i = 0; i < value.Length; i++)
        {
            value[i] = (byte)((number * 31) + (i * 17) + (i >> 8));
        }

        return value;
    }

    internal static long Count(IStoreReader store, ColumnFamily family)
    {
        long count = 0;
        using var iterator = store.Scan(family, [], []);
        while (iterator.MoveNext())
        {
            count++;
        }

        return count;
    }

    private sealed record Opened(IEntryStore Store) : IDisposable
    {
        public void Dispose() => Store.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
