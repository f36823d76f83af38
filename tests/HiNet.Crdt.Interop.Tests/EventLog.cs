namespace HiNet.Crdt.Interop.Tests;

/// <summary>What was observed so far, and a way to wait for more of it within a bound.</summary>
internal sealed class EventLog<T>
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);
    private readonly Lock _gate = new();
    private readonly List<T> _events = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public T[] Snapshot()
    {
        lock (_gate)
        {
            return [.. _events];
        }
    }

    public void Add(T item)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            _events.Add(item);
            changed = _changed;
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
    }

    /// <summary>The first <paramref name="count"/> matching events, once there are as many.</summary>
    public async Task<T[]> WaitAsync(Func<T, bool> matches, int count = 1)
    {
        using var timeout = new CancellationTokenSource(s_timeout);
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                var found = _events.Where(matches).Take(count).ToArray();
                if (found.Length == count)
                {
                    return found;
                }

                changed = _changed.Task;
            }

            try
            {
                await changed.WaitAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"{count} events did not come within {s_timeout}. Seen: {string.Join("; ", Snapshot().TakeLast(20))}");
            }
        }
    }
}
