using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine.Sessions;

/// <summary>
/// Which conversation a channel's name stands for. Names differ from link to link, and whoever links opens all its conversations
/// one after the other: so the names are worked out once for the link that asked last, and kept for no other.
/// </summary>
internal sealed class ChannelIndex(NodeServices services)
{
    private readonly Dictionary<Bytes32, Replica> _byName = [];

    /// <summary>The link whose names these are.</summary>
    private LinkSession? _session;

    /// <summary>The replica whose channel has this name on a link; null when there is none. Replicas only ever come.</summary>
    public Replica? Find(LinkSession session, ReadOnlySpan<byte> name, IList<Replica> replicas)
    {
        if (name.Length != Bytes32.Size)
        {
            return null;
        }

        if (_session != session || _byName.Count != replicas.Count)
        {
            _session = session;
            _byName.Clear();
            foreach (var replica in replicas)
            {
                services.Cost.Count(CostKind.Hash);
                var own = ChannelSecrets.ConversationChannel(services.Cryptography, session.HandshakeHash.Span, replica.Id);
                _byName[new Bytes32(own)] = replica;
            }
        }

        return _byName.GetValueOrDefault(new Bytes32(name));
    }

    /// <summary>A link has ended: nothing of it is kept.</summary>
    public void Forget(LinkSession session)
    {
        if (_session == session)
        {
            _session = null;
            _byName.Clear();
        }
    }
}
