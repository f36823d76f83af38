using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Simulation.Invariants;
using HiNet.Crdt.Simulation.Kernel;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Meaning;

/// <summary>
/// A node lists the conversations that its person opened, was invited to, or that something was said in, the most recently active
/// first; and as contacts those with whom an invite was exchanged, by the right name, in order of names, with how far it has come.
/// Whoever accepted an invite has the other one listed from then on.
/// </summary>
internal sealed class ListsMeant(InvariantChecker checker) : Invariant(checker)
{
    /// <summary>An answer may wait for a stalled disk, and for a machine that sleeps.</summary>
    private static readonly TimeSpan s_inviteSlack = TimeSpan.FromHours(1);

    private readonly ContactJudge _contacts = new(checker);

    public override string Id => "lists-meant";

    /// <summary>What the last minutes of a run still have to bring, in words.</summary>
    public string? Owed() => _contacts.Owed();

    /// <summary>An answer is about what was asked: the invite is its giver's, the contact its issuer, the conversation theirs.</summary>
    public override void Completed(NodeProcess process, NodeCommand command, NodeResult result)
    {
        if (process.Home is not EngineHome)
        {
            return;
        }

        switch (command, result)
        {
            case (NodeCommand.CreateInvite create, NodeResult.Invited invited) when !IsMeant(process, create, invited.Invite):
                Fail($"node {process.Index} handed out an invite of somebody else, to another place or for another time");
                break;
            case (NodeCommand.AddContact add, NodeResult.Added { Contact: var contact })
                when !Invite.TryParse(add.Invite, out var invite, out _) || invite!.Card.Identity != contact.Id || !IsNamed(process, contact):
                Fail($"node {process.Index} answered an invite with {contact}, whom nobody called so or whose it is not");
                break;
            case (NodeCommand.OpenDirect open, NodeResult.Opened opened) when process.Home.DirectWith(open.Contact) != opened.Conversation:
                Fail($"node {process.Index} opened {opened.Conversation}, which is not the conversation with {open.Contact}");
                break;
        }
    }

    /// <summary>One node's lists, drawn.</summary>
    public override void Looked()
    {
        var count = Checker.Processes.Count;
        if (count > 0)
        {
            var process = Checker.Processes[(int)Checker.World.Random.Below(DrawStream.Looks, 1, (ulong)Checker.World.Scheduler.Now.Microseconds, count)];
            if (Checker.IsReliable(process))
            {
                Look(process);
            }
        }
    }

    public override void Quiet()
    {
        foreach (var process in Checker.Processes.Where(Checker.IsReliable))
        {
            Look(process);
        }
    }

    private void Look(NodeProcess process)
    {
        if (process.Home is EngineHome)
        {
            var node = Checker.World.Nodes[process.Index];
            CompareConversations(process, node.Conversations);
            CompareContacts(process, node.Contacts);
        }
    }

    private void CompareConversations(NodeProcess process, IReadOnlyList<IConversation> listed)
    {
        var ids = listed.Select(conversation => conversation.Id).ToList();
        if (ids.Distinct().Count() != ids.Count)
        {
            Fail($"node {process.Index} lists a conversation twice");
        }

        (ulong Time, ConversationId Id)? before = null;
        foreach (var conversation in ids)
        {
            var ledger = Checker.LedgerOf(conversation);
            var isMeant = IsGroup(conversation, ledger) || Checker.Intents.People.MayHaveOpened(process.Index, conversation) || LastIn(ledger, process) > 0
                || IsUntoldGroup(process, conversation, ledger);
            if (!isMeant)
            {
                Fail($"node {process.Index} lists {conversation}, which its person has not opened and in which nothing was said");
            }

            (ulong Time, ConversationId Id) place = (LastIn(ledger, process), conversation);
            if (before is { } earlier && (earlier.Time < place.Time || (earlier.Time == place.Time && earlier.Id.CompareTo(place.Id) > 0)))
            {
                Fail($"node {process.Index} lists {conversation} behind {earlier.Id}, which was active earlier");
            }

            before = place;
        }

        foreach (var conversation in Checker.Intents.People.OpenedBy(process.Index))
        {
            Require(process, ids, conversation);
        }

        foreach (var ledger in Checker.Ledgers)
        {
            if (ledger.Held(process.Index) > 0 && (IsGroup(ledger.Id, ledger) || LastIn(ledger, process) > 0))
            {
                Require(process, ids, ledger.Id);
            }
        }
    }

