using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>Who has to hold what: which conversations a node must come to hold, what of them it still lacks, and how long that may take.</summary>
internal sealed class Custody(InvariantChecker checker)
{
    private const long FarAhead = 3_600_000;

    /// <summary>Those whose invite a node has given up, and whose node that was.</summary>
    private readonly SortedSet<IdentityId> _lapsed = [];

    /// <summary>How many invitations of a device have come to a node.</summary>
    private readonly SortedDictionary<(int Node, DeviceId By), int> _invitations = [];

    /// <summary>
    /// The first entry that a member's node does not hold yet, in words. A home that was put back is not waited for: it may lack its own
    /// device's other future for as long as nobody names that in their past.
    /// </summary>
    public string? Missing()
    {
        foreach (var ledger in checker.Ledgers)
        {
            foreach (var process in checker.Processes)
            {
                var held = ledger.Held(process.Index);
                if (held < ledger.Entries.Count && process.IsUp && checker.IsReliable(process) && MustHold(process, ledger.Id)
                    && !((held == 0 || HasLeft(process, ledger.Id)) && IsKeptWaiting(process)) && IsOwedMore(process, ledger))
                {
                    return $"node {process.Index} had {held} of the {ledger.Entries.Count} entries of {ledger.Id}";
                }
            }
        }

        return checker.Ledgers.SelectMany(ledger => ledger.Unsaid).Select(Unsaid).FirstOrDefault(unsaid => unsaid is not null);
    }

    /// <summary>A member who lacks the body of an entry that another one has, in words: whoever is linked with somebody who has it gets it.</summary>
    private string? Unsaid(LedgerEntry entry)
    {
        foreach (var process in checker.Processes)
        {
            if (entry.IsUnsaidTo(process.Index) && process.IsUp && checker.IsReliable(process) && MustHold(process, entry.Entry.Conversation)
                && checker.Processes.FirstOrDefault(other => other.IsUp && checker.IsReliable(other) && entry.CanBeSaidBy(other.Index) && MustHold(other, entry.Entry.Conversation)) is { } other)
            {
                return $"node {process.Index} lacked the body of {entry.Entry.Id}, which node {other.Index} has";
            }
        }

        return null;
    }

    /// <summary>Whether to its own knowledge a node's person is no member: until an invitation has come it takes nothing.</summary>
    private static bool HasLeft(NodeProcess process, ConversationId conversation) =>
        process.Home.Reader.Has(conversation) && process.Home.Reader.Members(conversation).All(member => member.Person.Id != process.Home.Self.Id);

    private static bool KnowsAsMember(NodeProcess process, ConversationId conversation, IdentityId person) =>
        process.Home.Reader.Has(conversation) && process.Home.Reader.Members(conversation).Any(member => member.Person.Id == person);

    /// <summary>Whether something is too far ahead for someone to be waited for: an invitation may be among it.</summary>
    public bool IsKeptWaiting(NodeProcess process) =>
        checker.Ledgers.Any(ledger => ledger.Entries.Any(entry => !entry.HeldBy.Contains(process.Index) && IsFarAhead(process, entry)));

    /// <summary>How long someone has to wait until the last entry is due that is not too far ahead to be waited for.</summary>
    public TimeSpan LongestWait()
    {
        var wait = 0L;
        foreach (var ledger in checker.Ledgers)
        {
            foreach (var process in checker.Processes)
            {
                foreach (var entry in ledger.Held(process.Index) < ledger.Entries.Count ? ledger.Entries : [])
                {
                    if (!entry.HeldBy.Contains(process.Index) && !IsFarAhead(process, entry))
                    {
                        wait = Math.Max(wait, entry.Milliseconds - process.WallClock);
                    }
                }
            }
        }

        return TimeSpan.FromMilliseconds(wait);
    }

    /// <summary>Whom an adversary said it would add has to be told by it, and may wait for ever; once told, the honest ones share.</summary>
    public bool MustHold(NodeProcess process, ConversationId conversation) =>
        checker.Membership.Must(conversation, process.Home.Self.Id)
        && (IsTold(process, conversation) || (process.Home.Reader.Has(conversation) && !HasLeft(process, conversation)))
        && !IsAddedByOneWhoHadLeft(process, conversation)
        && !KnowsNobodyWhoHolds(process, conversation);

    /// <summary>
    /// Whether of those with whom a node takes each other for members, and of those with whom these do, none holds anything that it lacks, because
    /// a home that was put back has forgotten it. Whom only that home has added again is no member to the others.
    /// </summary>
    private bool KnowsNobodyWhoHolds(NodeProcess process, ConversationId conversation)
    {
        if (!checker.HasRestored || !process.Home.Reader.Has(conversation) || checker.LedgerOf(conversation) is not { } ledger)
        {
            return false;
        }

        var known = new SortedSet<int> { process.Index };
        var ask = new Queue<NodeProcess>([process]);
        while (ask.TryDequeue(out var next))
        {
            foreach (var other in checker.Processes.Where(other => Takes(next, other) && Takes(other, next)))
            {
                if (known.Add(other.Index))
                {
                    ask.Enqueue(other);
                }
            }
        }

        return !ledger.Entries.Any(entry => !entry.HeldBy.Contains(process.Index) && known.Any(entry.HeldBy.Contains));

        bool Takes(NodeProcess one, NodeProcess other) => KnowsAsMember(one, conversation, other.Home.Self.Id);
    }

