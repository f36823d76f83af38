namespace HiNet.Crdt.Core.Sync;

/// <summary>What an entry on the wire leaves out because the entry before it, or the channel, says it.</summary>
[Flags]
internal enum SegmentFlags : byte
{
    None = 0,

    /// <summary>Epoch as in the entry before it in the message.</summary>
    SameEpoch = 1,

    /// <summary>Authority hash as in the entry before it in the message.</summary>
    SameAuthority = 2,

    /// <summary>Kind as in the entry before it in the message.</summary>
    SameKind = 4,

    /// <summary>A count and ids of parents follow.</summary>
    HasParents = 8,

    /// <summary>Depth is one more than that of the entry before it in the run.</summary>
    NextDepth = 16,

    /// <summary>The body follows; its hash is computed from it.</summary>
    HasBody = 32,

    /// <summary>A content entry; without this and <see cref="SameEpoch"/> there is no epoch.</summary>
    HasEpoch = 64,

    /// <summary>The whole header follows as it is, for what this encoding cannot say shorter (another suite).</summary>
    Verbatim = 128,
}
