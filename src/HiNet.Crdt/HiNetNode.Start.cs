using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Reading;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Cryptography;
using HiNet.Crdt.Diagnostics;
using HiNet.Crdt.Discovery;
using HiNet.Crdt.Driver;
using HiNet.Crdt.Events;
using HiNet.Crdt.Storage;
using HiNet.Crdt.Transport;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HiNet.Crdt;

public sealed partial class HiNetNode
{
    private const int MaximumVerifiers = 16;
    private const int PortAttempts = 8;

    /// <summary>
    /// Opens the store, makes an identity in it if it is empty, and starts the node. When this fails nothing is left open.
    /// </summary>
    /// <param name="options">At least <see cref="HiNetOptions.Store"/>.</param>
    /// <param name="cancellationToken">Gives up between two steps.</param>
    /// <exception cref="InvalidOptionsException">An option is missing or malformed.</exception>
    /// <exception cref="StoreException">The store cannot be opened: in use, of a newer format, damaged, or not writable.</exception>
    /// <exception cref="HiNetException">A wrong or missing passphrase, a wrong recovery phrase, an address that cannot be listened on, a missing native library.</exception>
    public static Task<HiNetNode> StartAsync(HiNetOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);

        // Opening a store and deriving a key from a passphrase block for a while: not on the caller's thread.
        return Task.Run(() => StartCoreAsync(options, cancellationToken), cancellationToken);
    }

    private static async Task<HiNetNode> StartCoreAsync(HiNetOptions options, CancellationToken cancellationToken)
    {
        options.Validate();
        var cryptography = SodiumCryptography.Instance;
        var logger = (options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger("HiNet.Crdt.Node");
        var store = options.Store!.Open();
        LinkTransport? transport = null;
        DatagramTransport? datagrams = null;
        NodeParts parts;
        try
        {
            var home = NodeHome.Open(store, options, cryptography, logger);
            cancellationToken.ThrowIfCancellationRequested();
            var inbox = new Inbox(new ReadGate());
            transport = new LinkTransport(inbox, Logger(options, "Links"));
            (var bound, datagrams) = Bind(options, transport, inbox);
            parts = Assemble(options, home, cryptography, store, inbox, transport, datagrams, bound, logger);
        }
        catch
        {
            datagrams?.Dispose();
            if (transport is not null)
            {
                await transport.DisposeAsync().ConfigureAwait(false);
            }

            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return await RunAsync(new HiNetNode(parts), options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>One number for both ports. One that the system chose for TCP may be taken for UDP: then another is tried.</summary>
    private static (NodeAddress? Bound, DatagramTransport? Datagrams) Bind(HiNetOptions options, LinkTransport transport, Inbox inbox)
    {
        if (options.Listen is null)
        {
            return (null, null);
        }

        var wanted = NodeAddress.Parse(options.Listen, forListening: true);
        for (var attempt = 1; ; attempt++)
        {
            var bound = transport.Bind(wanted);
            try
            {
                return (bound, options.UseDht ? DatagramTransport.Bind(bound, inbox, Logger(options, "Datagrams")) : null);
            }
            catch (HiNetException) when (wanted.Port == 0 && attempt < PortAttempts)
            {
                // The next round has another port.
            }
        }
    }

    private static NodeParts Assemble(
        HiNetOptions options,
        NodeHome home,
        ICryptography cryptography,
        IEntryStore store,
        Inbox inbox,
        LinkTransport transport,
        DatagramTransport? datagrams,
        NodeAddress? bound,
        ILogger logger)
    {
        var clock = new DriverClock(TimeProvider.System);
        var lan = options.UseMdns && bound is { } listening ? LanDiscovery.Create(listening, inbox, Logger(options, "Lan")) : null;
        var coreOptions = new NodeCoreOptions
        {
            AdvertisedAddresses = options.AdvertisedAddresses.Count > 0 || bound is null
                ? options.AdvertisedAddresses
                : ReachableAddresses.Of(bound.Value),
            SendReceipts = options.SendReceipts,
            AcceptInvitations = options.AcceptInvitations,
            Dht = datagrams is null ? null : new DhtOptions(),
            UsesLan = lan is not null,
        };
        var core = new NodeCore(coreOptions, home.Secrets, store, cryptography, new ProcessRandomSource(), Marks.None, clock.Now);
        var readers = new NodeReaders(() => new NodeReader(store, cryptography, home.Secrets));
        var eventsLogger = Logger(options, "Events");
        var conversationEvents = new ConversationEventHub(() => new StoredEvents(readers.Create()), eventsLogger);
        var nodeEvents = new NodeEventHub(eventsLogger);
        var driverLogger = Logger(options, "Driver");
        var driver = new NodeDriver(
            core,
            clock,
            inbox,
            new StoreWriter(store, inbox, driverLogger),
            new VerifierPool(cryptography, inbox, Math.Min(Environment.ProcessorCount, MaximumVerifiers)),
            transport,
            new NodeSubscribers(conversationEvents, nodeEvents),
            driverLogger,
            datagrams,
            lan);
        return new NodeParts(
            home, cryptography, store, core, readers, driver, transport, datagrams, lan, inbox, conversationEvents, nodeEvents, bound,
            coreOptions.AdvertisedAddresses, logger);
    }

    private static async Task<HiNetNode> RunAsync(HiNetNode node, HiNetOptions options, CancellationToken cancellationToken)
    {
        try
        {
            node._driver.Start();
            node._transport.Accept();
            node.StartDiscovery(options);
            foreach (var address in options.Bootstrap)
            {
                await node.LinkAsync(address, cancellationToken).ConfigureAwait(false);
            }

            node._logger.Started(node.Node, node.Self.Id, node.ListenAddress ?? "no address");
            return node;
        }
        catch
        {
            await node.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private void StartDiscovery(HiNetOptions options)
    {
        _lan?.Start();
        if (_datagrams is not null)
        {
            _datagrams.Start();
            _ = BootstrapResolver.RunAsync(options.Bootstrap, _inbox, Logger(options, "Datagrams"), _stopping.Token);
        }
    }

    private static ILogger Logger(HiNetOptions options, string area) =>
        (options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger("HiNet.Crdt." + area);
}
