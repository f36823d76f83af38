using Microsoft.Extensions.Logging;

namespace HiNet.Crdt.Diagnostics;

/// <summary>What the driver, the store writer and the verifiers have to say.</summary>
internal static partial class DriverLog
{
    [LoggerMessage(1, LogLevel.Critical, "The node has stopped itself because of a defect: {Problem}")]
    internal static partial void FailStopped(this ILogger logger, Exception exception, string problem);

    [LoggerMessage(2, LogLevel.Error, "A batch of {Bytes} bytes was not written: {Problem}")]
    internal static partial void PersistFailed(this ILogger logger, long bytes, string problem, Exception exception);

    [LoggerMessage(3, LogLevel.Warning, "Deleted bodies are not yet off the disk: {Problem}")]
    internal static partial void ReclaimFailed(this ILogger logger, string problem, Exception exception);

    [LoggerMessage(4, LogLevel.Warning, "The node did not stop within {Seconds} s and was cut off.")]
    internal static partial void StopTimedOut(this ILogger logger, double seconds);
}
