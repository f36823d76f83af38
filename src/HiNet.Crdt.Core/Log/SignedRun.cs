namespace HiNet.Crdt.Core.Log;

/// <summary>
/// Consecutive entries of one device, the last of which is signed: the unit of delivery. It never reaches over a seq divisible
/// by <see cref="SegmentRule.Period"/> except with its last entry, so that one signature authenticates all of it.
/// </summary>
public sealed record SignedRun(DeviceId Device, IReadOnlyList<Entry> Entries, ReadOnlyMemory<byte> Signature)
{
    public Entry Last => Entries[^1];
}

/// <summary>A run whose signature was checked. Only <see cref="Maker"/> makes one, so nothing unverified can reach a log.</summary>
public sealed class VerifiedRun
{
    private VerifiedRun(SignedRun run)
    {
        Run = run;
    }

    public SignedRun Run { get; }

    /// <summary>The only maker of verified runs.</summary>
    public abstract class Maker
    {
        protected static VerifiedRun Make(SignedRun run) => new(run);
    }
}
