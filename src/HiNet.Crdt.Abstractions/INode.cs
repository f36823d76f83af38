namespace HiNet.Crdt;

/// <summary>
/// A person's node: on a real machine or in the simulator, the same interface. Write bots and application logic against it
/// and they run unchanged in both.
/// </summary>
public interface INode
{
    /// <summary>The person, with the name they give themselves.</summary>
    Person Self { get; }

    /// <summary>This device's key.</summary>
    DeviceId Device { get; }

    /// <summary>The key shown on links.</summary>
    NodeId Node { get; }

    /// <summary>What happens to the node from now on.</summary>
    IObservable<NodeEvent> Events { get; }

    /// <summary>Everyone this node can write to, by name without regard to case, then by identity.</summary>
    IReadOnlyList<Contact> Contacts { get; }

    /// <summary>Every conversation, the most recently active first.</summary>
    IReadOnlyList<IConversation> Conversations { get; }

    /// <summary>Finds a conversation by id, or null.</summary>
    IConversation? FindConversation(ConversationId conversation);

    /// <summary>A string to hand to someone, which makes the two of you contacts once your nodes have met. Valid for 30 days.</summary>
    /// <param name="addressHints">Addresses (host:port) at which this node can be reached; none for those it listens on.</param>
    /// <param name="uses">How many people can become contacts by it, 1 to 1,000: the first ones who come. The same person may come again.</param>
    /// <param name="cancellationToken">Stops waiting, not the operation.</param>
    Task<string> CreateInviteAsync(IReadOnlyList<string>? addressHints = null, int uses = 1, CancellationToken cancellationToken = default);

    /// <summary>
    /// Accepts an invite, online or not; repeating it changes nothing but the name. Until their node has answered, the contact's status is
    /// <see cref="ContactStatus.Waiting"/>; an invite that somebody else has used is only found out then, and raises <see cref="InviteLapsed"/>.
    /// </summary>
    /// <exception cref="HiNetException">The invite is malformed, expired, or one's own.</exception>
    Task<Contact> AddContactAsync(string invite, string? name = null, CancellationToken cancellationToken = default);

    /// <summary>Opens the direct conversation with a contact, or the note to self.</summary>
    Task<IConversation> OpenDirectAsync(IdentityId contact, CancellationToken cancellationToken = default);

    /// <summary>
    /// Creates a group of this person and the given contacts, each of whom is invited and decides whether to join; those who are offline learn of
    /// it when they are linked again.
    /// </summary>
    Task<IConversation> CreateGroupAsync(string name, IReadOnlyList<IdentityId> members, CancellationToken cancellationToken = default);

    /// <summary>
    /// Invitations to groups that wait for a decision, the oldest first; several contacts may invite to one group. At most 32 of a contact are
    /// kept, the newest. Where the host accepts all, those wait that are more than a node joins by itself: 4,096 groups of one contact, 32 of them while nothing of
    /// them has come.
    /// </summary>
    IReadOnlyList<GroupInvitation> Invitations { get; }

    /// <summary>
    /// Joins a group to which an invitation waits. Its history comes from any member whose node is linked; until then it is empty and nothing can
    /// be written in it.
    /// </summary>
    /// <exception cref="HiNetException">No invitation to this group waits here.</exception>
    Task<IConversation> AcceptInvitationAsync(ConversationId group, CancellationToken cancellationToken = default);

    /// <summary>
    /// Forgets the invitations to a group that wait. Nobody is told: the group goes on listing this person as a member, so nobody can invite them to it again.
    /// </summary>
    /// <exception cref="HiNetException">No invitation to this group waits here.</exception>
    Task DeclineInvitationAsync(ConversationId group, CancellationToken cancellationToken = default);

    /// <summary>Peers, counts and problems.</summary>
    NodeStatus GetStatus();
}
