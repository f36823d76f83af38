using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Dht;

/// <summary>Something that asks other nodes, and hears exactly one of the two for each query.</summary>
internal abstract class QueryOwner
{
    /// <summary>An authentic answer; <paramref name="from"/> has proved key and address.</summary>
    public abstract void Answered(PendingQuery query, DhtPeer from, DhtAnswer answer);

    /// <summary>No answer in time, or one that made no sense.</summary>
    public abstract void Failed(PendingQuery query);
}
