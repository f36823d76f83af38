namespace HiNet.Crdt.Core.Engine.Storage;

/// <summary>Keys byte by byte, unsigned: for sorting and for hash tables. Hashes are the same in every process.</summary>
internal sealed class ByteOrder : IComparer<byte[]>, IEqualityComparer<byte[]>
{
    public static ByteOrder Instance { get; } = new();

    public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(byte[] bytes)
    {
        // FNV-1a over 8-byte words: keys are short and end in what differs.
        var hash = 14695981039346656037UL;
        var rest = bytes.AsSpan();
        for (; rest.Length >= 8; rest = rest[8..])
        {
            hash = (hash ^ BitConverter.ToUInt64(rest)) * 1099511628211UL;
        }

        foreach (var value in rest)
        {
            hash = (hash ^ value) * 1099511628211UL;
        }

        return (int)(hash ^ (hash >> 29));
    }
}
