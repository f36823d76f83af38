using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Simulation.Invariants;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Meaning;

/// <summary>
/// Whoever has read a node's lists when a life of it began, and listens from then on, knows them at the end: each conversation and
/// contact that comes is told once, and so is each change of how far it has come with a contact. What becomes durable in a crash
/// is told by no life. A node tells of links before anything comes over them, and of entries that wait.
/// </summary>
internal sealed class AnnouncedMeant(InvariantChecker checker) : Invariant(checker)
{
    /// <summary>A machine carries its clock forward between readings, which drift apart by a little.</summary>
    private static readonly TimeSpan s_slack = TimeSpan.FromSeconds(5);

    private readonly Dictionary<int, NodeLife> _lives = [];
    private bool _hasRefused;

    public override string Id => "announced-meant";

    private PeopleLog People => Checker.Intents.People;

    public override void Booted(NodeProcess process)
    {
        if (process is { IsUp: true, Home: EngineHome })
        {
            var life = _lives[process.Index] = new NodeLife(process);
            life.Squatted.UnionWith(life.Conversations.Where(conversation =>
                process.Home.Reader.Kind(conversation) == ConversationKind.Group && IsSquatted(process, conversation)));
        }
    }

    public override void Applied(NodeProcess process, ConversationLedger ledger, LedgerEntry entry)
    {
        if (process.IsUp && entry.Entry.Device != process.Home.Device && LifeOf(process) is { HadPeers: false })
        {
            Fail($"node {process.Index} has entry {entry.Entry.Id} of another, and has told of no link");
        }
    }

    public override void Completed(NodeProcess process, NodeCommand command, NodeResult result)
    {
        if (LifeOf(process) is not { } life)
        {
            return;
        }

        switch (result)
        {
            case NodeResult.Added { Contact: { Status: ContactStatus.Waiting } contact } when life.Contacts.ContainsKey(contact.Id):
                life.Contacts[contact.Id] = ContactStatus.Waiting;
                break;
            case NodeResult.Refused refused when RefusalCatalogue.ReasonOf(refused.Problem) == RefusalReason.StorageFailed:
                life.HasRefused = _hasRefused = true;
                break;
            case NodeResult.Written { State: not MessageState.Stored } written:
                Fail($"node {process.Index} answered {command.GetType().Name} with an entry that is {written.State}");
                break;
        }
    }

    public override void Announced(NodeProcess process, NodeEvent announced)
    {
        if (LifeOf(process) is { } life && Problem(process, life, announced) is { } problem)
        {
            Fail($"node {process.Index} told of {announced}, {problem}");
        }
    }

    public override void Handled(NodeProcess process, int effects)
    {
        if (_hasRefused && process.Problem is null && LifeOf(process) is { HasRefused: true })
        {
            Fail($"node {process.Index} refused a command because of its store, and has told of no failure");
        }
    }

    public override void Quiet()
    {
        foreach (var process in Checker.Processes)
        {
            if (process is { IsUp: true, IsPaused: false, Busy: 0, Problem: null } && LifeOf(process) is { } life)
            {
                CompareConversations(process, life);
                CompareInvitations(process, life);
                CompareContacts(process, life);
                CompareParked(process, life);
            }
        }
    }

    /// <summary>What is known of the life that a node has now; null while it begins.</summary>
    private NodeLife? LifeOf(NodeProcess process) =>
        _lives.TryGetValue(process.Index, out var life) && life.Generation == process.Generation ? life : null;

    private string? Problem(NodeProcess process, NodeLife life, NodeEvent announced)
    {
        if (announced.Time > DateTimeOffset.FromUnixTimeMilliseconds(process.WallClock) + s_slack && !process.HasBeenStepped)
        {
            return "at a time that has not come by its clock";
        }

        switch (announced)
        {
            case ConversationAdded { Kind: ConversationKind.Group } added when IsSquatted(process, added.Conversation):
                life.Squatted.Add(added.Conversation);
                return life.Conversations.Add(added.Conversation) ? null : "which it listed already";
            case ConversationAdded { Kind: ConversationKind.Direct } added when life.Squatted.Remove(added.Conversation):
                return Problem(process, added);
            case ConversationAdded added:
                return life.Conversations.Add(added.Conversation) ? Problem(process, added) : "which it listed already";
            case ContactAdded { Contact: var contact }:
                return !life.Contacts.TryAdd(contact.Id, contact.Status) ? "who was a contact already"
                    : contact.Status is not (ContactStatus.Met or ContactStatus.Waiting) ? "of whom nothing can be known yet"
                    : Problem(process, contact);
            case ContactMet { Contact: var contact }:
                return !Changes(life, contact) ? "who was not waited for"
                    : contact.Status != ContactStatus.Met ? "who is not met then"
                    : Problem(process, contact);
            case InviteLapsed { Contact: var contact }:
                return !Changes(life, contact) ? "who was not waited for"
                    : contact.Status is not (ContactStatus.InviteUsed or ContactStatus.InviteExpired) ? "which is no end of an invite"
                    : Problem(process, contact);
            case GroupInvited invited:
                life.Invitations.Add((invited.Group, invited.By.Id));
                return Problem(process, invited);
            case PeerConnected peer:
                life.HadPeers = true;
                life.Peers.Add(peer.Node);
                return peer.Node == process.Home.Node ? "which is itself" : null;
            case PeerDisconnected peer:
                return life.Peers.Remove(peer.Node) ? null : "with whom it has told of no link";
            case StorageFailed:
                return process.Disk.IsFull ? null : "whose disk takes what is written";
            case EntriesParked parked:
                life.Parked.Add(parked.Conversation);
                return Checker.HomeOf(parked.Device) is null || !process.Home.Reader.Has(parked.Conversation) ? "of a device or a conversation that is not there" : null;
            case ClockCorrected corrected:
                return corrected.Offset.Duration() > Limits.ClockTolerance ? null : "which is within what clocks may be off";
            default:
                return null;
        }
    }

