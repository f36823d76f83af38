namespace HiNet.Crdt.Core.Engine.Sessions;

/// <summary>
/// What all channels of one link have waiting in it together, and whose turn it is. The window of a channel bounds what its
/// receiver holds; this bounds what the link's own buffer holds, which the channels share.
/// The transport counts the same bytes in <see cref="Driving.LinkBacklog"/>, and reports what has left.
/// </summary>
/// <param name="window">With so many bytes pending there is no room, until some have left.</param>
internal sealed class LinkRoom(long window)
{
    /// <summary>Bytes handed to the link of which it was not said that they have left; up to one report too high.</summary>
    public long Pending { get; private set; }

    /// <summary>Somebody found no room and waits for a turn.</summary>
    public bool IsAwaited { get; private set; }

    /// <summary>Whether a message may be handed to the link that can also wait. Asking for it in vain is waiting for it.</summary>
    public bool Ask()
    {
        IsAwaited |= Pending >= window;
        return Pending < window;
    }

    /// <summary>Bytes were handed to the link.</summary>
    public void Handed(long bytes) => Pending += bytes;

    /// <summary>Bytes have left. True when those who wait get their turns now.</summary>
    public bool Left(long bytes)
    {
        Pending = Math.Max(0, Pending - bytes);
        var hasTurns = IsAwaited && Pending < window;
        IsAwaited &= !hasTurns;
        return hasTurns;
    }
}
