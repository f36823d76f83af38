using HiNet.Crdt.LocalApi.Contract;

namespace HiNet.Crdt.LocalApi;

/// <summary>
/// A node's operations in the form of the local API. <see cref="NodeApi"/> runs them on a node in this process,
/// <see cref="Client.LocalApiClient"/> on one behind a Unix socket; the results are the same.
/// <para>A conversation is named by its id, a unique prefix of at least six hex digits, or its unambiguous name; a message by
/// its id or a unique prefix; a person by identity, a unique prefix, or a contact's unambiguous name.</para>
/// </summary>
/// <remarks>Every call throws a <see cref="HiNetException"/> with one sentence when it is refused.</remarks>
public interface INodeApi : IAsyncDisposable
{
    /// <summary>Who runs here.</summary>
    Task<NodeInfo> GetNodeAsync(CancellationToken cancellationToken = default);

    /// <summary>Health of the node.</summary>
    Task<NodeStatusInfo> GetStatusAsync(CancellationToken cancellationToken = default);

    /// <summary>The links that are up, the oldest first.</summary>
    Task<IReadOnlyList<PeerInfo>> GetPeersAsync(CancellationToken cancellationToken = default);

    /// <summary>How the node is doing in the DHT.</summary>
    Task<DhtStatsInfo> GetDhtStatsAsync(CancellationToken cancellationToken = default);

    /// <summary>Looks for all slots at a key of the DHT.</summary>
    /// <param name="key">64 hex digits, or any other text, which is hashed.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<DhtFoundInfo> GetDhtSlotsAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>Stores a text that everybody can read at a key of the DHT, for 24 hours.</summary>
    /// <param name="key">64 hex digits, or any other text, which is hashed.</param>
    /// <param name="text">1 to 900 bytes of UTF-8.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<DhtPutInfo> PutDhtTextAsync(string key, string text, CancellationToken cancellationToken = default);

    /// <summary>A new invite, for so many people.</summary>
    Task<InviteInfo> CreateInviteAsync(IReadOnlyList<string>? addresses = null, int uses = 1, CancellationToken cancellationToken = default);

    /// <summary>Accepts an invite.</summary>
    Task<ContactInfo> AddContactAsync(string invite, string? name, CancellationToken cancellationToken = default);

    /// <summary>All contacts, by name.</summary>
    Task<IReadOnlyList<ContactInfo>> GetContactsAsync(CancellationToken cancellationToken = default);

    /// <summary>All conversations, the most recently active first.</summary>
    Task<IReadOnlyList<ConversationInfo>> GetConversationsAsync(CancellationToken cancellationToken = default);

    /// <summary>Opens the direct conversation with someone.</summary>
    Task<ConversationReference> OpenDirectAsync(string identity, CancellationToken cancellationToken = default);

    /// <summary>Creates a group.</summary>
    Task<ConversationReference> CreateGroupAsync(string name, IReadOnlyList<string> members, CancellationToken cancellationToken = default);

    /// <summary>Invitations to groups that wait for a decision, the oldest first.</summary>
    Task<IReadOnlyList<InvitationInfo>> GetInvitationsAsync(CancellationToken cancellationToken = default);

    /// <summary>Joins a group to which an invitation waits; it is named by its id, a unique prefix, or its unambiguous name.</summary>
    Task<ConversationReference> AcceptInvitationAsync(string group, CancellationToken cancellationToken = default);

    /// <summary>Forgets the invitations to a group, named in the same way.</summary>
    Task<ConversationReference> DeclineInvitationAsync(string group, CancellationToken cancellationToken = default);

    /// <summary>A conversation's members, oldest first.</summary>
    Task<IReadOnlyList<MemberInfo>> GetMembersAsync(string conversation, CancellationToken cancellationToken = default);

    /// <summary>Adds a contact to a group.</summary>
    Task<SentInfo> AddMemberAsync(string conversation, string identity, CancellationToken cancellationToken = default);

    /// <summary>Removes a member from a group.</summary>
    Task<SentInfo> RemoveMemberAsync(string conversation, string identity, CancellationToken cancellationToken = default);

    /// <summary>Gives a member a role.</summary>
    Task<SentInfo> SetRoleAsync(string conversation, string identity, string role, CancellationToken cancellationToken = default);

    /// <summary>Leaves a group.</summary>
    Task<SentInfo> LeaveAsync(string conversation, CancellationToken cancellationToken = default);

    /// <summary>Sends a message.</summary>
    Task<SentInfo> SendAsync(string conversation, string text, CancellationToken cancellationToken = default);

    /// <summary>
    /// Sends many messages, up to 256 at a time on their way to the disk; results come in the order of the texts. On a refusal the
    /// results of the texts before it come first, then the exception; no text after it is taken.
    /// </summary>
    IAsyncEnumerable<SentInfo> SendManyAsync(string conversation, IAsyncEnumerable<string> texts, CancellationToken cancellationToken = default);

    /// <summary>Answers a message.</summary>
    Task<SentInfo> ReplyAsync(string conversation, string message, string text, CancellationToken cancellationToken = default);

    /// <summary>Changes an own message.</summary>
    Task<SentInfo> EditAsync(string conversation, string message, string text, CancellationToken cancellationToken = default);

    /// <summary>Deletes an own message.</summary>
    Task<SentInfo> DeleteAsync(string conversation, string message, CancellationToken cancellationToken = default);

    /// <summary>Reacts to a message, or takes the reaction back.</summary>
    Task<SentInfo> ReactAsync(string conversation, string message, string emoji, bool remove = false, CancellationToken cancellationToken = default);

    /// <summary>Marks a message and all before it as read.</summary>
    Task<SentInfo> MarkReadAsync(string conversation, string message, CancellationToken cancellationToken = default);

    /// <summary>Messages in conversation order, oldest first: all, or the newest <paramref name="limit"/>, or those before one.</summary>
    IAsyncEnumerable<MessageInfo> GetHistoryAsync(string conversation, int? limit = null, string? before = null, CancellationToken cancellationToken = default);

    /// <summary>Frontier and state hash.</summary>
    Task<ConversationStatusInfo> GetConversationStatusAsync(string conversation, CancellationToken cancellationToken = default);

    /// <summary>Opens a feed of events.</summary>
    /// <param name="conversation">Null for all conversations, those that appear later included.</param>
    /// <param name="from">
    /// A cursor; null for everything from the first event on; <c>now</c> for live events only. Without a conversation, <c>CONVERSATION:CURSOR</c>
    /// for each that has one, with commas between; those that are not named begin with their first event.
    /// </param>
    /// <param name="cancellationToken">Stops the opening.</param>
    Task<IEventFeed> WatchAsync(string? conversation, string? from, CancellationToken cancellationToken = default);

    /// <summary>Opens a feed of the node's own events (links, contacts, problems), from now on.</summary>
    Task<IEventFeed> WatchNodeAsync(CancellationToken cancellationToken = default);

    /// <summary>Links to an address (host:port) and keeps the link.</summary>
    Task LinkAsync(string address, CancellationToken cancellationToken = default);

    /// <summary>Runs one link over a duplex stream whose ends are equal; completes when the link has ended.</summary>
    Task AttachAsync(Stream stream, CancellationToken cancellationToken = default);
}
