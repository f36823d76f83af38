using Google.Protobuf;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Adversaries;

/// <summary>
/// Invites its contacts to groups that are none, and, with a key that opens nothing, to groups of which it has heard the id. The engine
/// survives because an invitation is somebody's word until the group's first entry has come, which the right key opens, and because of
/// one contact only so many wait, or are joined while nothing of them comes. A group that its own person is in is left alone: whoever
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
            var group = heard.Count > 0 && Draw(0, 3) == 0 ? heard[(int)Draw(0, heard.Count - 1)] : new ConversationId(AnyId().Value);
            runs.Add(writer.Sign(writer.Write(writer.Draft(EntryKind.GroupInvitation), new GroupInvitationBody
            {
                Group = ByteString.CopyFrom(group.ToArray()),
                ControlKey = ByteString.CopyFrom(Bytes(Bytes32.Size)),
                Name = "squatted",
                Grant = ByteString.CopyFrom(AnyId().ToArray()),
            })));
        }

        Give(machine, victim, writer, [.. runs]);
    }

    private int? AnyContact()
    {
        var contacts = Home.Reader.Contacts();
        return contacts.Count == 0 ? null
            : World.Nodes.FirstOrDefault(node => node.Self.Id == contacts[(int)Draw(0, contacts.Count - 1)].Id)?.Index;
    }
}
