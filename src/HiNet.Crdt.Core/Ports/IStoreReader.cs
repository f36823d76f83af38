using System.Diagnostics.CodeAnalysis;

namespace HiNet.Crdt.Core.Ports;

/// <summary>Reads durable state. Keys are compared byte by byte, unsigned. Safe to call from any thread.</summary>
public interface IStoreReader
{
    /// <summary>The value of <paramref name="key"/> as a fresh array that the caller may keep.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    bool TryGet(ColumnFamily family, ReadOnlySpan<byte> key, [NotNullWhen(true)] out byte[]? value);

    /// <summary>
    /// Walks the keys in [<paramref name="from"/>, <paramref name="until"/>), ascending or, with <paramref name="reverse"/>,
    /// descending, as they are at the time of the call: later writes are not seen. An empty <paramref name="until"/> means no upper bound.
    /// </summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    IStoreIterator Scan(ColumnFamily family, ReadOnlySpan<byte> from, ReadOnlySpan<byte> until, bool reverse = false);
}

/// <summary>A walk over a range. <see cref="Key"/> and <see cref="Value"/> are valid until the next <see cref="MoveNext"/> or disposal.</summary>
public interface IStoreIterator : IDisposable
{
    bool MoveNext();

    ReadOnlySpan<byte> Key { get; }

    ReadOnlySpan<byte> Value { get; }
}
