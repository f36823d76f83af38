using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Meaning;

/// <summary>What nodes show of their conversations, read once for all invariants that look at one moment.</summary>
internal sealed class Statuses
{
    private readonly Dictionary<(int Node, ConversationId Conversation), ConversationStatus> _known = [];

    public ConversationStatus Of(NodeProcess process, ConversationId conversation)
    {
        if (!_known.TryGetValue((process.Index, conversation), out var status))
        {
            _known.Add((process.Index, conversation), status = process.Home.Reader.Status(conversation));
        }

        return status;
    }

    /// <summary>Another moment has come.</summary>
    public void Forget() => _known.Clear();
}
