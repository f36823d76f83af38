namespace HiNet.Crdt.Core.Log;

/// <summary>Why a header was refused. Each can be seen in the header alone, without its past.</summary>
public enum HeaderProblem
{
    /// <summary>Nothing is wrong.</summary>
    None = 0,

    /// <summary>The bytes end inside a field or before a field that has to be there.</summary>
    Truncated,

    /// <summary>Not the one encoding: a longer varint, a field out of order, unknown, or there with its default.</summary>
    NotCanonical,

    /// <summary>A field that has to be there is not.</summary>
    FieldMissing,

    /// <summary>A version other than 1; nothing after it was read.</summary>
    UnknownVersion,

    /// <summary>A field of 32 bytes has another length, or the header is longer than any header can be.</summary>
    WrongSize,

    /// <summary>Parents are not ascending and distinct.</summary>
    ParentsUnsorted,

    /// <summary>More than 16 parents.</summary>
    TooManyParents,

    /// <summary>The previous entry is among the parents.</summary>
    ParentIsPrevious,

    /// <summary>A seq above 0 without a previous entry.</summary>
    PreviousMissing,

    /// <summary>A previous entry at seq 0.</summary>
    PreviousUnexpected,

    /// <summary>Only a genesis is without a conversation.</summary>
    ConversationMissing,

    /// <summary>A genesis that names a conversation, is not a device's first entry, or has predecessors.</summary>
    GenesisMisplaced,

    /// <summary>Depth is 0 with predecessors, above 0 without any, or less than seq.</summary>
    DepthImpossible,

    /// <summary>A content kind without the epoch that seals it.</summary>
    KindWithoutEpoch,

    /// <summary>A control kind with an epoch.</summary>
    KindWithEpoch,

    /// <summary>The body is longer than a body can be.</summary>
    BodyTooLong,

    /// <summary>A body hash without a body length, or the reverse.</summary>
    BodyHashMismatch,
}
