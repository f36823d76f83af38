namespace HiNet.Crdt.Core.Dht;

/// <summary>What a storing node did with a slot; the numbers are on the wire. <c>specs/12-dht.md</c>, "Storing".</summary>
public enum PutOutcome
{
    /// <summary>It is kept until it expires.</summary>
    Stored = 0,

    /// <summary>The same slot was there already.</summary>
    Unchanged = 1,

    /// <summary>The token does not prove the address, or no longer.</summary>
    TokenRefused = 2,

    /// <summary>It has expired by the storing node's clock, or expires too far ahead.</summary>
    ExpiryRefused = 3,

    /// <summary>The writer has a slot with a higher sequence number there.</summary>
    SequenceTooLow = 4,

    /// <summary>The writer has another slot with the same sequence number there.</summary>
    SequenceReused = 5,

    /// <summary>The signature does not hold.</summary>
    SignatureRefused = 6,

    /// <summary>The target, the source or the whole node has as many slots as it may.</summary>
    Full = 7,

    /// <summary>The node has more to check than it can just now.</summary>
    Busy = 8,
}
