using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Transport;

namespace HiNet.Crdt;

public sealed partial class HiNetNode
{
    /// <inheritdoc/>
    public Task<string> CreateInviteAsync(IReadOnlyList<string>? addressHints = null, int uses = 1, CancellationToken cancellationToken = default)
    {
        foreach (var address in addressHints ?? [])
        {
            if (!NodeAddress.TryParse(address, forListening: false, out _, out var problem))
            {
                return Task.FromException<string>(new InvalidAddressException(problem));
            }
        }

        return _driver.SubmitAsync(
            new NodeCommand.CreateInvite([.. addressHints ?? []], uses), static result => ((NodeResult.Invited)result).Invite, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Contact> AddContactAsync(string invite, string? name = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(invite);
        return _driver.SubmitAsync(
            new NodeCommand.AddContact(invite, name), static result => ((NodeResult.Added)result).Contact, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IConversation> OpenDirectAsync(IdentityId contact, CancellationToken cancellationToken = default) =>
        _driver.SubmitAsync(new NodeCommand.OpenDirect(contact), ReadDirect, cancellationToken);

    /// <inheritdoc/>
    public Task<IConversation> CreateGroupAsync(string name, IReadOnlyList<IdentityId> members, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(members);
        return TextRules.ProblemOfGroupName(name) is { } problem
            ? Task.FromException<IConversation>(new InvalidTextException(problem))
            : _driver.SubmitAsync(new NodeCommand.CreateGroup(name, [.. members]), ReadGroup, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IConversation> AcceptInvitationAsync(ConversationId group, CancellationToken cancellationToken = default) =>
        _driver.SubmitAsync(new NodeCommand.AcceptInvitation(group), ReadGroup, cancellationToken);

    /// <inheritdoc/>
    public Task DeclineInvitationAsync(ConversationId group, CancellationToken cancellationToken = default) =>
        _driver.SubmitAsync(new NodeCommand.DeclineInvitation(group), static _ => true, cancellationToken);

    /// <summary>
    /// Links to the node at an address and keeps the link for as long as this node runs: dialled again, ever more slowly, when
    /// it cannot be reached or the link ends. Completes when that is under way; <see cref="Events"/> tells of the link itself.
    /// </summary>
    /// <param name="address">host:port, with an IPv6 address in brackets.</param>
    /// <param name="cancellationToken">Stops waiting, not the linking.</param>
    /// <exception cref="InvalidAddressException">The address is malformed.</exception>
    public Task LinkAsync(string address, CancellationToken cancellationToken = default) =>
        NodeAddress.TryParse(address, forListening: false, out var parsed, out var problem)
            ? _driver.SubmitAsync(new NodeCommand.KeepLinked(parsed.ToString()), static _ => true, cancellationToken)
            : Task.FromException(new InvalidAddressException(problem));

    /// <summary>The nodes to which a link is up, the longest-standing first.</summary>
    public async Task<IReadOnlyList<Peer>> GetPeersAsync(CancellationToken cancellationToken = default)
    {
        var links = await _driver.SubmitAsync(
            new NodeCommand.ListLinks(), static result => ((NodeResult.Linked)result).Links, cancellationToken).ConfigureAwait(false);
        var names = links.Count == 0 ? [] : Contacts.ToDictionary(contact => contact.Id, contact => contact.Name);
        names[Self.Id] = Self.Name;
        return
        [
            .. links.Select(link => new Peer(
                link.Node,
                link.Identity,
                link.Identity is { } person ? names.GetValueOrDefault(person) ?? NameIn(link.Conversations, person) : null,
                link.Address ?? _transport.RemoteAddress(link.Link),
                link.IsInitiator,
                link.Conversations)),
        ];
    }

    // Somebody who is no contact is known by the conversations that both are in.
    private string? NameIn(IReadOnlyList<ConversationId> conversations, IdentityId person) => conversations
        .SelectMany(id => FindConversation(id)?.Members ?? [])
        .FirstOrDefault(member => member.Person.Id == person)?.Person.Name;

    /// <summary>
    /// Runs a link over any duplex stream: a pipe, a process's standard input and output (<see cref="DuplexStream"/>), an
    /// in-memory pair. Completes when the link has ended; the stream is the link's from the call on and is disposed with it.
    /// </summary>
    /// <param name="stream">Readable and writable; read and written at the same time.</param>
    /// <param name="isInitiator">True at one end and false at the other: the initiator speaks first.</param>
    /// <param name="cancellationToken">Ends the link.</param>
    /// <exception cref="ArgumentException">The stream cannot be read and written.</exception>
    public async Task AttachAsync(Stream stream, bool isInitiator, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanRead || !stream.CanWrite)
        {
            throw new ArgumentException("A link needs a stream that can be read and written; join two with DuplexStream.", nameof(stream));
        }

        var link = _transport.Open(stream, isInitiator, null);
        await using var registration = cancellationToken.UnsafeRegister(
            static state => ((StreamLink)state!).End("the application closed the link"), link).ConfigureAwait(false);
        await link.Finished.ConfigureAwait(false);
    }

    private IConversation ReadDirect(NodeResult result) => Handle((NodeResult.Opened)result, ConversationKind.Direct);

    private IConversation ReadGroup(NodeResult result) => Handle((NodeResult.Opened)result, ConversationKind.Group);

    // Runs on the driver's thread, so it does not read the store: the kind is known from the question.
    private ConversationHandle Handle(NodeResult.Opened opened, ConversationKind kind) => _conversations.GetOrAdd(
        opened.Conversation,
        static (id, context) => new ConversationHandle(id, context.kind, context.node._driver, context.node._readers, context.node._conversationEvents),
        (node: this, kind));
}
