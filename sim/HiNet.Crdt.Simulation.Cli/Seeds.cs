using System.Globalization;

namespace HiNet.Crdt.Simulation.Cli;

/// <summary>Seeds as people write them: a decimal, or the 40 hex digits of a commit; <c>A..B</c> includes both ends.</summary>
internal static class Seeds
{
    /// <summary>Times the processes of a sweep, and the twenty seeds of which one runs twice, they are below 2^31.</summary>
    public const int MostShards = 100_000;

    private const int CommitDigits = 40;

    public static bool TryParse(string text, out ulong seed)
    {
        if (text.Length == CommitDigits && Convert.FromHexString(text, new byte[CommitDigits / 2], out _, out _) == System.Buffers.OperationStatus.Done)
        {
            // A commit's first eight bytes are as random as the rest.
            seed = ulong.Parse(text.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            return true;
        }

        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seed);
    }

    public static bool TryParseRange(string text, out ulong first, out ulong last)
    {
        first = last = 0;
        var dots = text.IndexOf("..", StringComparison.Ordinal);
        return dots > 0 && TryParse(text[..dots], out first) && TryParse(text[(dots + 2)..], out last) && first <= last;
    }

    /// <summary>I/N, I from 1 to N, and N at most <see cref="MostShards"/>.</summary>
    public static bool TryParseShard(string text, out int shard, out int shards)
    {
        shard = shards = 0;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0
            && int.TryParse(text.AsSpan(0, slash), NumberStyles.None, CultureInfo.InvariantCulture, out shard)
            && int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out shards)
            && shard >= 1
            && shard <= shards
            && shards <= MostShards;
    }
}
