namespace HiNet.Crdt.Core.Log;

/// <summary>
/// Runs that are kept because an entry of theirs waits. However many of a run's entries wait, it is kept once, and whole: so it is counted
/// once, and whole.
/// </summary>
internal sealed class HeldRuns
{
    private readonly Dictionary<VerifiedRun, int> _waiting = [];

    /// <summary>Of all that are held.</summary>
    public long Bytes { get; private set; }

    /// <summary>By how much holding it would make <see cref="Bytes"/> more.</summary>
    public long CostOf(VerifiedRun run) => _waiting.ContainsKey(run) ? 0 : SizeOf(run);

    /// <summary>One more of its entries waits.</summary>
    public void Hold(VerifiedRun run)
    {
        Bytes += CostOf(run);
        _waiting[run] = _waiting.GetValueOrDefault(run) + 1;
    }

    /// <summary>One of them waits no longer.</summary>
    public void Release(VerifiedRun run)
    {
        if (--_waiting[run] > 0)
        {
            return;
        }

        _waiting.Remove(run);
        Bytes -= SizeOf(run);
    }

    private static long SizeOf(VerifiedRun run)
    {
        var bytes = 0L;
        foreach (var entry in run.Run.Entries)
        {
            bytes += entry.HeaderBytes.Length + (entry.Body?.Length ?? 0);
        }

        return bytes;
    }
}
