using Google.Protobuf;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Simulation.Nodes;
using EntryHeader = HiNet.Crdt.Core.Log.EntryHeader;

namespace HiNet.Crdt.Simulation.Adversaries;

/// <summary>
/// Writes entries whose time is not above that of what they follow, which nobody may apply, and entries that are as old as they
/// may be, which everyone has to: messages from long ago that come now, and edits of messages that their author has deleted.
/// The engine survives because an entry is checked against its own past and nothing else, so all judge alike; because order is
/// by time and id and not by arrival; and because a deletion is final, whatever an edit says.
/// </summary>
internal sealed class Backdater(SimulatedWorld world, int index, EngineHome home) : Attacker(world, index, home)
{
    protected override void Attack(AdversaryMachine machine)
    {
        if (Victim() is not { } victim || AnyConversation() is not { } writer)
        {
            return;
        }

        switch (Draw(0, 4))
        {
            case 0:
                Give(machine, victim, writer, Late(writer));
                break;
            case 1 or 2:
                Give(machine, victim, writer, EditAfterDeletion(writer));
                break;
            default:
                Give(machine, victim, writer, NotAboveParents(writer));
                break;
        }
    }

    // Just above the own last entry and blind to the rest: allowed, and sorted far up.
    private static SignedRun Late(MemberWriter writer)
    {
        var header = writer.Draft(EntryKind.Message, writer.Head is null ? [writer.Log.Entries[0].Id] : []);
        return writer.Sign(writer.Write(header with { Hlc = LeastAfter(writer, header) }, new MessageBody { Text = "from long ago" }));
    }

    private SignedRun NotAboveParents(MemberWriter writer)
    {
        var header = writer.Draft();
        var least = LeastAfter(writer, header).Value - 1;
        var below = Draw(0, 2) switch { 0 => 0UL, 1 => 1UL, _ => (ulong)Draw(0, 1L << 40) };
        var entry = writer.Write(header with { Hlc = new HybridTimestamp(least - Math.Min(least, below)) }, new MessageBody { Text = "before its past" });

        // What follows it is refused with it.
        return IsOn() && !SegmentRule.MustSign(header.Seq) ? writer.Sign(entry, writer.SayBlindly("and after that")) : writer.Sign(entry);
    }

    private static SignedRun EditAfterDeletion(MemberWriter writer)
    {
        List<Entry> entries = [];
        var message = writer.Say("soon gone");
        entries.Add(message);
        Add(entries, writer, new DeleteBody { Targets = { ByteString.CopyFrom(message.Id.ToArray()) } }, EntryKind.Delete);
        Add(entries, writer, new EditBody { Target = ByteString.CopyFrom(message.Id.ToArray()), Text = "back again" }, EntryKind.Edit);
        return writer.Sign([.. entries]);
    }

    // A run ends where a signature must be.
    private static void Add(List<Entry> entries, MemberWriter writer, IMessage body, uint kind)
    {
        if (!SegmentRule.MustSign(entries[^1].Header.Seq))
        {
            var header = writer.Draft(kind, []);
            entries.Add(writer.Write(header with { Hlc = LeastAfter(writer, header) }, body));
        }
    }

    private static HybridTimestamp LeastAfter(MemberWriter writer, EntryHeader header) =>
        MemberWriter.PredecessorsOf(header).Max(id => writer.HeaderOf(id).Hlc).Next();
}
