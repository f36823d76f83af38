using System.Buffers.Binary;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Tests.Storage;

/// <summary>Short forms for what store tests do all the time.</summary>
internal static class StoreReading
{
    internal static WriteBatch Put(this WriteBatch batch, ColumnFamily family, string key, string value)
    {
        batch.Put(family, Bytes(key), Bytes(value));
        return batch;
    }

    internal static string? Get(this IStoreReader store, ColumnFamily family, string key) =>
        store.TryGet(family, Bytes(key), out var value) ? Text(value) : null;

    /// <summary>The keys of a range, as text, in the order in which they were walked.</summary>
    internal static string[] Keys(this IStoreReader store, ColumnFamily family, string from = "", string until = "", bool reverse = false)
    {
        var keys = new List<string>();
        using var iterator = store.Scan(family, Bytes(from), Bytes(until), reverse);
        while (iterator.MoveNext())
        {
            keys.Add(Text(iterator.Key));
        }

        return [.. keys];
    }

    internal static List<(byte[] Key, byte[] Value)> Records(this IStoreReader store, ColumnFamily family, byte[] from, byte[] until, bool reverse = false)
    {
        var records = new List<(byte[], byte[])>();
        using var iterator = store.Scan(family, from, until, reverse);
        while (iterator.MoveNext())
        {
            records.Add((iterator.Key.ToArray(), iterator.Value.ToArray()));
        }

        return records;
    }

    /// <summary>Eight bytes, big-endian, so that numbers and keys have one order.</summary>
    internal static byte[] Key(long number)
    {
        var key = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(key, number);
        return key;
    }

    // Latin-1 maps each char below 256 to the byte of that value.
    internal static byte[] Bytes(string text) => System.Text.Encoding.Latin1.GetBytes(text);

    internal static string Text(ReadOnlySpan<byte> bytes) => System.Text.Encoding.Latin1.GetString(bytes);
}
