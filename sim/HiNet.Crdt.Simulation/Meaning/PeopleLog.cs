using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Simulation.Invariants;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Meaning;

/// <summary>Who asked to know whom, by what name, and who opened a conversation with whom.</summary>
internal sealed class PeopleLog(InvariantChecker checker)
{
    private readonly SortedDictionary<IdentityId, NodeProcess> _nodes = [];
    private readonly SortedDictionary<(int Node, IdentityId Person), List<string>> _names = [];
    // By person: a copy of a home acts for the same one.
    private readonly SortedSet<(IdentityId Person, IdentityId Other)> _may = [];
    private readonly SortedSet<(int Node, IdentityId Person)> _must = [];
    private readonly SortedSet<(int Node, ConversationId Conversation)> _mayOpen = [];
    private readonly SortedSet<(int Node, ConversationId Conversation)> _mustOpen = [];
    private readonly Dictionary<(int Node, ConversationId Conversation), IdentityId?> _others = [];

    public InviteLog Invites { get; } = new();

    /// <summary>Whom a node has accepted an invite of: it must list them from then on.</summary>
    public IEnumerable<(int Node, IdentityId Person)> Accepted => _must;

    public void Added(NodeProcess process) => _nodes[process.Home.Self.Id] = process;

    public NodeProcess? NodeOf(IdentityId person) => _nodes.GetValueOrDefault(person);

    /// <summary>Whether two people may be each other's contacts: one has asked for it.</summary>
    public bool MayKnow(int node, IdentityId person) => _may.Contains((checker.World.Nodes[node].Process.Home.Self.Id, person));

    public bool MustKnow(int node, IdentityId person) => _must.Contains((node, person));

    /// <summary>Whether this node's person has asked for the direct conversation, answered or not.</summary>
    public bool MayHaveOpened(int node, ConversationId conversation) => _mayOpen.Contains((node, conversation));

    public bool HasOpened(int node, ConversationId conversation) => _mustOpen.Contains((node, conversation));

    public IEnumerable<ConversationId> OpenedBy(int node) => _mustOpen.Where(opened => opened.Node == node).Select(opened => opened.Conversation);

    public void Submitted(NodeProcess process, NodeCommand command)
    {
        switch (command)
        {
            case NodeCommand.AddContact add when Invite.TryParse(add.Invite, out var invite, out _):
                var other = invite!.Card.Identity;
                Invites.Brought(process, add.Invite, other);
                _may.Add((process.Home.Self.Id, other));
                _may.Add((other, process.Home.Self.Id));

                if (add.Name is { Length: > 0 } name)
                {
                    NamesOf(process.Index, other).Add(name);
                }

                break;
            case NodeCommand.OpenDirect open when process.Home.DirectWith(open.Contact) is { } direct:
                _mayOpen.Add((process.Index, direct));
                break;
        }
    }

    public void Completed(NodeProcess process, NodeCommand command, NodeResult result)
    {
        switch (command, result)
        {
            case (NodeCommand.CreateInvite create, NodeResult.Invited invited):
                Invites.Issued(invited.Invite, create.Uses);
                break;
            case (NodeCommand.AddContact add, NodeResult.Added added):
                _must.Add((process.Index, added.Contact.Id));
                if (add.Name is { Length: > 0 } name)
                {
                    var names = NamesOf(process.Index, added.Contact.Id);
                    names.Clear();
                    names.Add(name);
                }

                break;
            case (NodeCommand.OpenDirect, NodeResult.Opened opened):
                _mustOpen.Add((process.Index, opened.Conversation));
                break;
        }
    }

    /// <summary>Whether a node may show someone by this name: the reader's own name for them, else their own.</summary>
    public bool IsName(int node, IdentityId person, string name)
    {
        var own = NodeOf(person)?.Home.Self.Name;
        return _names.TryGetValue((node, person), out var names) ? names.Contains(name) || (own == name && !MustKnow(node, person)) : own == name;
    }

    /// <summary>The name that a node shows for someone.</summary>
    public string NameFor(int node, IdentityId person) =>
        _names.TryGetValue((node, person), out var names) && names.Count > 0 ? names[^1] : NodeOf(person)?.Home.Self.Name ?? string.Empty;

    /// <summary>The other person of a direct conversation, oneself for a note to self; null for what is no direct conversation of this node.</summary>
    public IdentityId? OtherIn(int node, ConversationId conversation)
    {
        if (!_others.TryGetValue((node, conversation), out var other))
        {
            var home = checker.World.Nodes[node].Process.Home;
            other = null;
            foreach (var person in _nodes.Keys)
            {
                other ??= home.DirectWith(person) == conversation ? person : null;
            }

            _others.Add((node, conversation), other);
        }

        return other;
    }

    private List<string> NamesOf(int node, IdentityId person)
    {
        if (!_names.TryGetValue((node, person), out var names))
        {
            _names.Add((node, person), names = []);
        }

        return names;
    }
}
