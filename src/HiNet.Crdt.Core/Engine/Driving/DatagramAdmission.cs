namespace HiNet.Crdt.Core.Engine.Driving;

/// <summary>How many datagrams wait for the machine. Nobody misses one more: it counts as lost on the way.</summary>
public sealed class DatagramAdmission
{
    /// <summary>Datagrams that may wait.</summary>
    public const int Maximum = 1_024;

    /// <summary>Datagrams that wait: 0 to <see cref="Maximum"/>.</summary>
    public int Waiting { get; private set; }

    /// <summary>False when the datagram is to be dropped.</summary>
    public bool TryAdd()
    {
        if (Waiting == Maximum)
        {
            return false;
        }

        Waiting++;
        return true;
    }

    /// <summary>All that wait are taken.</summary>
    public void TakeAll() => Waiting = 0;

    /// <summary>The oldest is taken.</summary>
    /// <exception cref="InvalidOperationException">None waits.</exception>
    public void TakeOne()
    {
        if (Waiting == 0)
        {
            throw new InvalidOperationException("No datagram waits.");
        }

        Waiting--;
    }
}
