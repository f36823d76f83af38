using Microsoft.Extensions.Logging;

namespace HiNet.Crdt.Cli.Home;

/// <summary>How a home's node is to be opened.</summary>
internal sealed record NodeOpening
{
    /// <summary>Given when the home is new.</summary>
    public string? Name { get; init; }

    /// <summary>host:port, or null for a node that does not listen.</summary>
    public string? Listen { get; init; }

    public IReadOnlyList<string> Bootstrap { get; init; } = [];

    /// <summary>Whether the node takes part in the DHT; it takes an address to listen on.</summary>
    public bool UseDht { get; init; } = true;

    /// <summary>Whether the node is found, and finds others, on the local network; it takes an address to listen on.</summary>
    public bool UseMdns { get; init; } = true;

    /// <summary>host:port to put into invites; none for the one listened on.</summary>
    public IReadOnlyList<string> Advertised { get; init; } = [];

    /// <summary>Whether groups that contacts invite to are joined at once.</summary>
    public bool AcceptInvitations { get; init; }

    public string? Passphrase { get; init; }

    public ILoggerFactory? LoggerFactory { get; init; }
}
