namespace HiNet.Crdt.Core.Engine.Replicas;

/// <summary>Entry ids one after the other, 32 bytes each.</summary>
internal static class EntryIdList
{
    public static byte[] Encode(IReadOnlyList<EntryId> ids)
    {
        var bytes = new byte[ids.Count * Bytes32.Size];
        for (var i = 0; i < ids.Count; i++)
        {
            ids[i].CopyTo(bytes.AsSpan(i * Bytes32.Size));
        }

        return bytes;
    }

    public static IReadOnlyList<EntryId> Decode(ReadOnlySpan<byte> bytes)
    {
        var ids = new EntryId[bytes.Length / Bytes32.Size];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = new EntryId(bytes.Slice(i * Bytes32.Size, Bytes32.Size));
        }

        return ids;
    }
}
