using HiNet.Crdt.Storage;

namespace HiNet.Crdt.Hosting;

/// <summary>How a host runs its node. Bindable from configuration.</summary>
public sealed class HiNetHostingOptions
{
    /// <summary>What the person calls themselves. Needed when the store holds no identity yet.</summary>
    public string? Name { get; set; }

    /// <summary>host:port to take links at, port 0 for any free one; null for a node that does not listen.</summary>
    public string? Listen { get; set; }

    /// <summary>Addresses (host:port) to stay linked to.</summary>
    public IList<string> Bootstrap { get; } = [];

    /// <summary>Addresses (host:port) to put into invites; when empty, the one that the node listens on.</summary>
    public IList<string> AdvertisedAddresses { get; } = [];

    /// <summary>Seals the store's secrets; null leaves them open, which is logged as a warning.</summary>
    public string? Passphrase { get; set; }

    /// <summary>24 words of the English BIP39 list, to be the same person as elsewhere.</summary>
    public string? RecoveryPhrase { get; set; }

    /// <summary>Whether received messages are acknowledged to their authors.</summary>
    public bool SendReceipts { get; set; } = true;

    /// <summary>See <see cref="HiNetOptions.AcceptInvitations"/>.</summary>
    public bool AcceptInvitations { get; set; }

    internal HiNetOptions ToNodeOptions(StoreProvider store) => new()
    {
        Store = store,
        Name = Name,
        Listen = Listen,
        Bootstrap = [.. Bootstrap],
        AdvertisedAddresses = [.. AdvertisedAddresses],
        Passphrase = Passphrase,
        RecoveryPhrase = RecoveryPhrase,
        SendReceipts = SendReceipts,
        AcceptInvitations = AcceptInvitations,
    };
}
