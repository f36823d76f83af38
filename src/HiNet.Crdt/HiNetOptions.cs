using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Storage;
using HiNet.Crdt.Transport;
using Microsoft.Extensions.Logging;

namespace HiNet.Crdt;

/// <summary>What a node is started with. Only <see cref="Store"/> must be set.</summary>
public sealed record HiNetOptions
{
    /// <summary>The name of a person who gave none.</summary>
    public const string DefaultName = "anonymous";

    /// <summary>Most addresses in <see cref="Bootstrap"/>, and in <see cref="AdvertisedAddresses"/>.</summary>
    public const int MaximumAddresses = 64;

    /// <summary>Where everything is kept. An empty store becomes the home of a new identity.</summary>
    public StoreProvider? Store { get; init; }

    /// <summary>
    /// What the person calls themselves, 1 to 64 bytes of UTF-8 on one line. Used when the identity is made, which takes
    /// <see cref="DefaultName"/> when this is null; later starts keep the name that the home has.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>
    /// The address (host:port) on which other nodes may link to this one; port 0 lets the system choose. Null listens nowhere:
    /// such a node links to others all the same.
    /// </summary>
    public string? Listen { get; init; }

    /// <summary>
    /// Addresses (host:port) to link to, and to link to again whenever such a link ends; and, where the node takes part in the
    /// DHT, the nodes to begin with there.
    /// </summary>
    public IReadOnlyList<string> Bootstrap { get; init; } = [];

    /// <summary>
    /// Whether the node takes part in the DHT, by which contacts and members of groups find each other's nodes. It takes an address
    /// to listen on, and UDP on the same port.
    /// </summary>
    public bool UseDht { get; init; } = true;

    /// <summary>
    /// Whether contacts and members of groups find each other on the local network (mDNS, UDP port 5353). It takes an address to
    /// listen on that is not the loopback one.
    /// </summary>
    public bool UseMdns { get; init; } = true;

    /// <summary>
    /// Addresses (host:port) at which others reach this node, put into invites. When empty, the one it listens on, with an
    /// address of this machine for "any address".
    /// </summary>
    public IReadOnlyList<string> AdvertisedAddresses { get; init; } = [];

    /// <summary>
    /// Seals the home's secrets. Null leaves those of a new home open to whoever can read the store. Given for a home that is
    /// open, it seals it from now on.
    /// </summary>
    public string? Passphrase { get; init; }

    /// <summary>
    /// 24 words from which an empty store gets its identity, for a person who has one already. For a home that exists they
    /// must be its own, or the start fails.
    /// </summary>
    public string? RecoveryPhrase { get; init; }

    /// <summary>Whether authors learn that their messages arrived and were read.</summary>
    public bool SendReceipts { get; init; } = true;

    /// <summary>
    /// Whether groups that contacts invite to are joined at once, as suits a bot. Otherwise each waits among <see cref="INode.Invitations"/>
    /// until it is accepted or declined.
    /// </summary>
    public bool AcceptInvitations { get; init; }

    /// <summary>Where the node logs to; null logs nothing.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>Checks every option that can be checked without opening anything. <see cref="HiNetNode.StartAsync"/> does it too.</summary>
    /// <exception cref="InvalidOptionsException">One sentence on the first problem there is.</exception>
    public void Validate()
    {
        if (Store is null)
        {
            throw new InvalidOptionsException("No store is given: set Store, for example to new InMemoryStore() or RocksDbStore.At(path).");
        }

        if (Name is not null && !PersonName.IsValid(Name))
        {
            throw new InvalidOptionsException($"The name cannot be used: set Name to one line of 1 to {PersonName.MaxBytes} bytes, with no space at either end.");
        }

        if (Passphrase is { Length: 0 })
        {
            throw new InvalidOptionsException("The passphrase is empty and would seal nothing: set Passphrase to some characters, or to null for an open home.");
        }

        if (Listen is not null)
        {
            Check(nameof(Listen), Listen, forListening: true);
        }

        CheckAll(nameof(Bootstrap), Bootstrap);
        CheckAll(nameof(AdvertisedAddresses), AdvertisedAddresses);
    }

    private static void CheckAll(string option, IReadOnlyList<string>? addresses)
    {
        if (addresses is null || addresses.Count > MaximumAddresses)
        {
            throw new InvalidOptionsException($"{option} is null or has more than {MaximumAddresses} addresses: set fewer, or an empty list.");
        }

        foreach (var address in addresses)
        {
            Check(option, address, forListening: false);
        }
    }

    private static void Check(string option, string address, bool forListening)
    {
        if (!NodeAddress.TryParse(address, forListening, out _, out var problem))
        {
            throw new InvalidOptionsException($"{option}: {problem}");
        }
    }

    /// <summary>Leaves secrets out.</summary>
    public override string ToString() => $"HiNetOptions {{ Store = {Store}, Name = {Name}, Listen = {Listen} }}";
}
