using System.Diagnostics;
using HiNet.Crdt.Benchmarks.Framework;

namespace HiNet.Crdt.Benchmarks.Ours;

/// <summary>Waits for what a node shows when it is durable.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>Looks every millisecond, which is far below what any run takes and costs next to nothing.</summary>
    /// <exception cref="MeasurementException">It did not come true in three minutes.</exception>
    public static void Until(Func<bool> condition, string what, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Stopwatch.GetElapsedTime(started) > Limit)
            {
                throw new MeasurementException($"{what} took more than {Limit.TotalMinutes} minutes");
            }

            Thread.Sleep(1);
        }
    }
}
