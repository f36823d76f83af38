using System.Collections.Concurrent;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Diagnostics;
using HiNet.Crdt.Discovery;
using HiNet.Crdt.Driver;
using HiNet.Crdt.Events;
using HiNet.Crdt.Storage;
using HiNet.Crdt.Transport;
using Microsoft.Extensions.Logging;

namespace HiNet.Crdt;

/// <summary>
/// A person's node in this process. Start it, hold conversations through it, dispose it. All members may be called from any
/// thread; after disposal they fail with <see cref="NodeStoppedException"/>.
/// </summary>
/// <example>
/// <code>
/// await using var node = await HiNetNode.StartAsync(new HiNetOptions { Store = new InMemoryStore(), Name = "Alice" });
/// var notes = await node.OpenDirectAsync(node.Self.Id);
/// await notes.SendAsync("milk");
/// </code>
/// </example>
public sealed partial class HiNetNode : INode, IAsyncDisposable
{
    private static readonly TimeSpan CompletionPatience = TimeSpan.FromSeconds(5);

    private readonly NodeHome _home;
    private readonly ICryptography _cryptography;
    private readonly IEntryStore _store;
    private readonly NodeCore _core;
    private readonly NodeReaders _readers;
    private readonly NodeDriver _driver;
    private readonly LinkTransport _transport;
    private readonly DatagramTransport? _datagrams;
    private readonly LanDiscovery? _lan;
    private readonly Inbox _inbox;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConversationEventHub _conversationEvents;
    private readonly NodeEventHub _nodeEvents;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<ConversationId, ConversationHandle> _conversations = new();
    private readonly Lazy<Task> _disposal;

    /// <summary>How often the node's thread has woken.</summary>
    internal long Rounds => _driver.Rounds;

    private HiNetNode(NodeParts parts)
    {
        _home = parts.Home;
        _cryptography = parts.Cryptography;
        _store = parts.Store;
        _core = parts.Core;
        _readers = parts.Readers;
        _driver = parts.Driver;
        _transport = parts.Transport;
        _datagrams = parts.Datagrams;
        _lan = parts.Lan;
        _inbox = parts.Inbox;
        _conversationEvents = parts.ConversationEvents;
        _nodeEvents = parts.NodeEvents;
        _logger = parts.Logger;
        ListenAddress = parts.ListenAddress?.ToString();
        AdvertisedAddresses = parts.AdvertisedAddresses;
        Dht = new NodeDht(_driver, _cryptography, _home.Secrets, TimeProvider.System);
        Self = _readers.Read(0, static (reader, _) => reader.Self);
        _disposal = new Lazy<Task>(StopAsync);
    }

    /// <inheritdoc/>
    public Person Self { get; }

    /// <inheritdoc/>
    public DeviceId Device => _home.Secrets.Device;

    /// <inheritdoc/>
    public NodeId Node => _home.Secrets.Node;

    /// <summary>The address (host:port) on which other nodes may link to this one, with the port that the system chose; null when it listens nowhere.</summary>
    public string? ListenAddress { get; }

    /// <summary>The addresses (host:port) at which others are told to reach this node, in invites and in the DHT; none when it listens nowhere and was given none.</summary>
    public IReadOnlyList<string> AdvertisedAddresses { get; }

    /// <summary>The DHT, for operators and diagnostics.</summary>
    public INodeDht Dht { get; }

    /// <summary>
    /// The 24 words of the identity that this start made, to be shown to the person once: nothing keeps them, and they are
    /// the only way to the identity when this store is lost. Null when the store had an identity or was given a phrase.
    /// </summary>
    public string? NewRecoveryPhrase => _home.NewRecoveryPhrase;

    /// <summary>True when the store holds the secrets without a passphrase; a host does well to warn.</summary>
    public bool IsUnsealed => _home.IsUnsealed;

    /// <summary>What happens to the node from now on. An observer more than 1,024 events behind loses the oldest.</summary>
    public IObservable<NodeEvent> Events => _nodeEvents;

    /// <inheritdoc/>
    public IReadOnlyList<Contact> Contacts => _readers.Read(0, static (reader, _) => reader.Contacts());

    /// <inheritdoc/>
    public IReadOnlyList<IConversation> Conversations =>
        [.. _readers.Read(0, static (reader, _) => reader.Conversations()).Select(FindConversation).OfType<IConversation>()];

    /// <inheritdoc/>
    public IReadOnlyList<GroupInvitation> Invitations => _readers.Read(0, static (reader, _) => reader.Invitations());

    /// <inheritdoc/>
    public IConversation? FindConversation(ConversationId conversation)
    {
        if (_conversations.TryGetValue(conversation, out var known))
        {
            return known;
        }

        return _readers.Read(conversation, static (reader, id) => reader.KindOf(id)) is { } kind
            ? _conversations.GetOrAdd(conversation, new ConversationHandle(conversation, kind, _driver, _readers, _conversationEvents))
            : null;
    }

    /// <inheritdoc/>
    public NodeStatus GetStatus()
    {
        var (conversations, entries) = _readers.Read(0, static (reader, _) =>
        {
            var all = reader.Conversations();
            return (all.Count, all.Sum(conversation => reader.StatusOf(conversation).Entries));
        });
        return new NodeStatus(_driver.Peers, conversations, entries, _driver.Problem);
    }

    /// <summary>True when a store holds an identity, so that starting a node on it makes none. Opens the store and closes it again.</summary>
    /// <exception cref="StoreException">The store cannot be opened, or is in use.</exception>
    public static bool HasIdentity(StoreProvider store)
    {
        ArgumentNullException.ThrowIfNull(store);
        var opened = store.Open();
        try
        {
            return NodeHome.Exists(opened);
        }
        finally
        {
            opened.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    /// <summary>
    /// Closes the links with a word to the peers, makes everything handed over durable, lets observers have what there is and
    /// completes them, closes the store. Operations under way end with their result or with <see cref="NodeStoppedException"/>.
    /// May be called again and from an observer.
    /// </summary>
    public ValueTask DisposeAsync() => new(_disposal.Value);

    private async Task StopAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _driver.DisposeAsync().ConfigureAwait(false);
        await _conversationEvents.CompleteAsync(CompletionPatience).ConfigureAwait(false);
        await _nodeEvents.CompleteAsync(CompletionPatience).ConfigureAwait(false);
        _readers.Close();
        _core.Dispose();
        await _store.DisposeAsync().ConfigureAwait(false);
        _home.Secrets.Wipe(_cryptography);
        _stopping.Dispose();
        _logger.Stopped(Node);
    }
}
