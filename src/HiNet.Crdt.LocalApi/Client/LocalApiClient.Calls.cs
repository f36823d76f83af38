using System.Net.Http.Json;
using HiNet.Crdt.LocalApi.Contract;

namespace HiNet.Crdt.LocalApi.Client;

public sealed partial class LocalApiClient
{
    private static LocalApiJson Json => LocalApiJson.Shared;

    /// <inheritdoc/>
    public Task<NodeInfo> GetNodeAsync(CancellationToken cancellationToken = default) =>
        GetAsync("node", Json.NodeInfo, cancellationToken);

    /// <inheritdoc/>
    public Task<NodeStatusInfo> GetStatusAsync(CancellationToken cancellationToken = default) =>
        GetAsync("status", Json.NodeStatusInfo, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<PeerInfo>> GetPeersAsync(CancellationToken cancellationToken = default) =>
        GetAsync("peers", Json.IReadOnlyListPeerInfo, cancellationToken);

    /// <inheritdoc/>
    public Task<DhtStatsInfo> GetDhtStatsAsync(CancellationToken cancellationToken = default) =>
        GetAsync("dht/stats", Json.DhtStatsInfo, cancellationToken);

    /// <inheritdoc/>
    public Task<DhtFoundInfo> GetDhtSlotsAsync(string key, CancellationToken cancellationToken = default) =>
        GetAsync($"dht/slots?key={Part(key)}", Json.DhtFoundInfo, cancellationToken);

    /// <inheritdoc/>
    public Task<DhtPutInfo> PutDhtTextAsync(string key, string text, CancellationToken cancellationToken = default) => RequestAsync(
        new HttpRequestMessage(HttpMethod.Put, $"dht/slots?key={Part(key)}")
        {
            Content = JsonContent.Create(new TextRequest(text), Json.TextRequest),
        },
        Json.DhtPutInfo,
        cancellationToken);

    /// <inheritdoc/>
    public Task<InviteInfo> CreateInviteAsync(IReadOnlyList<string>? addresses = null, int uses = 1, CancellationToken cancellationToken = default) =>
        PostAsync("invites", new InviteRequest(addresses, uses), Json.InviteRequest, Json.InviteInfo, cancellationToken);

    /// <inheritdoc/>
    public Task<ContactInfo> AddContactAsync(string invite, string? name, CancellationToken cancellationToken = default) =>
        PostAsync("contacts", new ContactRequest(invite, name), Json.ContactRequest, Json.ContactInfo, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ContactInfo>> GetContactsAsync(CancellationToken cancellationToken = default) =>
        GetAsync("contacts", Json.IReadOnlyListContactInfo, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ConversationInfo>> GetConversationsAsync(CancellationToken cancellationToken = default) =>
        GetAsync("conversations", Json.IReadOnlyListConversationInfo, cancellationToken);

    /// <inheritdoc/>
    public Task<ConversationReference> OpenDirectAsync(string identity, CancellationToken cancellationToken = default) =>
        PostAsync("direct", new IdentityRequest(identity), Json.IdentityRequest, Json.ConversationReference, cancellationToken);

    /// <inheritdoc/>
    public Task<ConversationReference> CreateGroupAsync(string name, IReadOnlyList<string> members, CancellationToken cancellationToken = default) =>
        PostAsync("groups", new GroupRequest(name, members), Json.GroupRequest, Json.ConversationReference, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<InvitationInfo>> GetInvitationsAsync(CancellationToken cancellationToken = default) =>
        GetAsync("invitations", Json.IReadOnlyListInvitationInfo, cancellationToken);

    /// <inheritdoc/>
    public Task<ConversationReference> AcceptInvitationAsync(string group, CancellationToken cancellationToken = default) =>
        RequestAsync(new HttpRequestMessage(HttpMethod.Post, $"invitations/{Part(group)}/accept"), Json.ConversationReference, cancellationToken);

    /// <inheritdoc/>
    public Task<ConversationReference> DeclineInvitationAsync(string group, CancellationToken cancellationToken = default) =>
        RequestAsync(new HttpRequestMessage(HttpMethod.Post, $"invitations/{Part(group)}/decline"), Json.ConversationReference, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<MemberInfo>> GetMembersAsync(string conversation, CancellationToken cancellationToken = default) =>
        GetAsync($"{Conversation(conversation)}/members", Json.IReadOnlyListMemberInfo, cancellationToken);

    /// <inheritdoc/>
    public Task<SentInfo> AddMemberAsync(string conversation, string identity, CancellationToken cancellationToken = default) =>
        PostAsync($"{Conversation(conversation)}/members", new IdentityRequest(identity), Json.IdentityRequest, Json.SentInfo, cancellationToken);

    /// <inheritdoc/>
    public Task<SentInfo> RemoveMemberAsync(string conversation, string identity, CancellationToken cancellationToken = default) =>
        RequestAsync(
            new HttpRequestMessage(HttpMethod.Delete, $"{Conversation(conversation)}/members/{Part(identity)}"), Json.SentInfo, cancellationToken);

    /// <inheritdoc/>
    public Task<SentInfo> SetRoleAsync(string conversation, string identity, string role, CancellationToken cancellationToken = default) =>
        RequestAsync(
            new HttpRequestMessage(HttpMethod.Put, $"{Conversation(conversation)}/members/{Part(identity)}/role")
            {
                Content = JsonContent.Create(new RoleRequest(role), Json.RoleRequest),
            },
            Json.SentInfo,
            cancellationToken);

    /// <inheritdoc/>
    public Task<SentInfo> LeaveAsync(string conversation, CancellationToken cancellationToken = default) =>
        RequestAsync(new HttpRequestMessage(HttpMethod.Post, $"{Conversation(conversation)}/leave"), Json.SentInfo, cancellationToken);

    /// <inheritdoc/>
    public Task<SentInfo> SendAsync(string conversation, string text, CancellationToken cancellationToken = default) =>
        PostAsync($"{Conversation(conversation)}/messages", new TextRequest(text), Json.TextRequest, Json.SentInfo, cancellationToken);

    /// <inheritdoc/>
    public Task<SentInfo> ReplyAsync(string conversation, string message, string text, CancellationToken cancellationToken = default) =>
        PostAsync($"{Message(conversation, message)}/replies", new TextRequest(text), Json.TextRequest, Json.SentInfo, cancellationToken);

    /// <inheritdoc/>
    public Task<SentInfo> EditAsync(string conversation, string message, string text, CancellationToken cancellationToken = default) =>
        RequestAsync(
            new HttpRequestMessage(HttpMethod.Put, $"{Message(conversation, message)}/text")
            {
                Content = JsonContent.Create(new TextRequest(text), Json.TextRequest),
            },
            Json.SentInfo,
            cancellationToken);

    /// <inheritdoc/>
    public Task<SentInfo> DeleteAsync(string conversation, string message, CancellationToken cancellationToken = default) =>
        RequestAsync(new HttpRequestMessage(HttpMethod.Delete, Message(conversation, message)), Json.SentInfo, cancellationToken);

    /// <inheritdoc/>
    public Task<SentInfo> ReactAsync(string conversation, string message, string emoji, bool remove = false, CancellationToken cancellationToken = default) =>
        PostAsync($"{Message(conversation, message)}/reactions", new ReactionRequest(emoji, remove), Json.ReactionRequest, Json.SentInfo, cancellationToken);

    /// <inheritdoc/>
    public Task<SentInfo> MarkReadAsync(string conversation, string message, CancellationToken cancellationToken = default) =>
        RequestAsync(new HttpRequestMessage(HttpMethod.Post, $"{Message(conversation, message)}/read"), Json.SentInfo, cancellationToken);

    /// <inheritdoc/>
    public Task<ConversationStatusInfo> GetConversationStatusAsync(string conversation, CancellationToken cancellationToken = default) =>
        GetAsync($"{Conversation(conversation)}/status", Json.ConversationStatusInfo, cancellationToken);

    /// <inheritdoc/>
    public async Task LinkAsync(string address, CancellationToken cancellationToken = default)
    {
        using var response = await SendAsync(
            new HttpRequestMessage(HttpMethod.Post, "links") { Content = JsonContent.Create(new AddressRequest(address), Json.AddressRequest) },
            cancellationToken).ConfigureAwait(false);
    }
}
