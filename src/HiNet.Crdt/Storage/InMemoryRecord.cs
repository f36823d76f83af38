namespace HiNet.Crdt.Storage;

/// <summary>One key and its value. Neither array is ever modified.</summary>
internal readonly record struct InMemoryRecord(byte[] Key, byte[] Value)
{
    /// <summary>Orders by key alone, byte by byte, unsigned: two records of one key are the same place.</summary>
    internal static IComparer<InMemoryRecord> ByKey { get; } =
        Comparer<InMemoryRecord>.Create((left, right) => left.Key.AsSpan().SequenceCompareTo(right.Key));
}
