using System.Diagnostics;

namespace HiNet.Crdt.Attack.Attackers;

/// <summary>Bounds a rate. What was not used in a second is lost, so that a pause is not followed by a burst.</summary>
internal sealed class Pace(double perSecond)
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private double _due;

    /// <summary>Waits until so many more may happen.</summary>
    public async Task NextAsync(double count, CancellationToken cancellationToken)
    {
        var now = Stopwatch.GetElapsedTime(_started).TotalSeconds;
        _due = Math.Max(_due, now - 1) + (count / perSecond);
        if (_due > now)
        {
            await Task.Delay(TimeSpan.FromSeconds(_due - now), cancellationToken);
        }
    }
}
