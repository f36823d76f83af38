namespace HiNet.Crdt.Hosting;

/// <summary>
/// The node that services are handed. It exists before the node runs, so that it can be injected into whatever is built with
/// the host, and says clearly when it is used too early or too late.
/// </summary>
internal sealed class HostedNode : INode
{
    private INode? _node;
    private bool _stopped;

    public Person Self => Running.Self;

    public DeviceId Device => Running.Device;

    public NodeId Node => Running.Node;

    public IObservable<NodeEvent> Events => Running.Events;

    public IReadOnlyList<Contact> Contacts => Running.Contacts;

    public IReadOnlyList<IConversation> Conversations => Running.Conversations;

    public IReadOnlyList<GroupInvitation> Invitations => Running.Invitations;

    private INode Running => Volatile.Read(ref _node) ?? throw new InvalidOperationException(_stopped
        ? "The HiNet node has stopped with its host."
        : "The HiNet node has not started yet: use it from a hosted service or a request, not while the host is being built.");

    public void Started(INode node) => Volatile.Write(ref _node, node);

    public void Stopped()
    {
        _stopped = true;
        Volatile.Write(ref _node, null);
    }

    public IConversation? FindConversation(ConversationId conversation) => Running.FindConversation(conversation);

    public Task<string> CreateInviteAsync(IReadOnlyList<string>? addressHints = null, int uses = 1, CancellationToken cancellationToken = default) =>
        Running.CreateInviteAsync(addressHints, uses, cancellationToken);

    public Task<Contact> AddContactAsync(string invite, string? name = null, CancellationToken cancellationToken = default) =>
        Running.AddContactAsync(invite, name, cancellationToken);

    public Task<IConversation> OpenDirectAsync(IdentityId contact, CancellationToken cancellationToken = default) =>
        Running.OpenDirectAsync(contact, cancellationToken);

    public Task<IConversation> CreateGroupAsync(string name, IReadOnlyList<IdentityId> members, CancellationToken cancellationToken = default) =>
        Running.CreateGroupAsync(name, members, cancellationToken);

    public Task<IConversation> AcceptInvitationAsync(ConversationId group, CancellationToken cancellationToken = default) =>
        Running.AcceptInvitationAsync(group, cancellationToken);

    public Task DeclineInvitationAsync(ConversationId group, CancellationToken cancellationToken = default) =>
        Running.DeclineInvitationAsync(group, cancellationToken);

    public NodeStatus GetStatus() => Running.GetStatus();
}
