namespace HiNet.Crdt.Core.Log;

/// <summary>
/// Room for what waits, shared by all that keep some of it. When it is full, what has waited the longest gives way, whosever it is: so
/// what was left behind to fill it keeps out nothing that comes and is soon released.
/// </summary>
/// <param name="bytes">Of all together.</param>
public sealed class WaitingRoom(long bytes)
{
    private readonly LinkedList<IWaiting> _waiting = [];

    /// <summary>Bytes that all keep together; never more than there are.</summary>
    public long Used { get; private set; }

    /// <summary>Whether so many more bytes may be kept as things are.</summary>
    public bool HasRoom(long more) => more <= bytes - Used;

    /// <summary>Something begins to wait, behind all others.</summary>
    public LinkedListNode<IWaiting> Enter(IWaiting waiting) => _waiting.AddLast(waiting);

    /// <summary>It waits no longer.</summary>
    public void Leave(LinkedListNode<IWaiting> place) => _waiting.Remove(place);

    /// <summary>Has go what has waited the longest; false when nothing waits.</summary>
    public bool TryMakeRoom()
    {
        if (_waiting.First is not { } oldest)
        {
            return false;
        }

        oldest.Value.GiveWay();
        return true;
    }

    /// <summary>So many more bytes are kept than before, or fewer.</summary>
    public void Note(long change) => Used += change;
}

/// <summary>One of those that wait.</summary>
public interface IWaiting
{
    /// <summary>Waits no longer, and says so to the room.</summary>
    void GiveWay();
}
