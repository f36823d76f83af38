using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>
/// Who may write and who must hold what, from what was asked of the nodes and from nothing that they answer but ids. A command
/// whose node died before the answer may have happened or not: it widens who may, and narrows who must.
/// </summary>
internal sealed class MembershipModel
{
    private readonly SortedDictionary<ConversationId, SortedSet<IdentityId>> _may = [];
    private readonly SortedDictionary<ConversationId, SortedSet<IdentityId>> _must = [];
    private readonly Dictionary<int, SortedSet<IdentityId>> _intended = [];

    public void Submitted(NodeProcess process, NodeCommand command)
    {
        switch (command)
        {
            case NodeCommand.CreateGroup create:
                Intended(process).UnionWith(create.Members);
                break;
            case NodeCommand.OpenDirect open:
                Intended(process).Add(open.Contact);
                break;
            case NodeCommand.AddMember add:
                Of(_may, add.Conversation).Add(add.Member);
                Intended(process).Add(add.Member);
                break;
            case NodeCommand.Leave leave:
                Of(_must, leave.Conversation).Remove(process.Home.Self.Id);
                break;
        }
    }

    public void Completed(NodeProcess process, NodeCommand command, NodeResult result)
    {
        switch (command, result)
        {
            case (NodeCommand.CreateGroup create, NodeResult.Opened opened):
                Know(opened.Conversation, [process.Home.Self.Id, .. create.Members]);
                break;
            case (NodeCommand.OpenDirect open, NodeResult.Opened opened):
                Know(opened.Conversation, [process.Home.Self.Id, open.Contact]);
                break;
            case (NodeCommand.AddContact, NodeResult.Added added) when process.Home.DirectWith(added.Contact.Id) is { } direct:
                Know(direct, [process.Home.Self.Id, added.Contact.Id]);
                break;
            case (NodeCommand.AddMember add, NodeResult.Written or NodeResult.Done):
                Of(_must, add.Conversation).Add(add.Member);
                break;
        }
    }

    /// <summary>Whether this person's entries may be applied; <paramref name="creator"/> is the node that wrote the first one.</summary>
    public bool May(ConversationId conversation, IdentityId person, NodeProcess? creator) =>
        (_may.TryGetValue(conversation, out var members) && members.Contains(person))
        || creator is null
        || creator.Home.Self.Id == person
        || (_intended.TryGetValue(creator.Index, out var intended) && intended.Contains(person));

    /// <summary>Whether this person's node must come to hold the conversation.</summary>
    public bool Must(ConversationId conversation, IdentityId person) =>
        _must.TryGetValue(conversation, out var members) && members.Contains(person);

    private static SortedSet<IdentityId> Of(SortedDictionary<ConversationId, SortedSet<IdentityId>> sets, ConversationId conversation)
    {
        if (!sets.TryGetValue(conversation, out var set))
        {
            sets.Add(conversation, set = []);
        }

        return set;
    }

    private SortedSet<IdentityId> Intended(NodeProcess process)
    {
        if (!_intended.TryGetValue(process.Index, out var set))
        {
            _intended.Add(process.Index, set = []);
        }

        return set;
    }

    /// <summary>Declares the members of a conversation that no command made.</summary>
    public void Everyone(ConversationId conversation, IEnumerable<IdentityId> members) => Know(conversation, [.. members]);

    private void Know(ConversationId conversation, IReadOnlyList<IdentityId> members)
    {
        Of(_may, conversation).UnionWith(members);
        Of(_must, conversation).UnionWith(members);
    }
}
