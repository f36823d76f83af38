namespace HiNet.Crdt.Core.Log;

/// <summary>
/// How far back in its device's chain a signature vouches. Segments are {0}, {1..64}, {65..128} and so on; a signature
/// on a seq covers that seq's segment from its beginning up to that seq, so no path from an entry to a signature has more
/// than 64 headers. <c>specs/01-log.md</c>, "Signatures".
/// </summary>
public static class SegmentRule
{
    /// <summary>Every seq divisible by this is signed.</summary>
    public const int Period = 64;

    /// <summary>The lowest seq that a signature on <paramref name="seq"/> vouches for: 0 for 0, else the one after the previous multiple of 64.</summary>
    public static ulong FirstCovered(ulong seq) => seq == 0 ? 0 : ((seq - 1) / Period * Period) + 1;

    /// <summary>The seq that is signed at the latest for <paramref name="seq"/>: the next multiple of 64, or itself. Saturates.</summary>
    public static ulong LastCovering(ulong seq)
    {
        var last = (seq / Period * Period) + (seq % Period == 0 ? 0UL : Period);
        return last >= seq ? last : ulong.MaxValue;
    }

    /// <summary>Whether a device has to sign this seq, even inside a burst.</summary>
    public static bool MustSign(ulong seq) => seq % Period == 0;

    /// <summary>Whether a signature on <paramref name="signed"/> vouches for <paramref name="seq"/> of the same chain.</summary>
    public static bool Covers(ulong signed, ulong seq) => seq <= signed && seq >= FirstCovered(signed);
}
