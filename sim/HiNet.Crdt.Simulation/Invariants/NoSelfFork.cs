using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>An honest device writes one entry for each of its sequence numbers, whatever crashes it goes through; only a home that was put back as it was earlier may have two futures.</summary>
internal sealed class NoSelfFork(InvariantChecker checker) : Invariant(checker)
{
    private readonly Dictionary<(ConversationId Conversation, DeviceId Device, ulong Seq), EntryId> _written = [];

    public override string Id => "no-self-fork";

    public override void Applied(NodeProcess process, ConversationLedger ledger, LedgerEntry entry)
    {
        var applied = entry.Entry;
        if (Checker.HomeOf(applied.Device) is { IsHonest: false } || Checker.WasRestored(applied.Device))
        {
            return;
        }

        var place = (applied.Conversation, applied.Device, applied.Seq);
        if (!_written.TryAdd(place, applied.Id) && _written[place] != applied.Id)
        {
            Fail($"the device of node {Checker.HomeOf(applied.Device)?.Index.ToString(null as IFormatProvider) ?? "?"} wrote two entries with seq {applied.Seq}: {_written[place]} and {applied.Id}");
        }
    }
}
