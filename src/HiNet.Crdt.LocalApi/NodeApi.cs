using HiNet.Crdt.LocalApi.Contract;
using HiNet.Crdt.LocalApi.Events;
using HiNet.Crdt.LocalApi.Links;

namespace HiNet.Crdt.LocalApi;

/// <summary>The local API's operations on a node in this process. Disposing it leaves the node alone.</summary>
public sealed partial class NodeApi : INodeApi
{
    private const string NotYet = "is not available in this version yet.";

    private readonly INode _node;
    private readonly INodeLinks? _links;
    private readonly INodeDht? _dht;

    /// <summary>Over a node and, where it has any, its links and its DHT.</summary>
    public NodeApi(INode node, INodeLinks? links = null, INodeDht? dht = null)
    {
        ArgumentNullException.ThrowIfNull(node);
        _node = node;
        _links = links;
        _dht = dht;
    }

    /// <inheritdoc/>
    public Task<NodeInfo> GetNodeAsync(CancellationToken cancellationToken = default) => Task.FromResult(new NodeInfo(
        _node.Self.Id.ToString(), _node.Self.Name, _node.Device.ToString(), _node.Node.ToString(), _links?.ListenAddress));

    /// <inheritdoc/>
    public Task<NodeStatusInfo> GetStatusAsync(CancellationToken cancellationToken = default)
    {
        var status = _node.GetStatus();
        return Task.FromResult(new NodeStatusInfo(
            [.. status.Peers.Select(p => p.ToString())],
            status.Conversations,
            status.Entries,
            status.Problem,
            _node.Self.Id.ToString(),
            _node.Device.ToString(),
            _node.Node.ToString(),
            _links?.ListenAddress,
            _links?.AdvertisedAddresses ?? []));
    }

    /// <inheritdoc/>
    public async Task<InviteInfo> CreateInviteAsync(IReadOnlyList<string>? addresses = null, int uses = 1, CancellationToken cancellationToken = default) =>
        new(await _node.CreateInviteAsync(addresses is { Count: > 0 } ? addresses : null, uses, cancellationToken).ConfigureAwait(false));

    /// <inheritdoc/>
    public async Task<ContactInfo> AddContactAsync(string invite, string? name, CancellationToken cancellationToken = default) =>
        (await _node.AddContactAsync(invite, name, cancellationToken).ConfigureAwait(false)).ToInfo();

    /// <inheritdoc/>
    public Task<IReadOnlyList<ContactInfo>> GetContactsAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<ContactInfo>>([.. _node.Contacts.Select(ContractMapping.ToInfo)]);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ConversationInfo>> GetConversationsAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<ConversationInfo>>([.. _node.Conversations.Select(c => c.Summarize().ToInfo())]);

    /// <inheritdoc/>
    public Task<ConversationStatusInfo> GetConversationStatusAsync(string conversation, CancellationToken cancellationToken = default) =>
        Task.FromResult(References.Conversation(_node, conversation).GetStatus().ToInfo());

    /// <inheritdoc/>
    public Task<IEventFeed> WatchAsync(string? conversation, string? from, CancellationToken cancellationToken = default)
    {
        var place = FeedPlace.Parse(from);
        if (conversation is null)
        {
            return Task.FromResult<IEventFeed>(place.Rest is { Position: > 0 }
                ? throw new LocalApiException(400, $"A cursor belongs to one conversation: for all of them give CONVERSATION:{from}, as many as you have with commas between, or 'now'.")
                : NodeWideFeed.Open(_node, place));
        }

        return Task.FromResult<IEventFeed>(place.Of.Count > 0
            ? throw new LocalApiException(400, $"'{from}' is not a cursor; give one that an event carried, or 'now'.")
            : ConversationFeed.Open(References.Conversation(_node, conversation), place.Rest));
    }

    /// <inheritdoc/>
    public Task<IEventFeed> WatchNodeAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult<IEventFeed>(NodeEventFeed.Open(_node));

    /// <inheritdoc/>
    public Task LinkAsync(string address, CancellationToken cancellationToken = default) =>
        Links.LinkAsync(address, cancellationToken);

    /// <inheritdoc/>
    public Task AttachAsync(Stream stream, CancellationToken cancellationToken = default) =>
        SymmetricLink.RunAsync(Links, stream, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private INodeLinks Links => _links ?? throw new LocalApiException(501, "This node takes no links.");
}
