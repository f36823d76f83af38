using Microsoft.Extensions.Logging;

namespace HiNet.Crdt.Diagnostics;

/// <summary>What LAN discovery has to say. Names and addresses come from outside: log viewers escape them.</summary>
internal static partial class DiscoveryLog
{
    [LoggerMessage(80, LogLevel.Warning, "Nodes on the LAN are not looked for, because UDP port 5353 cannot be had ({Problem}): stop the program that keeps it to itself, or have it share the port, and start the node again.")]
    internal static partial void PortUnavailable(this ILogger logger, string problem);

    [LoggerMessage(81, LogLevel.Warning, "Nodes on the LAN are not found yet, because no network interface with multicast is up: connect one, and it begins by itself.")]
    internal static partial void NoInterface(this ILogger logger);

    [LoggerMessage(82, LogLevel.Debug, "LAN discovery leaves out {Group} on interface {Interface}: {Problem}")]
    internal static partial void JoinFailed(this ILogger logger, string group, int @interface, string problem);

    [LoggerMessage(83, LogLevel.Debug, "A node is on the LAN as {Instance}, at {Address}, with {Secrets} secrets in common")]
    internal static partial void PeerFound(this ILogger logger, string instance, string address, int secrets);

    [LoggerMessage(84, LogLevel.Debug, "The node {Instance} has left the LAN")]
    internal static partial void PeerLost(this ILogger logger, string instance);

    [LoggerMessage(85, LogLevel.Error, "LAN discovery has stopped itself because of a defect: {Problem}")]
    internal static partial void DiscoveryFailed(this ILogger logger, Exception exception, string problem);

    [LoggerMessage(86, LogLevel.Error, "Who was told of a node on the LAN threw: {Problem}")]
    internal static partial void DiscoveryCallbackFailed(this ILogger logger, Exception exception, string problem);

    [LoggerMessage(87, LogLevel.Debug, "The network interfaces cannot be read: {Problem}")]
    internal static partial void InterfacesUnreadable(this ILogger logger, string problem);

    [LoggerMessage(88, LogLevel.Debug, "LAN discovery does without {Family}: {Problem}")]
    internal static partial void FamilyUnavailable(this ILogger logger, string family, string problem);
}
