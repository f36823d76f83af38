using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Meaning;

/// <summary>What somebody knows of a node who has read its lists when its life began, and has listened since.</summary>
internal sealed class NodeLife
{
    public NodeLife(NodeProcess process)
    {
        Generation = process.Generation;
        Conversations = [.. process.Home.Reader.Conversations()];
        Invitations.UnionWith(process.Home.Reader.Invitations().Select(waiting => (waiting.Group, waiting.By.Id)));
        foreach (var contact in process.Home.Reader.Contacts())
        {
            Contacts.Add(contact.Id, contact.Status);
        }
    }

    public int Generation { get; }

    /// <summary>Invitations that waited when it began, or of which it has told; some are decided by now.</summary>
    public HashSet<(ConversationId Group, IdentityId By)> Invitations { get; } = [];

    public SortedSet<ConversationId> Conversations { get; }

    /// <summary>Those of them that are groups under the ids of direct conversations: they go, and the direct conversation may come.</summary>
    public SortedSet<ConversationId> Squatted { get; } = [];

    public SortedDictionary<IdentityId, ContactStatus> Contacts { get; } = [];

    public SortedSet<NodeId> Peers { get; } = [];

    /// <summary>It has told of a link.</summary>
    public bool HadPeers { get; set; }

    /// <summary>It has refused something because of its store.</summary>
    public bool HasRefused { get; set; }

    /// <summary>In which conversations it has told of entries that wait for their time.</summary>
    public SortedSet<ConversationId> Parked { get; } = [];
}
