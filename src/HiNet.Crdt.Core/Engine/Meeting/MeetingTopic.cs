using HiNet.Crdt.Core.Dht.Records;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine.Meeting;

/// <summary>A secret under which this node says where it is, and looks where others are.</summary>
internal sealed class MeetingTopic(Bytes32 id, RendezvousSecret secret, Bytes32 lanSecret, MeetingSubject subject, bool isWritten)
{
    /// <summary>Never leaves the node.</summary>
    public Bytes32 Id { get; } = id;

    public RendezvousSecret Secret { get; } = secret;

    /// <summary>By which those who hold the secret recognise each other on a LAN.</summary>
    public Bytes32 LanSecret { get; } = lanSecret;

    public MeetingSubject Subject { get; } = subject;

    /// <summary>False for an older epoch's, where one only looks: who was removed since knows it.</summary>
    public bool IsWritten { get; set; } = isWritten;

    public Instant NextPut { get; set; } = Instant.Never;

    public Instant NextGet { get; set; } = Instant.Never;

    /// <summary>Puts in a row that reached nobody.</summary>
    public int PutFailures { get; set; }

    /// <summary>Lookups in a row that brought no link.</summary>
    public int Misses { get; set; }

    public bool IsPutting { get; set; }

    public bool IsGetting { get; set; }

    /// <summary>The newest sequence number written at each target of the periods of now.</summary>
    public SortedDictionary<Bytes32, ulong> Sequences { get; } = [];
}
