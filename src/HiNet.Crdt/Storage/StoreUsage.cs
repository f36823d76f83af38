namespace HiNet.Crdt.Storage;

/// <summary>
/// Counts who is using a store, so that it is taken down only when nobody is. Entering and leaving cost one interlocked
/// operation each and never block.
/// </summary>
internal sealed class StoreUsage
{
    private const long Closed = long.MinValue;
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The number of users; the sign bit is set once the store is closing.
    private long _state;

    internal bool IsClosed => Volatile.Read(ref _state) < 0;

    /// <summary>Counts one user in; false when the store is closing. Every success is matched by one <see cref="Leave"/>.</summary>
    internal bool TryEnter()
    {
        if (Interlocked.Increment(ref _state) > 0)
        {
            return true;
        }

        Leave();
        return false;
    }

    internal void Leave()
    {
        if (Interlocked.Decrement(ref _state) == Closed)
        {
            _drained.TrySetResult();
        }
    }

    /// <summary>Lets nobody in any more. False when it was closing already; the task completes when the last user has left.</summary>
    internal bool TryClose(out Task drained)
    {
        drained = _drained.Task;
        if ((Interlocked.Or(ref _state, Closed) & Closed) != 0)
        {
            return false;
        }

        if (Volatile.Read(ref _state) == Closed)
        {
            _drained.TrySetResult();
        }

        return true;
    }
}
