namespace HiNet.Crdt.Core.Engine.Sessions;

/// <summary>
/// What all channels of one link share, and whose turn it is: what the link's own buffer holds, and what the receiver holds of
/// segments. So any number of conversations that catch up at once take as much memory as one, at both ends.
/// The transport counts the bytes of the buffer in <see cref="Driving.LinkBacklog"/>, and reports what has left.
/// </summary>
/// <param name="buffer">With so many bytes pending there is no room, until some have left.</param>
/// <param name="window">With so many bytes of segments under way there is no room for more, until some are given back.</param>
internal sealed class LinkRoom(long buffer, long window)
{
    /// <summary>Bytes handed to the link of which it was not said that they have left; up to one report too high.</summary>
    public long Pending { get; private set; }

    /// <summary>Bytes of segments sent on any of the channels that the other end has not given back; never negative.</summary>
    public long UnderWay { get; private set; }

    /// <summary>Bytes of segments that came on any of the channels, were not acknowledged, and are still kept for it; never negative.</summary>
    public long Held { get; private set; }

    /// <summary>Somebody found no room and waits for a turn.</summary>
    public bool IsAwaited { get; private set; }

    /// <summary>The other end holds as many segments as it takes at once.</summary>
    public bool IsWindowFull => UnderWay >= window;

    /// <summary>Whether a message may be handed to the link that can also wait. Asking for it in vain is waiting for it.</summary>
    public bool Ask()
    {
        IsAwaited |= Pending >= buffer;
        return Pending < buffer;
    }

    /// <summary>The same for a message of segments, which the other end has to have room for as well.</summary>
    public bool AskForSegments()
    {
        IsAwaited |= IsWindowFull;
        return Ask() && !IsWindowFull;
    }

    /// <summary>Bytes were handed to the link.</summary>
    public void Handed(long bytes) => Pending += bytes;

    /// <summary>Bytes have left. True when those who wait get their turns now.</summary>
    public bool Left(long bytes)
    {
        Pending = Math.Max(0, Pending - bytes);
        return TakeTurns(Pending < buffer);
    }

    /// <summary>Segments went out.</summary>
    public void Sent(long bytes) => UnderWay += bytes;

    /// <summary>Segments were taken in at the other end, or their channel is gone. True when those who wait get their turns now.</summary>
    public bool GivenBack(long bytes)
    {
        UnderWay -= bytes;
        return TakeTurns(Pending < buffer && !IsWindowFull);
    }

    /// <summary>Segments came. False when they are more than the other end may have under way.</summary>
    public bool Took(long bytes)
    {
        if (Held + bytes > window + (2L * Limits.SegmentMessageMaxBytes))
        {
            return false;
        }

        Held += bytes;
        return true;
    }

    /// <summary>Segments that came are acknowledged, or were checked after their channel was gone.</summary>
    public void Consumed(long bytes) => Held -= bytes;

    private bool TakeTurns(bool hasRoom)
    {
        var hasTurns = IsAwaited && hasRoom;
        IsAwaited &= !hasTurns;
        return hasTurns;
    }
}
