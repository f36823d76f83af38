namespace HiNet.Crdt.Core.Log;

/// <summary>
/// Room for what waits, shared by all that keep some of it. Each may keep no more than would be left free beside it: one alone takes half,
/// many share nearly all, and whoever keeps little finds a place, however much the others have. So the room is never full.
/// </summary>
/// <param name="bytes">Of all together, an upper bound that is never reached.</param>
public sealed class SharedRoom(long bytes)
{
    /// <summary>Bytes that all keep together.</summary>
    public long Used { get; private set; }

    /// <summary>Whether one that keeps so many bytes already may keep so many more.</summary>
    public bool HasRoom(long kept, long more) => kept + more <= bytes - Used - more;

    /// <summary>One keeps so many more bytes than before, or fewer.</summary>
    public void Note(long change) => Used += change;
}
