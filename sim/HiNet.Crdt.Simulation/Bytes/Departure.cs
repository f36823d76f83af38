using HiNet.Crdt.Simulation.Invariants;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Bytes;

/// <summary>Someone left a group. What is written there by those who know of it is not for them.</summary>
internal sealed class Departure(NodeProcess leaver, ConversationId conversation, EntryId entry)
{
    public ConversationId Conversation => conversation;

    public IdentityId Person => leaver.Home.Self.Id;

    /// <summary>Fails when the leaver's disk holds the key to an entry that was written behind the departure.</summary>
    public void Check(StrangersLearnNothing invariant, InvariantChecker checker)
    {
        var self = leaver.Home.Self.Id;
        if (checker.LedgerOf(conversation) is not { } ledger || leaver.Home is not EngineHome home)
        {
            return;
        }

        var behind = ledger.FutureOf(entry);
        foreach (var known in ledger.Entries)
        {
            var written = known.Entry;
            if (written.Epoch is { } epoch
                && behind.Contains(written.Id)
                && checker.HomeOf(written.Device) is { IsHonest: true } author
                && author.Home.Self.Id != self
                && HomeLog.HoldsEpoch(home, conversation, epoch))
            {
                invariant.Fail($"node {leaver.Index} has left {conversation} and holds the key to {written.Id}, which node {author.Index} wrote knowing that");
            }
        }
    }
}
