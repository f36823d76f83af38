using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>
/// Nothing is sent, acknowledged or published before it is durable. An entry that is durable at a peer must be durable at its
/// author: stalled disks make sure that a peer would win the race. An acknowledged entry must be on the disk when the answer
/// is given, and so must an invite, a contact and a conversation, and everything that is published or announced as new.
/// </summary>
internal sealed class DurableBeforeSent(InvariantChecker checker) : Invariant(checker)
{
    public override string Id => "durable-before-sent";

    public override void Applied(NodeProcess process, ConversationLedger ledger, LedgerEntry entry)
    {
        var author = Checker.HomeOf(entry.Entry.Device);
        if (author is { IsHonest: true } && !Checker.WasRestored(entry.Entry.Device) && !entry.HeldBy.Contains(author.Index))
        {
            Fail($"node {process.Index} has entry {entry.Entry.Id} (seq {entry.Entry.Seq}) of node {author.Index}, on whose disk it is not");
        }
    }

    public override void Completed(NodeProcess process, NodeCommand command, NodeResult result)
    {
        if (!process.IsHonest)
        {
            return;
        }

        if (result is NodeResult.Written { State: not MessageState.Queued } written && !Checker.IsHeld(process, written.Entry))
        {
            Fail($"node {process.Index} acknowledged entry {written.Entry} ({command.GetType().Name}), which is not on its disk");
        }

        switch (result)
        {
            case NodeResult.Invited invited when !HasInvite(process, invited.Invite):
                Fail($"node {process.Index} handed out an invite that is not on its disk");
                break;
            case NodeResult.Added added when !HasContact(process, added.Contact):
                Fail($"node {process.Index} acknowledged the contact {added.Contact.Id}, who is not on its disk");
                break;
            case NodeResult.Opened opened when !HasConversation(process, opened.Conversation):
                Fail($"node {process.Index} acknowledged conversation {opened.Conversation}, which is not on its disk");
                break;
            default:
                break;
        }
    }

    public override void Announced(NodeProcess process, NodeEvent announced)
    {
        switch (announced)
        {
            case ContactAdded added when !HasContact(process, added.Contact):
                Fail($"node {process.Index} announced the contact {added.Contact.Id}, who is not on its disk");
                break;
            case ConversationAdded added when !HasConversation(process, added.Conversation):
                Fail($"node {process.Index} announced conversation {added.Conversation}, which is not on its disk");
                break;
            default:
                break;
        }
    }

    public override void Published(NodeProcess process, ConversationId conversation, EventCursor upTo)
    {
        var last = process.Home is EngineHome home ? home.LastPlace(conversation) : process.Home.Reader.LastCursor(conversation);
        if (upTo.CompareTo(last) > 0)
        {
            Fail($"node {process.Index} published up to {upTo}, but its disk ends at {last}");
        }
    }

    private static bool HasContact(NodeProcess process, Contact contact) =>
        process.Home is not EngineHome home || home.Disk.TryGet(ColumnFamily.Contacts, StoreKeys.Contact(contact.Id), out _);

    private static bool HasConversation(NodeProcess process, ConversationId conversation) =>
        process.Home is not EngineHome home || home.NumberOf(conversation) is not null;

    private static bool HasInvite(NodeProcess process, string text) =>
        process.Home is not EngineHome home
        || (Invite.TryParse(text, out var invite, out _)
            && home.Disk.TryGet(ColumnFamily.Contacts, StoreKeys.Invite(invite!.Id(home.Cryptography)), out _));
}
