using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>
/// Who may write and who must hold what, from what was asked of the nodes and from nothing that they answer but ids. A command
/// whose node died before the answer may have happened or not: it widens who may, and narrows who must. Someone can leave and be
/// added again: what counts is the lowest of the last changes to them, last by the causal past, so that leaving beats being added
/// at the same time.
/// </summary>
internal sealed class MembershipModel(Func<ConversationId, ConversationLedger?> ledgerOf, Func<IdentityId, int?> nodeOf)
{
    private readonly SortedDictionary<ConversationId, SortedSet<IdentityId>> _may = [];
    private readonly SortedDictionary<ConversationId, SortedSet<IdentityId>> _must = [];
    private readonly SortedDictionary<ConversationId, MembershipHistory> _histories = [];
    private readonly SortedSet<ConversationId> _direct = [];
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
                HistoryOf(add.Conversation)?.Began();
                break;
            case NodeCommand.Leave leave:
                HistoryOf(leave.Conversation)?.BeganToLeave(process.Home.Self.Id);
                break;
        }
    }

    public void Completed(NodeProcess process, NodeCommand command, NodeResult result)
    {
        switch (command, result)
        {
            case (NodeCommand.CreateGroup create, NodeResult.Opened opened):
                _histories[opened.Conversation] = new MembershipHistory(
                    process.Home.Self.Id, create.Members, process.IsHonest, () => ledgerOf(opened.Conversation), nodeOf);
                Of(_may, opened.Conversation).UnionWith([process.Home.Self.Id, .. create.Members]);
                break;
            case (NodeCommand.OpenDirect open, NodeResult.Opened opened):
                KnowDirect(opened.Conversation, process, open.Contact);
                break;
            case (NodeCommand.AddContact, NodeResult.Added added) when process.Home.DirectWith(added.Contact.Id) is { } direct:
                KnowDirect(direct, process, added.Contact.Id);
                break;
            case (NodeCommand.AddMember add, NodeResult.Written or NodeResult.Done or NodeResult.Refused):
                HistoryOf(add.Conversation)?.Added(add.Member, result, process.IsHonest);
                break;
            case (NodeCommand.Leave leave, NodeResult.Written or NodeResult.Done or NodeResult.Refused):
                HistoryOf(leave.Conversation)?.Left(process.Home.Self.Id, result);
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
        HistoryOf(conversation) is { } history
            ? history.IsMember(person) && !history.MayBeLeaving(person)
            : _must.TryGetValue(conversation, out var members) && members.Contains(person);

    /// <summary>Whether a conversation is one of two people.</summary>
    public bool IsDirect(ConversationId conversation) => _direct.Contains(conversation);

    /// <summary>How a group's members changed; null for what is no group, or one whose creation was not answered.</summary>
    public MembershipHistory? HistoryOf(ConversationId conversation) => _histories.GetValueOrDefault(conversation);

    /// <summary>Declares the members of a conversation that no command made.</summary>
    public void Everyone(ConversationId conversation, IEnumerable<IdentityId> members) => Know(conversation, [.. members]);

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

    private void KnowDirect(ConversationId conversation, NodeProcess process, IdentityId other)
    {
        _direct.Add(conversation);
        Know(conversation, [process.Home.Self.Id, other]);
    }

    private void Know(ConversationId conversation, IReadOnlyList<IdentityId> members)
    {
        Of(_may, conversation).UnionWith(members);
        Of(_must, conversation).UnionWith(members);
    }
}
