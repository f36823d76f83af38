using HiNet.Crdt.Simulation.Nodes;
using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Workload;

/// <summary>Which message an operation is about. Three in four are among the newest ten that the person sees, the others among the newest two hundred.</summary>
internal static class TargetChooser
{
    /// <summary>A message; null when there is none to choose. People edit and delete their own, and answer what they can read.</summary>
    public static EntryId? Choose(SimulatedNode node, ConversationId conversation, OperationKind kind, ulong pick)
    {
        if (!node.Process.Home.Reader.Has(conversation))
        {
            return null;
        }

        var isOwn = kind is OperationKind.Edit or OperationKind.Delete;
        List<EntryId> candidates = [];
        foreach (var message in node.Process.Home.Reader.ReadPage(conversation, (pick >> 16 & 3) == 0 ? 200 : 10, null))
        {
            if (!isOwn || (message.Device == node.Device && !message.IsDeleted))
            {
                candidates.Add(message.Id);
            }
        }

        return candidates.Count == 0 ? null : candidates[(int)((pick >> 20) % (ulong)candidates.Count)];
    }
}
