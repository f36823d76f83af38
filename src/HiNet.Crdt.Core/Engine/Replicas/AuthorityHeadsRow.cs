using HiNet.Crdt.Core.Authority;

namespace HiNet.Crdt.Core.Engine.Replicas;

/// <summary>
/// The row of the heads behind an authority hash: their ids, or, where that is shorter, a bit for each authority entry in order of arrival.
/// The bits follow a byte that says so and are filled up with zeros, so that no row of the one kind is as long as one of the other
/// (<c>specs/04-store.md</c>). So entries that join ever more heads cost a row of some bytes each, not of as many ids.
/// </summary>
internal static class AuthorityHeadsRow
{
    private const byte IsBits = 1;

    public static byte[] Encode(AuthorityGraph graph, AuthoritySet set)
    {
        var bits = graph.HeadBits(set);
        var length = 1 + ((bits.Length + Bytes32.Size - 1) / Bytes32.Size * Bytes32.Size);
        if (length >= set.Heads.Count * Bytes32.Size)
        {
            return EntryIdList.Encode(set.Heads);
        }

        var row = new byte[length];
        row[0] = IsBits;
        bits.CopyTo(row, 1);
        return row;
    }

    /// <summary>Null for what is neither.</summary>
    public static IReadOnlyList<EntryId>? Decode(AuthorityGraph graph, ReadOnlySpan<byte> row) =>
        row.Length % Bytes32.Size == 0 ? EntryIdList.Decode(row)
        : row.Length % Bytes32.Size == 1 && row[0] == IsBits ? graph.HeadsOf(row[1..])
        : null;
}
