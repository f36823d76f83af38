using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Simulation.Invariants;

namespace HiNet.Crdt.Simulation.Meaning;

/// <summary>
/// What a conversation says to whoever holds a set of its entries. Computed from intents alone, plainly and anew each time: nothing
/// here knows how a node stores anything.
/// </summary>
internal sealed class ExpectedConversation
{
    private readonly Dictionary<EntryId, ExpectedMessage> _byId = [];
    private readonly SortedDictionary<IdentityId, List<LedgerEntry>> _reads = [];
    private readonly SortedSet<IdentityId> _vagueReaders = [];
    private readonly IntentLog _intents;
    private readonly ConversationLedger _ledger;

    private ExpectedConversation(InvariantChecker checker, ConversationLedger ledger, int node)
    {
        _intents = checker.Intents;
        _ledger = ledger;
        var people = new ExpectedMembers(ledger);
        var held = ledger.Entries.Where(entry => entry.HeldBy.Contains(node)).ToList();
        if (!IsGroup(checker.Intents, ledger) && _intents.People.OtherIn(node, ledger.Id) is { } other)
        {
            people.Begin(checker.World.Nodes[node].Self.Id);
            people.Begin(other);
        }

        List<ExpectedMessage> messages = [];
        foreach (var entry in held.Where(entry => entry.Entry.IsMessage))
        {
            var message = new ExpectedMessage(entry, checker.AuthorOf(entry), _intents.Of(entry.Entry.Id) as Intent.Say);
            messages.Add(message);
            _byId.Add(message.Id, message);
        }

        messages.Sort(static (left, right) => left.Entry.CompareTo(right.Entry));
        Messages = messages;
        foreach (var entry in held)
        {
            Take(entry, checker.AuthorOf(entry), people);
        }

        HasConcurrentGrants = people.HasConcurrentGrants;
        Members = people.Fold();
    }

    /// <summary>In conversation order.</summary>
    public IReadOnlyList<ExpectedMessage> Messages { get; }

    /// <summary>The oldest first.</summary>
    public IReadOnlyList<ExpectedMember> Members { get; }

    /// <summary>Some entry about members has no known meaning yet.</summary>
    public bool AreMembersVague { get; private set; }

    public bool HasConcurrentGrants { get; }

    public static ExpectedConversation Of(InvariantChecker checker, ConversationLedger ledger, int node) => new(checker, ledger, node);

    public static bool IsGroup(IntentLog intents, ConversationLedger ledger) =>
        ledger.Entries is [{ Entry.Kind: EntryKind.Genesis }, ..] || intents.Of(new EntryId(ledger.Id.Value)) is Intent.Found;

    public ExpectedMessage? Find(EntryId message) => _byId.GetValueOrDefault(message);

    /// <summary>Whether someone has marked this message, or one behind it, as read.</summary>
    public bool HasRead(IdentityId person, ExpectedMessage message) =>
        LastRead(person) is { } mark && message.Entry.CompareTo(mark) <= 0;

    /// <summary>The last message in conversation order that someone has marked as read.</summary>
    public LedgerEntry? LastRead(IdentityId person)
    {
        LedgerEntry? last = null;
        foreach (var mark in _reads.GetValueOrDefault(person) ?? [])
        {
            last = last is null || last.CompareTo(mark) < 0 ? mark : last;
        }

        return last;
    }

    /// <summary>Whether someone has written a receipt of which it is not known yet what it says.</summary>
    public bool IsReaderVague(IdentityId person) => _vagueReaders.Contains(person);

    private void Take(LedgerEntry entry, IdentityId author, ExpectedMembers people)
    {
        var applied = entry.Entry;
        switch (_intents.Of(applied.Id))
        {
            case Intent.Edit edit when Find(edit.Target) is { } message && message.Author == author:
                message.Edit(entry, edit.Text);
                break;
            case Intent.Delete delete:
                foreach (var target in delete.Targets)
                {
                    if (Find(target) is { } message && message.Author == author)
                    {
                        message.Delete();
                    }
                }

                break;
            case Intent.React react when Find(react.Target) is { } message && react.Emoji.Length > 0:
                message.React(entry, author, react.Emoji, react.Remove);
                break;
            case Intent.ReadUpTo read when _ledger.Find(read.Target) is { } upTo:
                if (!_reads.TryGetValue(author, out var marks))
                {
                    _reads.Add(author, marks = []);
                }

                marks.Add(upTo);
                break;
            case Intent.Found found:
                people.Grant(entry, author, Role.Owner);
                foreach (var member in found.Members)
                {
                    people.Grant(entry, member, Role.Member);
                }

                break;
            case Intent.Grant grant:
                people.Grant(entry, grant.Person, grant.Role);
                break;
            case null:
                Doubt(applied.Kind, author);
                break;
        }
    }

    // What it says will be known when the command is answered, or its node starts again.
    private void Doubt(uint kind, IdentityId author)
    {
        switch (kind)
        {
            case EntryKind.Edit or EntryKind.Delete:
                foreach (var message in Messages.Where(message => message.Author == author))
                {
                    message.Doubt();
                }

                break;
            case EntryKind.Reaction:
                foreach (var message in Messages)
                {
                    message.Doubt();
                }

                break;
            case EntryKind.Receipt:
                _vagueReaders.Add(author);
                break;
            case EntryKind.SetRole or EntryKind.Genesis:
                AreMembersVague = true;
                break;
        }
    }
}
