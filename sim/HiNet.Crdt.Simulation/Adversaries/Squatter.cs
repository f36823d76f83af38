using Google.Protobuf;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Adversaries;

/// <summary>
/// Invites its contacts to groups that are none, under the ids of direct conversations that they may have with others too, and, with a key and secrets
/// that open nothing, to groups of which it has heard the id. The engine survives because an invitation is somebody's word until the group's first
/// entry has come, which the right key opens, because an epoch's entry tells which secret is its own, and because of one contact only so many wait, or are joined while nothing of them comes. A group that its own person is in is left alone: whoever
/// invites somebody and takes it back has invited nobody.
/// </summary>
internal sealed class Squatter(SimulatedWorld world, int index, EngineHome home) : Attacker(world, index, home)
{
    private const int MostInvitations = 200;

    private int _invitations;

    protected override void Attack(AdversaryMachine machine)
    {
        if (_invitations >= MostInvitations || AnyContact() is not { } victim || Home.DirectWith(World.Nodes[victim].Self.Id) is not { } direct
            || MemberWriter.TryOpen(Home, direct, WallClock, World.Invariants.Intents) is not { } writer)
        {
            return;
        }

        List<SignedRun> runs = [];
        var heard = World.Invariants.Ledgers.Select(ledger => ledger.Id).Where(id => !World.Invariants.Membership.IsDirect(id) && !Home.Has(id)).ToList();
        for (var i = IsOn() ? 1 : Draw(2, 60); i > 0; i--)
        {
            _invitations++;
            var group = Draw(0, 7) switch
            {
                < 2 when heard.Count > 0 => heard[(int)Draw(0, heard.Count - 1)],
                2 when DirectOf(victim) is { } others => others,
                _ => new ConversationId(AnyId().Value),
            };
            var body = new GroupInvitationBody
            {
                Group = ByteString.CopyFrom(group.ToArray()),
                ControlKey = ByteString.CopyFrom(Bytes(Bytes32.Size)),
                Name = "squatted",
                Grant = ByteString.CopyFrom(AnyId().ToArray()),
            };
            body.Epochs.AddRange(EpochsOf(group));
            runs.Add(writer.Sign(writer.Write(writer.Draft(EntryKind.GroupInvitation), body)));
        }

        Give(machine, victim, writer, [.. runs]);
    }

    /// <summary>The direct conversation of two others, of whom it knows one; its id says nothing but who they are.</summary>
    private ConversationId? DirectOf(int victim) =>
        Victim(butNot: victim) is { } other ? World.Nodes[victim].Process.Home.DirectWith(World.Nodes[other].Self.Id) : null;

    /// <summary>Secrets that are none, of the epochs that a group has.</summary>
    private IEnumerable<EpochSecretBody> EpochsOf(ConversationId group) =>
        World.Invariants.LedgerOf(group)?.Entries.Where(entry => entry.Entry.Kind == EntryKind.Epoch).Select(entry => new EpochSecretBody
        {
            Epoch = ByteString.CopyFrom(entry.Entry.Id.ToArray()),
            Secret = ByteString.CopyFrom(Bytes(Bytes32.Size)),
        }) ?? [];

    private int? AnyContact()
    {
        var contacts = Home.Reader.Contacts();
        return contacts.Count == 0 ? null
            : World.Nodes.FirstOrDefault(node => node.Self.Id == contacts[(int)Draw(0, contacts.Count - 1)].Id)?.Index;
    }
}
