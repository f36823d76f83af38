using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Dht;

/// <summary>The owner's ping.</summary>
internal sealed class PingTask(DhtNode node, long operation) : QueryOwner
{
    public void Start(Endpoint endpoint)
    {
        if (!node.TryAsk(DatagramKind.Ping, endpoint, null, new DhtQuery(), this))
        {
            node.Complete(operation, new DhtResult.Pinged(null, TimeSpan.Zero));
        }
    }

    public override void Answered(PendingQuery query, DhtPeer from, DhtAnswer answer) =>
        node.Complete(operation, new DhtResult.Pinged(from.Contact, node.Now - query.SentAt));

    public override void Failed(PendingQuery query) => node.Complete(operation, new DhtResult.Pinged(null, node.Now - query.SentAt));
}
