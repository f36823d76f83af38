namespace HiNet.Crdt.Core.Links;

/// <summary>
/// The handle of one channel of one link. Made by <see cref="LinkMachine"/>; compared by reference. At most one channel
/// with a given protocol and id is live on a link.
/// </summary>
public sealed class LinkChannel
{
    internal LinkChannel(ChannelKey key, LinkChannelState state)
    {
        Key = key;
        State = state;
    }

    /// <summary>The protocol's name, at most <see cref="LinkOptions.MaxName"/> bytes of UTF-8.</summary>
    public string Protocol => Key.Protocol;

    /// <summary>What tells channels of one protocol apart, at most <see cref="LinkOptions.MaxName"/> bytes; may be empty. Never modified.</summary>
    public ReadOnlyMemory<byte> Id => Key.Id;

    public LinkChannelState State { get; internal set; }

    /// <summary>For the link's owner: whatever belongs to this channel. The link never looks at it.</summary>
    public object? Tag { get; set; }

    internal ChannelKey Key { get; }

    /// <summary>The id that we write on our messages, from 1; 0 when none.</summary>
    internal int LocalId { get; set; }

    /// <summary>The id that the remote writes on its messages, from 1; 0 when none.</summary>
    internal int RemoteId { get; set; }

    /// <summary>What the remote opened a <see cref="LinkChannelState.Requested"/> channel with.</summary>
    internal byte[] RemoteHandshake { get; init; } = [];

    /// <summary>Messages that came before the owner's answer.</summary>
    internal List<PendingMessage>? Pending { get; set; }

    public override string ToString() => $"{Protocol}/{Convert.ToHexStringLower(Id.Span)} ({State})";
}
