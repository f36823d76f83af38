using System.Diagnostics;

namespace HiNet.Crdt.Integration.Tests.Support;

/// <summary>Waits for a condition, in bounds.</summary>
internal static class Until
{
    /// <summary>Generous: a machine that is busy with other things must not fail a test.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    internal static async Task TrueAsync(Func<bool> condition, string what)
    {
        if (!await IsTrueAsync(condition, Patience))
        {
            throw new TimeoutException($"Not within {Patience.TotalSeconds:0} seconds: {what}.");
        }
    }

    internal static async Task<bool> IsTrueAsync(Func<bool> condition, TimeSpan patience)
    {
        var started = Stopwatch.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(started) > patience)
            {
                return condition();
            }

            await tick.WaitForNextTickAsync();
        }

        return true;
    }
}
