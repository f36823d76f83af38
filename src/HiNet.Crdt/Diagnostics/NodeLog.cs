using Microsoft.Extensions.Logging;

namespace HiNet.Crdt.Diagnostics;

/// <summary>What a node has to say about its start and its end.</summary>
internal static partial class NodeLog
{
    [LoggerMessage(60, LogLevel.Warning, "The secrets in {Location} are not sealed: whoever can read it can pose as this person. Set a passphrase.")]
    internal static partial void HomeUnsealed(this ILogger logger, string location);

    [LoggerMessage(61, LogLevel.Information, "Node {Node} of {Identity} has started; it listens on {Listen}")]
    internal static partial void Started(this ILogger logger, NodeId node, IdentityId identity, string listen);

    [LoggerMessage(62, LogLevel.Information, "Node {Node} has stopped")]
    internal static partial void Stopped(this ILogger logger, NodeId node);
}
