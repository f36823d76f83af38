namespace HiNet.Crdt.Storage;

/// <summary>The end of every store: wait for its users, then let go of the location.</summary>
internal static class StoreDisposal
{
    /// <summary>How long a disposal waits for iterators that are still open.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Runs <paramref name="release"/> when the last user has left: before this returns, or later if that takes longer than
    /// <see cref="Patience"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">Iterators were not disposed in time.</exception>
    internal static async Task WhenDrainedAsync(Task drained, Action release, string location)
    {
        var released = ReleaseAsync(drained, release);
        if (await Task.WhenAny(released, Task.Delay(Patience)).ConfigureAwait(false) != released)
        {
            throw new InvalidOperationException($"Iterators of the store at {location} are still open: dispose them before the store.");
        }

        await released.ConfigureAwait(false);
    }

    private static async Task ReleaseAsync(Task drained, Action release)
    {
        await drained.ConfigureAwait(false);
        release();
    }
}
