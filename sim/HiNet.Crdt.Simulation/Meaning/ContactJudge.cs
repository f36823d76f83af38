using HiNet.Crdt.Simulation.Invariants;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Meaning;

/// <summary>
/// Judges how far it is said to have come between two people. Met is who knows the other, too. Whose invite was not answered
/// has been asked for; whose invite was used up gave it to fewer than came; and none runs out while no clock was weeks ahead.
/// </summary>
internal sealed class ContactJudge(InvariantChecker checker)
{
    private readonly HashSet<(int Node, IdentityId Person)> _met = [];

    private PeopleLog People => checker.Intents.People;

    private bool HasFarClock => checker.World.Nodes.Any(node => node.Process.HasBeenFarAhead);

    /// <summary>What is wrong with a contact's status at any moment, to follow "shows X"; null when nothing is.</summary>
    public string? Problem(NodeProcess process, Contact contact)
    {
        var other = People.NodeOf(contact.Id);
        var isKnown = other is not null && checker.IsReliable(other) && checker.IsReliable(process);
        return contact.Status switch
        {
            ContactStatus.Met => isKnown && StatusAt(other!, process.Home.Self.Id) is null ? "as met, whose node does not know them" : null,
            _ when !People.Invites.HasBrought(process.Index, contact.Id) => $"as {contact.Status}, of whom they accepted no invite",
            ContactStatus.InviteUsed => isKnown && !HasFarClock && !People.Invites.MayBeUsedUp(process.Index, contact.Id)
                ? "as one whose invite was used up, which was made for all who came"
                : null,
            ContactStatus.InviteExpired => HasFarClock ? null : "as one whose invite ran out, which is good for weeks",
            _ => null,
        };
    }

    /// <summary>
    /// Who accepted an invite and does not show what became of it although the two are linked, in words; null for nobody. Whoever knows
    /// each other has met.
    /// </summary>
    public string? Owed()
    {
        foreach (var (node, person) in People.Accepted)
        {
            if (_met.Contains((node, person)))
            {
                continue;
            }

            var (process, other) = (checker.World.Nodes[node].Process, People.NodeOf(person));
            if (other is null || !AreLinked(process, other) || StatusAt(process, person) is not { } status)
            {
                continue;
            }

            if (status == ContactStatus.Met)
            {
                _met.Add((node, person));
            }
            else if (StatusAt(other, process.Home.Self.Id) is not null || (status == ContactStatus.Waiting && !HasFarClock))
            {
                return $"node {node} showed its contact node {other.Index} as {status}, who was linked with it";
            }
        }

        return null;
    }

    private bool AreLinked(NodeProcess one, NodeProcess other) =>
        IsAsked(one) && IsAsked(other) && one.Peers.Contains(other.Home.Node) && other.Peers.Contains(one.Home.Node);

    private bool IsAsked(NodeProcess process) => process is { IsUp: true, IsPaused: false, Home: EngineHome } && checker.IsReliable(process);

    /// <summary>What a node's disk says of a contact; null when it does not have them.</summary>
    private static ContactStatus? StatusAt(NodeProcess process, IdentityId person) =>
        (process.Home as EngineHome)?.StatusOf(person);
}
