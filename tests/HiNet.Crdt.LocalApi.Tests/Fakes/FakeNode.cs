using System.Reactive.Subjects;
using System.Security.Cryptography;
using System.Text;

namespace HiNet.Crdt.LocalApi.Tests.Fakes;

/// <summary>A node that keeps everything in memory and links to nobody.</summary>
internal sealed class FakeNode : INode, IDisposable
{
    private readonly Subject<NodeEvent> _events = new();
    private readonly List<Contact> _contacts = [];
    private readonly List<FakeConversation> _conversations = [];
    private readonly List<GroupInvitation> _invitations = [];

    public FakeNode(string name = "alice")
    {
        Self = new Person(new IdentityId(Hash($"identity {name}")), name);
        Device = new DeviceId(Hash($"device {name}"));
        Node = new NodeId(Hash($"node {name}"));
    }

    public Person Self { get; }

    public DeviceId Device { get; }

    public NodeId Node { get; }

    public IObservable<NodeEvent> Events => _events;

    public IReadOnlyList<Contact> Contacts => _contacts;

    public IReadOnlyList<IConversation> Conversations => _conversations;

    public static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    public IConversation? FindConversation(ConversationId conversation) => _conversations.Find(c => c.Id == conversation);

    public Task<string> CreateInviteAsync(IReadOnlyList<string>? addressHints = null, int uses = 1, CancellationToken cancellationToken = default) =>
        Task.FromResult($"hinet:{Self.Name}{string.Concat((addressHints ?? []).Select(a => "+" + a))}{(uses == 1 ? string.Empty : $"*{uses}")}");

    public Task<Contact> AddContactAsync(string invite, string? name = null, CancellationToken cancellationToken = default)
    {
        if (!invite.StartsWith("hinet:", StringComparison.Ordinal))
        {
            throw new HiNetException("This is not an invite; ask for it again.");
        }

        var own = invite["hinet:".Length..];
        return Task.FromResult(AddContact(own, name ?? own));
    }

    public Contact AddContact(string own, string name, ContactStatus status = ContactStatus.Met)
    {
        var contact = new Contact(new IdentityId(Hash($"identity {own}")), name, own, status);
        _contacts.RemoveAll(c => c.Id == contact.Id);
        _contacts.Add(contact);
        _events.OnNext(new ContactAdded(DateTimeOffset.UnixEpoch, contact));
        return contact;
    }

    public Task<IConversation> OpenDirectAsync(IdentityId contact, CancellationToken cancellationToken = default)
    {
        var person = _contacts.Find(c => c.Id == contact) ?? throw new HiNetException("This person is not a contact; accept their invite first.");
        return Task.FromResult<IConversation>(Open(ConversationKind.Direct, person.Name, [contact]));
    }

    public Task<IConversation> CreateGroupAsync(string name, IReadOnlyList<IdentityId> members, CancellationToken cancellationToken = default) =>
        Task.FromResult<IConversation>(Open(ConversationKind.Group, name, members));

    public FakeConversation Open(ConversationKind kind, string name, IReadOnlyList<IdentityId> members)
    {
        var people = members.Select(m => new Person(m, _contacts.Find(c => c.Id == m)?.Name ?? "someone")).Prepend(Self);
        var conversation = new FakeConversation(this, kind, name, [.. people.Select(p => new Member(p, Role.Member, DateTimeOffset.UnixEpoch, false))]);
        _conversations.Add(conversation);
        _events.OnNext(new ConversationAdded(DateTimeOffset.UnixEpoch, conversation.Id, kind, name));
        return conversation;
    }

    public IReadOnlyList<GroupInvitation> Invitations => _invitations;

    /// <summary>An invitation comes and waits.</summary>
    public GroupInvitation Invite(string name, Contact by, int members)
    {
        var invitation = new GroupInvitation(new ConversationId(Hash($"group {name}")), name, new Person(by.Id, by.Name), members, DateTimeOffset.UnixEpoch);
        _invitations.Add(invitation);
        _events.OnNext(new GroupInvited(DateTimeOffset.UnixEpoch, invitation.Group, name, invitation.By));
        return invitation;
    }

    public Task<IConversation> AcceptInvitationAsync(ConversationId group, CancellationToken cancellationToken = default)
    {
        var invitation = _invitations.First(waiting => waiting.Group == group);
        _invitations.Remove(invitation);
        return Task.FromResult<IConversation>(Open(ConversationKind.Group, invitation.Name, [invitation.By.Id]));
    }

    public Task DeclineInvitationAsync(ConversationId group, CancellationToken cancellationToken = default)
    {
        _invitations.RemoveAll(waiting => waiting.Group == group);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _events.Dispose();
        _conversations.ForEach(c => c.Dispose());
    }

    public NodeStatus GetStatus() => new([], _conversations.Count, _conversations.Sum(c => c.GetStatus().Entries), null);
}
