using HiNet.Crdt.Benchmarks.Framework;

namespace HiNet.Crdt.Benchmarks.Ours;

/// <summary>Waits for what a node shows when it is durable.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>Looks again and again, ever more seldom up to every millisecond, which is far below what any run takes.</summary>
    /// <exception cref="MeasurementException">It did not come true in three minutes.</exception>
    public static void Until(Func<bool> condition, string what, CancellationToken cancellationToken) =>
        Until(condition, what, TimeSpan.Zero, cancellationToken);

    /// <summary>The same, with a pause between two looks that are dear.</summary>
    /// <exception cref="MeasurementException">It did not come true in three minutes.</exception>
    public static void Until(Func<bool> condition, string what, TimeSpan pause, CancellationToken cancellationToken)
    {
        var isDone = SpinWait.SpinUntil(
            () =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (condition())
                {
                    return true;
                }

                Thread.Sleep(pause);
                return false;
            },
            Limit);
        if (!isDone)
        {
            throw new MeasurementException($"{what} took more than {Limit.TotalMinutes} minutes");
        }
    }
}
