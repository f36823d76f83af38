using Microsoft.Extensions.Logging;

namespace HiNet.Crdt.Diagnostics;

/// <summary>What links have to say. Addresses and reasons come from outside: log viewers escape them.</summary>
internal static partial class TransportLog
{
    [LoggerMessage(20, LogLevel.Debug, "No link to {Address}: {Problem}")]
    internal static partial void DialFailed(this ILogger logger, string address, string problem);

    [LoggerMessage(21, LogLevel.Debug, "Link {Link} is being closed: {Reason}")]
    internal static partial void LinkDisconnected(this ILogger logger, long link, string reason);

    [LoggerMessage(22, LogLevel.Warning, "A link could not be accepted: {Problem}")]
    internal static partial void AcceptFailed(this ILogger logger, string problem);

    [LoggerMessage(23, LogLevel.Warning, "A link was refused because {Maximum} are open")]
    internal static partial void LinkRefused(this ILogger logger, int maximum);

    [LoggerMessage(24, LogLevel.Debug, "A datagram was not received: {Problem}")]
    internal static partial void DatagramFailed(this ILogger logger, string problem);

    [LoggerMessage(25, LogLevel.Warning, "The bootstrap address {Address} is not known ({Problem}): it is looked up again each minute")]
    internal static partial void BootstrapUnknown(this ILogger logger, string address, string problem);
}
