using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Simulation.Invariants;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Meaning;

/// <summary>
/// A conversation has the kind and the name that it was given, and the members that were named, added and have not left, with their
/// roles and names; a list shows the same of it, its newest message, and how many of others' its reader has not marked.
/// </summary>
internal sealed class MembersMeant(InvariantChecker checker) : Invariant(checker)
{
    /// <summary>The engine counts unread messages among so many of the newest.</summary>
    private const int UnreadBound = 1_000;

    /// <summary>What there was to be seen when a node was last looked at: while it stays so, it would show the same again.</summary>
    private readonly Dictionary<(int Node, ConversationId Conversation), (long Disk, long Intents)> _looked = [];

    public override string Id => "members-meant";

    public override void Looked()
    {
        foreach (var ledger in Checker.Ledgers)
        {
            if (Checker.Expectations.Reader(ledger) is { } process && IsNew(process, ledger.Id))
            {
                Look(process, ledger, isEnd: false);
            }
        }
    }

    private bool IsNew(NodeProcess process, ConversationId conversation)
    {
        var now = (process.Disk.Version, Checker.Intents.Version);
        var isNew = !_looked.TryGetValue((process.Index, conversation), out var last) || last != now;
        _looked[(process.Index, conversation)] = now;
        return isNew;
    }

    public override void Quiet()
    {
        foreach (var ledger in Checker.Ledgers)
        {
            foreach (var process in Checker.Expectations.Readers(ledger))
            {
                Look(process, ledger, Checker.Expectations.IsEnd(process, ledger));
            }
        }
    }

    private void Look(NodeProcess process, ConversationLedger ledger, bool isEnd)
    {
        var expected = Checker.Expectations.Of(ledger, process.Index);
        var conversation = Checker.World.Nodes[process.Index].Conversation(ledger.Id);
        var summary = conversation.Summarize();
        var kind = ExpectedConversation.IsGroup(Checker.Intents, ledger) ? ConversationKind.Group : ConversationKind.Direct;
        if (conversation.Kind != kind || summary.Kind != kind || summary.Id != ledger.Id)
        {
            Fail($"node {process.Index} shows {ledger.Id} as {conversation.Kind} and {summary.Kind} of {summary.Id} instead of {kind}");
        }

        CompareName(process, ledger, conversation.Name);
        CompareName(process, ledger, summary.Name);
        if (!expected.AreMembersVague)
        {
            CompareMembers(process, ledger, expected, conversation.Members);
            CompareMembers(process, ledger, expected, summary.Members);
        }

        CompareUnread(process, ledger, expected, summary.Unread);
        var last = expected.Messages.Count > 0 ? expected.Messages[^1] : null;
        if (summary.Last?.Id != last?.Id)
        {
            Fail($"node {process.Index} lists {ledger.Id} with message {summary.Last?.Id.ToString() ?? "none"} as its last one instead of {last?.Id.ToString() ?? "none"}");
        }

        if (summary.Last is { } shown && new MessageJudge(Checker, process, expected, isEnd).Problem(shown, last!) is { } problem)
        {
            Fail($"node {process.Index} lists {ledger.Id} with its last message {shown.Id} {problem}");
        }
    }

    private void CompareName(NodeProcess process, ConversationLedger ledger, string shown)
    {
        var people = Checker.Intents.People;
        var isRight = Checker.Intents.Of(new EntryId(ledger.Id.Value)) is Intent.Found found ? shown == found.Name
            : people.OtherIn(process.Index, ledger.Id) is not { } other || people.IsName(process.Index, other, shown);
        if (!isRight)
        {
            Fail($"node {process.Index} calls {ledger.Id} \"{shown}\", which nobody called it");
        }
    }

    private void CompareMembers(NodeProcess process, ConversationLedger ledger, ExpectedConversation expected, IReadOnlyList<Member> shown)
    {
        if (shown.Count != expected.Members.Count)
        {
            Fail($"node {process.Index} shows {shown.Count} members of {ledger.Id} instead of {expected.Members.Count}");
        }

        for (var i = 0; i < shown.Count; i++)
        {
            var (member, meant) = (shown[i], expected.Members[i]);
            if (member.Person.Id != meant.Person || member.Role != meant.Role || member.IsTentative
                || member.Since != new HybridTimestamp(meant.Since).ToDateTime()
                || !Checker.Intents.People.IsName(process.Index, meant.Person, member.Person.Name))
            {
                Fail($"node {process.Index} shows {member.Person} as {member.Role} of {ledger.Id} since {member.Since:O} in place {i + 1}, where {Checker.Intents.People.NameFor(process.Index, meant.Person)} is {meant.Role} since {new HybridTimestamp(meant.Since).ToDateTime():O}");
            }
        }
    }

    private void CompareUnread(NodeProcess process, ConversationLedger ledger, ExpectedConversation expected, int shown)
    {
        var self = process.Home.Self.Id;
        if (expected.IsReaderVague(self))
        {
            return;
        }

        var unread = 0;
        foreach (var message in expected.Messages.Skip(expected.Messages.Count - UnreadBound))
        {
            unread += message.Author != self && !expected.HasRead(self, message) ? 1 : 0;
        }

        if (shown != unread)
        {
            Fail($"node {process.Index} shows {shown} unread messages of {ledger.Id} instead of {unread}");
        }
    }
}
