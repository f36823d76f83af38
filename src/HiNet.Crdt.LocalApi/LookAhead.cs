namespace HiNet.Crdt.LocalApi;

/// <summary>
/// A source whose next element may be asked for ahead. An iterator must not be disposed while it runs, and one that waits for
/// somebody to type may run for ever: one that is left while it runs is told to stop, and disposed once it did.
/// </summary>
internal sealed class LookAhead<T> : IAsyncDisposable
{
    private readonly CancellationTokenSource _left;
    private readonly IAsyncEnumerator<T> _source;
    private Task<bool>? _next;

    public LookAhead(IAsyncEnumerable<T> source, CancellationToken cancellationToken)
    {
        _left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _source = source.GetAsyncEnumerator(_left.Token);
    }

    public T Current => _source.Current;

    /// <summary>Asks for the next element, once the last one that was asked for is there.</summary>
    public Task<bool> NextAsync() => _next = _source.MoveNextAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        if (_next is { IsCompleted: false } running)
        {
            await _left.CancelAsync().ConfigureAwait(false);
            _ = EndAsync(running);
            return;
        }

        await EndAsync(Task.CompletedTask).ConfigureAwait(false);
    }

    private async Task EndAsync(Task running)
    {
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _source.DisposeAsync().ConfigureAwait(false);
        _left.Dispose();
    }
}
