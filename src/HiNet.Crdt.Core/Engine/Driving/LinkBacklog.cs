namespace HiNet.Crdt.Core.Engine.Driving;

/// <summary>
/// The bytes that one link still has to send: when the machine is told that some have left, and when the link is ended because
/// its other end does not read. Every transport counts with it, the simulated one too.
/// The machine counts the same bytes in <see cref="Sessions.LinkRoom"/>, from what is reported to it.
/// </summary>
/// <param name="maximum">A link with more pending than this is ended.</param>
/// <param name="reportEvery">The machine is told each time that so many have left.</param>
public sealed class LinkBacklog(long maximum = Limits.LinkBufferBytes, long reportEvery = Limits.LinkReportBytes)
{
    /// <summary>Bytes that have left and of which the machine has not heard; below the bytes of a report, but for the last ones.</summary>
    private long _unreported;

    /// <summary>Bytes handed over that have not left; never negative.</summary>
    public long Pending { get; private set; }

    /// <summary>False when so much is pending that the link has to be ended.</summary>
    public bool TryAdd(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        Pending += bytes;
        return Pending <= maximum;
    }

    /// <summary>Bytes have left. Gives what is to be reported by <see cref="NodeInput.LinkProgressed"/>; 0 for nothing yet.</summary>
    public long Sent(long bytes)
    {
        if (bytes < 0 || bytes > Pending)
        {
            throw new ArgumentOutOfRangeException(nameof(bytes), bytes, $"Only {Pending} bytes were pending.");
        }

        Pending -= bytes;
        _unreported += bytes;
        if (_unreported < reportEvery)
        {
            return 0;
        }

        var report = _unreported;
        _unreported = 0;
        return report;
    }
}
