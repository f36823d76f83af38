using System.Diagnostics;

namespace HiNet.Crdt.Tests;

/// <summary>Waits for a condition, in bounds.</summary>
internal static class Until
{
    public static async Task TrueAsync(Func<bool> condition)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(20), "the condition did not come true");
            await Task.Yield();
        }
    }
}