    private void Require(NodeProcess process, List<ConversationId> listed, ConversationId conversation)
    {
        if (!listed.Contains(conversation))
        {
            Fail($"node {process.Index} does not list {conversation}, which its person opened or in which something was said");
        }
    }

    private void CompareContacts(NodeProcess process, IReadOnlyList<Contact> listed)
    {
        var people = Checker.Intents.People;
        Contact? before = null;
        foreach (var contact in listed)
        {
            if (before is not null && Compare(before, contact) >= 0)
            {
                Fail($"node {process.Index} lists {contact.Name} behind {before.Name}, which is not the order of names");
            }

            before = contact;
            if (_contacts.Problem(process, contact) is { } problem)
            {
                Fail($"node {process.Index} shows its contact {contact.Name} {problem}");
            }

            if (!people.MayKnow(process.Index, contact.Id))
            {
                Fail($"node {process.Index} lists {contact.Name} as a contact, whom its person never asked to know");
            }

            if (process.Home.DirectWith(contact.Id) is { } direct && process.Home.Reader.Has(direct) && process.Home.Reader.Kind(direct) == ConversationKind.Group)
            {
                Fail($"node {process.Index} keeps a group under the id of the conversation with its contact {contact.Name}");
            }

            if (!IsNamed(process, contact))
            {
                Fail($"node {process.Index} calls its contact {contact.Id} \"{contact.Name}\" and \"{contact.OwnName}\", which nobody called them");
            }
        }

        foreach (var (node, person) in people.Accepted)
        {
            if (node == process.Index && listed.Count(contact => contact.Id == person) != 1)
            {
                Fail($"node {process.Index} does not list {people.NameFor(node, person)} once as a contact, whose invite it accepted");
            }
        }
    }

    private bool IsNamed(NodeProcess process, Contact contact) =>
        Checker.Intents.People.IsName(process.Index, contact.Id, contact.Name) && contact.OwnName == Checker.Intents.People.NodeOf(contact.Id)?.Home.Self.Name;

    private static bool IsMeant(NodeProcess process, NodeCommand.CreateInvite asked, string text) =>
        Invite.TryParse(text, out var invite, out _)
        && invite!.Card.Identity == process.Home.Self.Id
        && (asked.AddressHints.Count == 0 || invite.Addresses.SequenceEqual(asked.AddressHints.Take(Invite.MaxAddresses)))
        && (process.HasBeenStepped
            || Math.Abs(process.WallClock + Limits.InviteLifetime.TotalMilliseconds - invite.ExpiresUnixMilliseconds) < s_inviteSlack.TotalMilliseconds);

    /// <summary>By name without regard to case, then by identity.</summary>
    private static int Compare(Contact left, Contact right) =>
        string.Compare(left.Name, right.Name, StringComparison.OrdinalIgnoreCase) is var order and not 0 ? order : left.Id.CompareTo(right.Id);

    private bool IsGroup(ConversationId conversation, ConversationLedger? ledger) =>
        Checker.Intents.Of(new EntryId(conversation.Value)) is Intent.Found || (ledger is not null && ExpectedConversation.IsGroup(Checker.Intents, ledger));

    // An adversary's engine may die before it answers, and its disk says nothing: what is known is the invitation that it wrote.
    private bool IsUntoldGroup(NodeProcess process, ConversationId conversation, ConversationLedger? ledger) =>
        Checker.HasAdversaries && (ledger is null || Checker.Intents.People.OtherIn(process.Index, conversation) is not null) && process.Home.Reader.Kind(conversation) == ConversationKind.Group;

    private static ulong LastIn(ConversationLedger? ledger, NodeProcess process)
    {
        var last = 0UL;
        foreach (var entry in ledger?.Entries ?? [])
        {
            if (entry.Entry.IsMessage && entry.Entry.Time > last && entry.HeldBy.Contains(process.Index))
            {
                last = entry.Entry.Time;
            }
        }

        return last;
    }
}
