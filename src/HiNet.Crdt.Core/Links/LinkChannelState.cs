namespace HiNet.Crdt.Core.Links;

/// <summary>Where a channel is in its life. It never goes back to an earlier state.</summary>
public enum LinkChannelState
{
    /// <summary>The remote opened it; the owner has not answered.</summary>
    Requested = 0,

    /// <summary>We opened it; the remote has not answered. Messages may be sent already; the remote keeps or drops them.</summary>
    Opening = 1,

    /// <summary>Both sides have opened it.</summary>
    Open = 2,

    /// <summary>Closed, rejected, or its link has ended.</summary>
    Closed = 3,
}
