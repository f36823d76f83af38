namespace HiNet.Crdt.Core.Log;

/// <summary>Bounds of the log, checked before anything is allocated for what they bound. <c>specs/01-log.md</c>, "Limits".</summary>
public static class EntryLimits
{
    /// <summary>A text, in UTF-8 bytes.</summary>
    public const int MaxTextBytes = 65_536;

    /// <summary>A sealed body, in bytes.</summary>
    public const int MaxBodyBytes = 128 * 1024;

    /// <summary>Parents of one entry.</summary>
    public const int MaxParents = 16;

    /// <summary>An encoded header, in bytes: what a header with every field at its longest takes.</summary>
    public const int MaxHeaderBytes = 797;

    /// <summary>An encoded header without its body length and body hash, in bytes.</summary>
    public const int MaxPrefixBytes = MaxHeaderBytes - 38;

    /// <summary>A signature, in bytes.</summary>
    public const int SignatureBytes = 64;

    /// <summary>Heads of one frontier.</summary>
    public const int MaxFrontierHeads = 65_536;

    /// <summary>Heads of one device that a frontier names. Whoever forks more often is not told apart by seqs and heads any more.</summary>
    public const int MaxFrontierHeadsOfOneDevice = 64;

    /// <summary>An encoded <see cref="EquivocationProof"/>, in bytes: two paths of 64 longest headers. Fits a body.</summary>
    public const int MaxProofBytes = 102_540;

    /// <summary>How far above the clock an entry may lie before it is parked.</summary>
    public static readonly TimeSpan FutureLimit = TimeSpan.FromMinutes(5);
}
