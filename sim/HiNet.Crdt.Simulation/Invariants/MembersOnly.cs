using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>No entry of a person who was never made a member applies.</summary>
internal sealed class MembersOnly(InvariantChecker checker) : Invariant(checker)
{
    public override string Id => "members-only";

    public override void Applied(NodeProcess process, ConversationLedger ledger, LedgerEntry entry)
    {
        var author = Checker.HomeOf(entry.Entry.Device);
        if (author is not null && !Checker.Membership.May(ledger.Id, author.Home.Self.Id, Checker.HomeOf(ledger.Entries[0].Entry.Device)))
        {
            Fail($"node {process.Index} applied an entry of node {author.Index}, who was never a member of {ledger.Id}");
        }
    }
}