    /// <summary>
    /// Whether only a home has added somebody that was put back, and has forgotten that its person had left: to the members neither of the
    /// two is one, and nobody listens to them. The others that it has added may know of each other.
    /// </summary>
    private bool IsAddedByOneWhoHadLeft(NodeProcess process, ConversationId conversation)
    {
        if (!checker.HasRestored || checker.Membership.HistoryOf(conversation) is not { } history || checker.LedgerOf(conversation) is not { } ledger)
        {
            return false;
        }

        var additions = AdditionsOf(process);
        return IsForgetful(additions) && checker.Processes.All(other =>
            other == process
            || checker.WasRestored(other.Home.Device)
            || !additions.Exists(addition => addition.HeldBy.Contains(other.Index))
            || IsForgetful(AdditionsOf(other)));

        List<LedgerEntry> AdditionsOf(NodeProcess added) => [.. history.AdditionsOf(added.Home.Self.Id).Select(ledger.Find).OfType<LedgerEntry>()];

        bool IsForgetful(List<LedgerEntry> ofOne) => ofOne.Count > 0 && ofOne.TrueForAll(addition =>
            checker.WasRestored(addition.Entry.Device)
            && checker.HomeOf(addition.Entry.Device) is { } author
            && !history.IsMember(author.Home.Self.Id));
    }

    /// <summary>
    /// Whether somebody honest tells this person's node of a conversation. A home that was put back may have forgotten that it was to, and
    /// a clock that was years ahead for a moment has made a node give up an invite. Where people decide, only so many of one person's invitations wait.
    /// </summary>
    public bool IsTold(NodeProcess process, ConversationId conversation) =>
        !checker.HasRestored && !HasTooManyInvitations(process) && !_lapsed.Contains(process.Home.Self.Id) && !MayHaveForgottenInvites(process) && (!checker.HasAdversaries || checker.Membership.HistoryOf(conversation)?.IsHonestlyInvited(process.Home.Self.Id) == true);

    private bool HasTooManyInvitations(NodeProcess process) =>
        !checker.World.Options.AcceptInvitations && _invitations.Any(pair => pair.Key.Node == process.Index && pair.Value > Limits.InvitationsOfOnePerson);

    /// <summary>An entry has come to a node that did not hold it.</summary>
    public void Applied(NodeProcess process, AppliedEntry entry)
    {
        if (entry.Kind == EntryKind.GroupInvitation && entry.Device != process.Home.Device)
        {
            _invitations[(process.Index, entry.Device)] = _invitations.GetValueOrDefault((process.Index, entry.Device)) + 1;
        }
    }

    /// <summary>Where there is room for few, new invites take the place of those that have expired, by whatever the clock said then.</summary>
    private bool MayHaveForgottenInvites(NodeProcess process) => process.HasBeenFarAhead && checker.World.Bounds.Invites < EngineBounds.Default.Invites;

    /// <summary>A node told its person something: an invite that it gave up brings nobody any more.</summary>
    public void Announced(NodeProcess process, NodeEvent announced)
    {
        if (announced is InviteLapsed { Contact: var contact })
        {
            _lapsed.Add(contact.Id);
            _lapsed.Add(process.Home.Self.Id);
        }
    }

    /// <summary>
    /// Whether an entry that this node lacks has to reach it: one that an honest device wrote, or that a member holds. What an
    /// adversary said to someone who has left, and to nobody else, is lost to the others, as it would be had it never been said. Of a
    /// device that was put back there may be more futures than others keep. To somebody whom nobody else knows as a member nobody listens.
    /// </summary>
    private bool IsOwedMore(NodeProcess process, ConversationLedger ledger)
    {
        var history = checker.Membership.HistoryOf(ledger.Id);
        foreach (var entry in ledger.Entries)
        {
            if (!entry.HeldBy.Contains(process.Index)
                && !entry.HeldBy.IsEmpty
                && !IsFarAhead(process, entry)
                && !checker.WasRestored(entry.Entry.Device)
                && !IsOfAGroupThatEnded(entry)
                && !IsOfLeaversAlone(entry, process)
                && ((checker.HomeOf(entry.Entry.Device) is { IsHonest: true } author && !IsAddedByOneWhoHadLeft(author, ledger.Id) && !(entry.HeldBy.IsOnly(author.Index) && history?.IsAddedInVain(author.Home.Self.Id) == true))
                    || checker.Processes.Any(other => entry.HeldBy.Contains(other.Index) && MustHold(other, ledger.Id))))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether all who hold an entry have left, and whoever of them wrote it knows this person for no member: they answer the members whom they knew when
    /// they left, and take nothing that tells them of others. What others wrote, and came to a leaver as a member saw that they leave, may stay with them.
    /// </summary>
    private bool IsOfLeaversAlone(LedgerEntry entry, NodeProcess process) =>
        checker.Processes.Where(holder => entry.HeldBy.Contains(holder.Index)).All(holder =>
            holder.Home is EngineHome
            && HasLeft(holder, entry.Entry.Conversation)
            && (holder.Home.Device != entry.Entry.Device || !KnowsAsMember(holder, entry.Entry.Conversation, process.Home.Self.Id)));

    /// <summary>
    /// Whether all who hold an entry see that everyone has left: they have nobody to tell. Only a home that was put back, and has forgotten
    /// that its person had left, too, adds somebody to such a group again.
    /// </summary>
    private bool IsOfAGroupThatEnded(LedgerEntry entry) =>
        checker.HasRestored
        && checker.Processes.Where(process => entry.HeldBy.Contains(process.Index))
            .All(process => process.Home.Reader.Has(entry.Entry.Conversation) && process.Home.Reader.Members(entry.Entry.Conversation).Count == 0);

    /// <summary>
    /// An entry that was written by a clock more than an hour ahead waits until it is due, and so does whatever is behind it:
    /// that is longer than a world lasts.
    /// </summary>
    private static bool IsFarAhead(NodeProcess process, LedgerEntry entry) =>
        entry.Milliseconds - process.WallClock > FarAhead;
}
