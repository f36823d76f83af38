using HiNet.Crdt.LocalApi.Contract;

namespace HiNet.Crdt.LocalApi;

public sealed partial class NodeApi
{
    /// <inheritdoc/>
    public async Task<ConversationReference> OpenDirectAsync(string identity, CancellationToken cancellationToken = default)
    {
        var conversation = await _node.OpenDirectAsync(References.Identity(_node, identity), cancellationToken).ConfigureAwait(false);
        return new ConversationReference(conversation.Id.ToString());
    }

    /// <inheritdoc/>
    public async Task<ConversationReference> CreateGroupAsync(string name, IReadOnlyList<string> members, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(members);
        IReadOnlyList<IdentityId> identities = [.. members.Select(m => References.Identity(_node, m)).Distinct()];
        var conversation = await _node.CreateGroupAsync(name, identities, cancellationToken).ConfigureAwait(false);
        return new ConversationReference(conversation.Id.ToString());
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<InvitationInfo>> GetInvitationsAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<InvitationInfo>>([.. _node.Invitations.Select(ContractMapping.ToInfo)]);

    /// <inheritdoc/>
    public async Task<ConversationReference> AcceptInvitationAsync(string group, CancellationToken cancellationToken = default) =>
        new((await _node.AcceptInvitationAsync(References.Invitation(_node, group), cancellationToken).ConfigureAwait(false)).Id.ToString());

    /// <inheritdoc/>
    public async Task<ConversationReference> DeclineInvitationAsync(string group, CancellationToken cancellationToken = default)
    {
        var id = References.Invitation(_node, group);
        await _node.DeclineInvitationAsync(id, cancellationToken).ConfigureAwait(false);
        return new ConversationReference(id.ToString());
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<MemberInfo>> GetMembersAsync(string conversation, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<MemberInfo>>(
            [.. References.Conversation(_node, conversation).Members.Select(ContractMapping.ToInfo)]);

    /// <inheritdoc/>
    public async Task<SentInfo> AddMemberAsync(string conversation, string identity, CancellationToken cancellationToken = default)
    {
        var target = References.Conversation(_node, conversation);
        return (await target.AddMemberAsync(References.Identity(_node, identity), cancellationToken).ConfigureAwait(false)).ToInfo();
    }

    /// <inheritdoc/>
    public Task<SentInfo> RemoveMemberAsync(string conversation, string identity, CancellationToken cancellationToken = default) =>
        Task.FromException<SentInfo>(new LocalApiException(501, $"Removing a member {NotYet}"));

    /// <inheritdoc/>
    public Task<SentInfo> SetRoleAsync(string conversation, string identity, string role, CancellationToken cancellationToken = default) =>
        Task.FromException<SentInfo>(new LocalApiException(501, $"Changing a member's role {NotYet}"));

    /// <inheritdoc/>
    public async Task<SentInfo> LeaveAsync(string conversation, CancellationToken cancellationToken = default) =>
        (await References.Conversation(_node, conversation).LeaveAsync(cancellationToken).ConfigureAwait(false)).ToInfo();
}
