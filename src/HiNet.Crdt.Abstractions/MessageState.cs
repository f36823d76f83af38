namespace HiNet.Crdt;

/// <summary>How far a message has come, never more than is known.</summary>
public enum MessageState
{
    /// <summary>Kept, but not yet encrypted to anyone: the other side's keys are not known yet.</summary>
    Queued = 0,

    /// <summary>Durable here, and at as many others as its receipts say.</summary>
    Stored = 1,

    /// <summary>Durable at every other member.</summary>
    Delivered = 2,

    /// <summary>Read by every other member.</summary>
    Read = 3,
}
