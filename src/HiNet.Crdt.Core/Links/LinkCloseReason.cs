namespace HiNet.Crdt.Core.Links;

/// <summary>Why a link ended; a metric's dimension, so the names stay. The failure table is in <c>specs/02-links.md</c>.</summary>
public enum LinkCloseReason
{
    /// <summary>The owner asked for it.</summary>
    Requested = 0,

    /// <summary>The remote ended its half of the byte stream, or the stream broke.</summary>
    StreamEnded = 1,

    /// <summary>The handshake was not complete when its deadline came.</summary>
    HandshakeTimeout = 2,

    /// <summary>A handshake frame had the wrong length or did not authenticate; also two initiators on one stream.</summary>
    HandshakeFailed = 3,

    /// <summary>The remote proved another key than <see cref="LinkOptions.ExpectedRemote"/>.</summary>
    UnexpectedRemote = 4,

    /// <summary>The remote has our own static key.</summary>
    SelfLink = 5,

    /// <summary>The remote's secret stream does not open with the identity of this handshake and of the other role.</summary>
    StreamIdentityMismatch = 6,

    /// <summary>A frame announced more or fewer bytes than are allowed in its place, and its body was not read.</summary>
    InvalidFrameLength = 7,

    /// <summary>A frame did not authenticate in its place: changed, repeated, left out or out of order.</summary>
    FrameNotAuthentic = 8,

    /// <summary>Nothing arrived for <see cref="LinkOptions.ReceiveTimeout"/>.</summary>
    ReceiveTimeout = 9,

    /// <summary>A message or control message could not be parsed.</summary>
    MalformedMessage = 10,

    /// <summary>A batch could not be parsed, or held another batch.</summary>
    MalformedBatch = 11,

    /// <summary>The remote opened a channel under an id that is zero, in use or out of sequence.</summary>
    InvalidChannelId = 12,

    /// <summary>The remote has used more channel ids than any conforming node needs.</summary>
    TooManyChannels = 13,

    /// <summary>A frame was begun and did not arrive in time.</summary>
    FrameTimeout = 14,
}
