namespace HiNet.Crdt.Simulation.Invariants.Subscribers;

/// <summary>How an application listens to a conversation.</summary>
internal enum SubscriberKind
{
    /// <summary>From the first event on; with each life of its node it subscribes anew behind the last event that it has seen.</summary>
    Keeper,

    /// <summary>Comes late, and begins at some place of the past.</summary>
    FromCursor,

    /// <summary>Comes late, and hears only what happens from then on.</summary>
    Live,

    /// <summary>Every few events it ends its subscription inside the call, and subscribes again behind that event, still inside.</summary>
    Resubscriber,

    /// <summary>Inside one call it subscribes somebody else, who begins at some place of the past.</summary>
    Introducer,

    /// <summary>Throws at one event, and later subscribes again in front of it.</summary>
    Thrower,

    /// <summary>Takes seconds for each event.</summary>
    Slow,

    /// <summary>Takes seconds for each event, and subscribes anew with each life of its node.</summary>
    SlowKeeper,
}
