using HiNet.Crdt.Core.Engine;

namespace HiNet.Crdt.Simulation.Nodes;

/// <summary>
/// A person's node inside a simulated world: the same interface as a real one. Awaiting an operation from a test moves virtual
/// time until it is done; inside an observer the task completes later, inside virtual time. While the node is down it can be
/// read, and operations fail.
/// </summary>
public sealed class SimulatedNode : INode
{
    private readonly SortedDictionary<ConversationId, SimulatedConversation> _conversations = [];
    private readonly NodeEventFeed _events;

    internal SimulatedNode(SimulatedWorld world, NodeProcess process)
    {
        World = world;
        Process = process;
        _events = new NodeEventFeed(this);
    }

    /// <summary>The node's number in its world, from 0.</summary>
    public int Index => Process.Index;

    /// <summary>True while the process runs.</summary>
    public bool IsUp => Process.IsUp;

    /// <summary>The address that other nodes dial.</summary>
    public string Address => Network.SimulatedNetwork.AddressOf(Index);

    /// <inheritdoc/>
    public Person Self => Process.Home.Self;

    /// <inheritdoc/>
    public DeviceId Device => Process.Home.Device;

    /// <inheritdoc/>
    public NodeId Node => Process.Home.Node;

    /// <inheritdoc/>
    public IObservable<NodeEvent> Events => _events;

    /// <inheritdoc/>
    public IReadOnlyList<Contact> Contacts => Process.Home.Reader.Contacts();

    /// <inheritdoc/>
    public IReadOnlyList<IConversation> Conversations =>
        [.. Process.Home.Reader.Conversations().Select(Conversation)];

    internal NodeProcess Process { get; }

    internal SimulatedWorld World { get; }

    /// <inheritdoc/>
    public IConversation? FindConversation(ConversationId conversation) =>
        Process.Home.Reader.Has(conversation) ? Conversation(conversation) : null;

    /// <inheritdoc/>
    public Task<string> CreateInviteAsync(IReadOnlyList<string>? addressHints = null, int uses = 1, CancellationToken cancellationToken = default) =>
        AskAsync(new NodeCommand.CreateInvite(addressHints ?? [Address], uses), result => ((NodeResult.Invited)result).Invite, cancellationToken);

    /// <inheritdoc/>
    public Task<Contact> AddContactAsync(string invite, string? name = null, CancellationToken cancellationToken = default) =>
        AskAsync(new NodeCommand.AddContact(invite, name), result => ((NodeResult.Added)result).Contact, cancellationToken);

    /// <inheritdoc/>
    public Task<IConversation> OpenDirectAsync(IdentityId contact, CancellationToken cancellationToken = default) =>
        AskAsync(new NodeCommand.OpenDirect(contact), Opened, cancellationToken);

    /// <inheritdoc/>
    public Task<IConversation> CreateGroupAsync(string name, IReadOnlyList<IdentityId> members, CancellationToken cancellationToken = default) =>
        AskAsync(new NodeCommand.CreateGroup(name, members), Opened, cancellationToken);

    /// <inheritdoc/>
    public IReadOnlyList<GroupInvitation> Invitations => Process.Home.Reader.Invitations();

    /// <inheritdoc/>
    public Task<IConversation> AcceptInvitationAsync(ConversationId group, CancellationToken cancellationToken = default) =>
        AskAsync(new NodeCommand.AcceptInvitation(group), Opened, cancellationToken);

    /// <inheritdoc/>
    public Task DeclineInvitationAsync(ConversationId group, CancellationToken cancellationToken = default) =>
        AskAsync(new NodeCommand.DeclineInvitation(group), static _ => true, cancellationToken);

    /// <inheritdoc/>
    public NodeStatus GetStatus()
    {
        var reader = Process.Home.Reader;
        return new NodeStatus([.. Process.Peers], reader.Conversations().Count, reader.Entries(), Process.Problem);
    }

    /// <summary>The node's name.</summary>
    public override string ToString() => Self.Name;

    internal SimulatedConversation Conversation(ConversationId id)
    {
        if (!_conversations.TryGetValue(id, out var conversation))
        {
            _conversations.Add(id, conversation = new SimulatedConversation(this, id));
        }

        return conversation;
    }

    internal void Announce(NodeEvent announced) => _events.Announce(announced);

    /// <summary>What became durable before a crash but was not published then is published by the next life, in direct conversations too that no list shows yet.</summary>
    internal void CatchUp()
    {
        var reader = Process.Home.Reader;
        var direct = reader.Contacts().Select(contact => Process.Home.DirectWith(contact.Id)).OfType<ConversationId>().Where(reader.Has);
        foreach (var conversation in reader.Conversations().Union(direct))
        {
            World.Published(Process, conversation, reader.LastCursor(conversation));
        }
    }

    internal Task<T> AskAsync<T>(NodeCommand command, Func<NodeResult, T> convert, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!Process.IsUp)
        {
            throw new HiNetException($"{Self.Name}'s node is down: restart it first.");
        }

        var answer = new TaskCompletionSource<T>();
        Process.Submit(command, result => Answer(answer, result, convert));
        return World.Await(answer.Task, cancellationToken);
    }

    private void Answer<T>(TaskCompletionSource<T> answer, NodeResult? result, Func<NodeResult, T> convert)
    {
        switch (result)
        {
            case null:
                answer.SetException(new HiNetException($"{Self.Name}'s node crashed before the operation was durable: ask again when it is up."));
                break;
            case NodeResult.Refused refused:
                answer.SetException(new HiNetException(refused.Problem));
                break;
            default:
                answer.SetResult(convert(result));
                break;
        }
    }

    private IConversation Opened(NodeResult result) => Conversation(((NodeResult.Opened)result).Conversation);
}
