using System.Diagnostics;

namespace HiNet.Crdt.Cli.Demo;

/// <summary>Waits for a condition, within bounds.</summary>
internal static class Until
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(30);

    /// <param name="what">Ends the sentence "… did not come about: ".</param>
    /// <param name="condition">Gives null until it holds.</param>
    /// <param name="cancellationToken">Gives up earlier.</param>
    public static async Task<T> NotNullAsync<T>(string what, Func<Task<T?>> condition, CancellationToken cancellationToken)
        where T : class
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (await condition().ConfigureAwait(false) is { } result)
            {
                return result;
            }

            if (Stopwatch.GetElapsedTime(started) > Bound)
            {
                throw new HiNetException($"This did not come about within {Bound.TotalSeconds:F0} seconds: {what}.");
            }

            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
        }
    }

    public static Task TrueAsync(string what, Func<Task<bool>> condition, CancellationToken cancellationToken) =>
        NotNullAsync(what, async () => await condition().ConfigureAwait(false) ? string.Empty : null, cancellationToken);
}
