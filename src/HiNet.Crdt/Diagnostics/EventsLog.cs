using Microsoft.Extensions.Logging;

namespace HiNet.Crdt.Diagnostics;

/// <summary>What event streams have to say.</summary>
internal static partial class EventsLog
{
    [LoggerMessage(40, LogLevel.Error, "An observer of events threw; its subscription has ended")]
    internal static partial void ObserverFailed(this ILogger logger, Exception exception);

    [LoggerMessage(41, LogLevel.Error, "Events cannot be read now: {Problem}")]
    internal static partial void EventsUnreadable(this ILogger logger, string problem, Exception exception);

    [LoggerMessage(42, LogLevel.Error, "Reading events failed by a defect; the subscription has ended")]
    internal static partial void EventsBroken(this ILogger logger, Exception exception);
}