    /// <summary>Notes how far it has come now; false when that was no open question.</summary>
    private static bool Changes(NodeLife life, Contact contact)
    {
        var isOpen = life.Contacts.TryGetValue(contact.Id, out var status) && status != ContactStatus.Met && status != contact.Status;
        life.Contacts[contact.Id] = contact.Status;
        return isOpen;
    }

    private string? Problem(NodeProcess process, Contact contact)
    {
        var isNamed = People.IsName(process.Index, contact.Id, contact.Name) && contact.OwnName == People.NodeOf(contact.Id)?.Home.Self.Name;
        return !People.MayKnow(process.Index, contact.Id) ? "whom its person never asked to know" : isNamed ? null : "whom nobody called so";
    }

    // Before two are contacts, who attacks may invite one of them to a group under the id of their direct conversation, which gives way to that.
    private bool IsSquatted(NodeProcess process, ConversationId conversation) =>
        Checker.HasAdversaries && People.OtherIn(process.Index, conversation) is not null;

    // The name of a group comes with an invitation, and adversaries write those as they like.
    private string? Problem(NodeProcess process, ConversationAdded added)
    {
        var group = Checker.Intents.Of(new EntryId(added.Conversation.Value)) as Intent.Found;
        if (People.OtherIn(process.Index, added.Conversation) is { } other)
        {
            return added.Kind == ConversationKind.Direct && People.IsName(process.Index, other, added.Name) ? null : "which is a direct conversation by another name";
        }

        return added.Kind != ConversationKind.Group ? "which is a group"
            : group is null || Checker.HasAdversaries || added.Name == group.Name ? null
            : $"which was called \"{group.Name}\"";
    }

    // Whoever attacks invites to what they like, and calls it so.
    private string? Problem(NodeProcess process, GroupInvited invited)
    {
        var group = Checker.Intents.Of(new EntryId(invited.Group.Value)) as Intent.Found;
        return Checker.World.Options.AcceptInvitations && !Checker.HasAdversaries ? "where groups are joined at once"
            : !People.MayKnow(process.Index, invited.By.Id) || !People.IsName(process.Index, invited.By.Id, invited.By.Name) ? "by somebody who is no contact of that name"
            : group is null || Checker.HasAdversaries || invited.Name == group.Name ? null
            : $"which was called \"{group.Name}\"";
    }

    private void CompareInvitations(NodeProcess process, NodeLife life)
    {
        foreach (var waiting in process.Home.Reader.Invitations())
        {
            if (!life.Invitations.Contains((waiting.Group, waiting.By.Id)))
            {
                Fail($"node {process.Index} lists an invitation to {waiting.Group}, and has not told of it");
            }
        }
    }

    private void CompareConversations(NodeProcess process, NodeLife life)
    {
        var listed = process.Home.Reader.Conversations();
        foreach (var conversation in listed)
        {
            if (!life.Conversations.Contains(conversation))
            {
                Fail($"node {process.Index} lists {conversation}, and has not told of it");
            }
        }

        if (life.Conversations.Except(listed).Except(life.Squatted).ToList() is [var missed, ..])
        {
            Fail($"node {process.Index} has told of {missed}, and does not list it");
        }
    }

    private void CompareContacts(NodeProcess process, NodeLife life)
    {
        var listed = process.Home.Reader.Contacts();
        foreach (var contact in listed)
        {
            if (!life.Contacts.TryGetValue(contact.Id, out var status))
            {
                Fail($"node {process.Index} lists the contact {contact.Name}, and has not told of them");
            }

            if (status != contact.Status)
            {
                Fail($"node {process.Index} shows its contact {contact.Name} as {contact.Status}, and has told that it is {status}");
            }
        }

        if (listed.Count != life.Contacts.Count)
        {
            Fail($"node {process.Index} has told of {life.Contacts.Count} contacts, and lists {listed.Count}");
        }
    }

    private void CompareParked(NodeProcess process, NodeLife life)
    {
        foreach (var ledger in Checker.Ledgers)
        {
            if (ledger.Held(process.Index) > 0 && !life.Parked.Contains(ledger.Id) && Checker.Statuses.Of(process, ledger.Id).Parked > 0)
            {
                Fail($"node {process.Index} shows entries of {ledger.Id} that wait for their time, and has told of none");
            }
        }
    }
}
