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

    /// <summary>host:port to put into invites; none for the one listened on.</summary>
    public IReadOnlyList<string> Advertised { get; init; } = [];

    public string? Passphrase { get; init; }

    public ILoggerFactory? LoggerFactory { get; init; }
}
