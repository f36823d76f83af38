namespace HiNet.Crdt.Core.Engine.Sessions;

/// <summary>One message of segments, until all its runs are checked.</summary>
internal sealed class Delivery(ConversationChannel channel, int bytes)
{
    public ConversationChannel Channel { get; } = channel;

    public int Bytes { get; } = bytes;

    public int Pending { get; set; }

    /// <summary>Something of it was applied, and the turn is the longer for it.</summary>
    public bool IsCredited { get; set; }
}
