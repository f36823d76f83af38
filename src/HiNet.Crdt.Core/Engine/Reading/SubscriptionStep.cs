namespace HiNet.Crdt.Core.Engine.Reading;

/// <summary>What whoever runs a subscription does next.</summary>
public enum SubscriptionStep
{
    /// <summary>Nothing until the next signal that says so.</summary>
    Rest,

    /// <summary>Read what comes next, then say so by <c>Fetched</c> or <c>FetchFailed</c>.</summary>
    Fetch,

    /// <summary>Call the observer with <c>Current</c>; an exception of its own is said by <c>Threw</c>.</summary>
    Deliver,

    /// <summary>Forget the subscription, then call the observer's <c>OnCompleted</c>.</summary>
    Complete,

    /// <summary>Forget the subscription; the observer is not called again.</summary>
    End,
}
