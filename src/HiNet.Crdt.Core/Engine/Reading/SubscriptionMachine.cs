namespace HiNet.Crdt.Core.Engine.Reading;

/// <summary>
/// What one subscription does and when. It rests until it is signalled, fetches, delivers what it has fetched one by one, and
/// rests again once a fetch has brought nothing and no signal came since that fetch began. So nothing is polled, no signal is
/// lost, and no more is held than one page, however slow the observer is.
/// <para>
/// One runner at a time takes the steps, and holds no lock while it carries one out: observers may signal, dispose and complete
/// from within a call. Calls of the machine itself must not overlap.
/// </para>
/// </summary>
/// <typeparam name="T">What is delivered.</typeparam>
public sealed class SubscriptionMachine<T>
{
    /// <summary>What was fetched; the first <see cref="_delivered"/> of it have been handed out.</summary>
    private IReadOnlyList<T> _page = [];
    private int _delivered;

    /// <summary>True from the signal that found it resting to the step <see cref="SubscriptionStep.Rest"/>: somebody takes the steps.</summary>
    private bool _isRunning;

    /// <summary>Something may have come since the last fetch began, so that an empty one is not the end.</summary>
    private bool _isSignalled;

    /// <summary>As <see cref="_isCompleting"/> was when the last fetch began: what came before is in that fetch.</summary>
    private bool _wasCompleting;
    private bool _isCompleting;
    private bool _isDisposed;

    /// <summary>What <see cref="SubscriptionStep.Deliver"/> is about.</summary>
    public T? Current { get; private set; }

    /// <summary>Nothing more will be delivered; never false again.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Items held that were not delivered yet: at most one page.</summary>
    public int Held => _page.Count - _delivered;

    /// <summary>There may be something new. True for the caller that has to run the steps now.</summary>
    public bool Signal()
    {
        _isSignalled = true;
        if (_isRunning || HasEnded)
        {
            return false;
        }

        return _isRunning = true;
    }

    /// <summary>Delivers what there still is, then completes the observer. True as for <see cref="Signal"/>.</summary>
    public bool Complete()
    {
        _isCompleting = true;
        return Signal();
    }

    /// <summary>Delivers nothing more; a call that is under way is not waited for. True as for <see cref="Signal"/>.</summary>
    public bool Dispose()
    {
        _isDisposed = true;
        return Signal();
    }

    /// <summary>The next step; after <see cref="SubscriptionStep.Rest"/>, and only then, somebody has to be told to run again.</summary>
    public SubscriptionStep Next()
    {
        if (HasEnded)
        {
            return Rest();
        }

        if (_isDisposed)
        {
            return EndWith(SubscriptionStep.End);
        }

        if (_delivered < _page.Count)
        {
            Current = _page[_delivered++];
            return SubscriptionStep.Deliver;
        }

        if (_wasCompleting)
        {
            return EndWith(SubscriptionStep.Complete);
        }

        if (!_isSignalled)
        {
            return Rest();
        }

        _isSignalled = false;
        return SubscriptionStep.Fetch;
    }

    /// <summary>What came next: none only when there is no more.</summary>
    public void Fetched(IReadOnlyList<T> page)
    {
        ArgumentNullException.ThrowIfNull(page);
        _page = page;
        _delivered = 0;

        // After a page there may be another, whether anybody says so or not.
        _isSignalled |= page.Count > 0;
        _wasCompleting = _isCompleting && !_isSignalled;
    }

    /// <summary>
    /// Nothing can be read now. That is not the end, because nothing is lost: the next signal reads from the same place. It is
    /// the end for a subscription that was to complete, since nobody will signal any more.
    /// </summary>
    public void FetchFailed()
    {
        _page = [];
        _delivered = 0;
        _wasCompleting = _isCompleting && !_isSignalled;
    }

    /// <summary>The observer has thrown, or a fetch what it never should: that is a defect, and ends only this subscription.</summary>
    public void Threw() => _isDisposed = true;

    private SubscriptionStep Rest()
    {
        _isRunning = false;
        Current = default;
        return SubscriptionStep.Rest;
    }

    private SubscriptionStep EndWith(SubscriptionStep step)
    {
        HasEnded = true;
        _page = [];
        _delivered = 0;
        return step;
    }
}
