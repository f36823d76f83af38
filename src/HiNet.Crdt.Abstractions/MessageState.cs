namespace HiNet.Crdt;

/// <summary>How far a message has come, never more than is known.</summary>
public enum MessageState
{
    /// <summary>
    /// Kept, but not yet encrypted to anyone: no keys of the other side are known. Contacts come by invite, which brings their
    /// keys, and writing to anyone else is refused; so no message is in this state today, and a client that meets it shows it
    /// as not sent. Who is offline or not linked does not matter: what is written to them is <see cref="Stored"/>.
    /// </summary>
    Queued = 0,

    /// <summary>Encrypted and durable here, and at as many others as its receipts say: nobody yet, some, or all but one.</summary>
    Stored = 1,

    /// <summary>Durable at every other member.</summary>
    Delivered = 2,

    /// <summary>Read by every other member.</summary>
    Read = 3,
}
