namespace HiNet.Crdt.Simulation.Network;

/// <summary>What the network schedules.</summary>
internal enum NetworkEvent
{
    /// <summary>A piece of a stream, or its end, reaches the other end.</summary>
    Arrives = 1,

    /// <summary>Bytes have been stalled for as long as a sender waits.</summary>
    StallTimedOut = 2,

    /// <summary>An end learns that its link is no more.</summary>
    Reset = 3,

    /// <summary>An end that asked for it learns that its link is closed.</summary>
    LocalEnd = 4,

    DialArrives = 5,

    DialAnswered = 6,

    DialFailed = 7,

    /// <summary>A datagram, or a copy of one, reaches its node.</summary>
    DatagramArrives = 8,
}
