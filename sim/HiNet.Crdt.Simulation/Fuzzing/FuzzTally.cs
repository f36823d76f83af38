namespace HiNet.Crdt.Simulation.Fuzzing;

/// <summary>What came of the operations of one kind, or with one twist.</summary>
/// <param name="Drawn">Operations in the list.</param>
/// <param name="Made">Entries or messages that they made; fewer where an operation found nothing to act on.</param>
/// <param name="Accepted">Of these, those that were applied, or taken for what they claim to be.</param>
/// <param name="Refused">Those that were refused for good.</param>
public sealed record FuzzTally(long Drawn, long Made, long Accepted, long Refused)
{
    /// <summary>The sum of two.</summary>
    public static FuzzTally operator +(FuzzTally left, FuzzTally right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return Add(left, right);
    }

    /// <summary>The sum of two.</summary>
    public static FuzzTally Add(FuzzTally left, FuzzTally right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new FuzzTally(left.Drawn + right.Drawn, left.Made + right.Made, left.Accepted + right.Accepted, left.Refused + right.Refused);
    }
}
