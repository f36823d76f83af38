namespace HiNet.Crdt.Core.Engine.Driving;

/// <summary>
/// How many commands the machine is given before it has answered some. More wait in the order of their calls, in memory that
/// their callers hold anyway, so that a million of them neither crowd out the links nor grow the machine.
/// </summary>
/// <param name="maximum">Commands that may be unanswered at once.</param>
public sealed class CommandAdmission(int maximum = CommandAdmission.Maximum)
{
    /// <summary>Commands that a node admits at once.</summary>
    public const int Maximum = 1024;

    /// <summary>The number of the last command that was admitted; numbers rise by one and are never used again.</summary>
    private long _last;

    /// <summary>Commands admitted and not answered: 0 to the maximum.</summary>
    public int Unanswered { get; private set; }

    /// <summary>How many more may be admitted now.</summary>
    public int Room => maximum - Unanswered;

    /// <summary>Admits the next command, and gives it its number.</summary>
    /// <exception cref="InvalidOperationException">There is no room.</exception>
    public long Admit()
    {
        if (Room <= 0)
        {
            throw new InvalidOperationException($"{Unanswered} commands wait for their answers already.");
        }

        Unanswered++;
        return ++_last;
    }

    /// <summary>One was answered.</summary>
    public void Answered()
    {
        if (Unanswered == 0)
        {
            throw new InvalidOperationException("No command waits for an answer.");
        }

        Unanswered--;
    }
}
