namespace HiNet.Crdt.Core.Dht.Records;

/// <summary>Why a slot is not a record, in the order in which it is found out.</summary>
public enum RecordProblem
{
    /// <summary>It is one.</summary>
    None = 0,

    /// <summary>The slot is of another target.</summary>
    WrongTarget,

    /// <summary>The sealed text is of no size that records have.</summary>
    WrongSize,

    /// <summary>The slot counts no longer.</summary>
    Expired,

    /// <summary>The expiry is not at a full hour, or later than any record's written now.</summary>
    WrongExpiry,

    /// <summary>The signature is not the writer's.</summary>
    WrongSignature,

    /// <summary>Sealed under another key, for another slot, or not as records are.</summary>
    NotSealedForUs,

    /// <summary>Padded in another way than records are.</summary>
    WrongPadding,

    /// <summary>What is inside is not the one encoding of what the kind says.</summary>
    Malformed,

    /// <summary>A signature of the certificate or of the card does not hold.</summary>
    WrongCertificate,

    /// <summary>The slot's writer is not the certified device.</summary>
    WrongWriter,

    /// <summary>The time in the sequence number is not within the period, or the expiry does not follow from it.</summary>
    WrongTime,

    /// <summary>Written more than 3 hours ahead of the reader's clock.</summary>
    WrittenInFuture,
}
