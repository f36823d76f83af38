using HiNet.Crdt.Simulation.Kernel;
using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Workload;

/// <summary>
/// One operation of a run and what has come of it. People whose phone was off, or who found nothing there yet, try again a little
/// later: each attempt's delay is a draw of the operation's own, so that leaving out another one changes nothing here.
/// </summary>
internal sealed class PlannedOperation(Operation operation)
{
    /// <summary>Attempts of one operation; with the longest delays they last for two minutes.</summary>
    private const int MostAttempts = 40;

    /// <summary>Attempts of a drawn operation that finds nothing to act on, such as an edit by someone who has written nothing.</summary>
    private const int MostLooks = 3;
    private const int FirstDelay = 200;
    private const int LongestDelay = 4_000;

    private int _looks;
    private int _underWay;
    private bool _isPlannedAgain;

    public Operation Operation => operation;

    /// <summary>How often it still has to be done; never grows, and is 0 when it is done or given up.</summary>
    public int Left { get; private set; } = operation.Times;

    public int Attempts { get; private set; }

    /// <summary>An attempt is under way, or a later one is planned.</summary>
    public bool IsWaiting => _underWay > 0 || _isPlannedAgain;

    public void Began()
    {
        Attempts++;
        _underWay = Left;
        _isPlannedAgain = false;
    }

    public void Done()
    {
        _underWay--;
        Left--;
    }

    /// <summary>It came to nothing for good.</summary>
    public void GiveUp() => Done();

    /// <summary>It came to nothing for a reason that may pass. True when another attempt has to be planned, once for all that failed together.</summary>
    public bool Failed(bool foundNothing)
    {
        _underWay--;
        if (_isPlannedAgain || Attempts >= MostAttempts || (foundNothing && operation.IsDrawn && ++_looks >= MostLooks))
        {
            return false;
        }

        _isPlannedAgain = true;
        return true;
    }

    /// <summary>The pause before the next attempt, in microseconds: longer each time, up to a bound.</summary>
    public long NextDelay(KeyedRandom random)
    {
        var bound = Math.Min(LongestDelay, FirstDelay << Math.Min(Attempts, 8));
        return 1_000 * random.Between(DrawStream.Retry, operation.Pick ^ ((ulong)operation.Do << 56), (ulong)Attempts, bound / 2, bound);
    }
}
