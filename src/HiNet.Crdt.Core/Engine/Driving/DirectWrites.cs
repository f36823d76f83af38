using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine.Driving;

/// <summary>
/// Which batches the driver writes on its own thread: small ones, to a disk that was quick the last time. That saves waking
/// another thread and being woken by it, half the time of a short synced write; a disk that has turned slow holds up nobody but its writer.
/// </summary>
public sealed class DirectWrites
{
    /// <summary>A disk that took longer than this the last time could hold the driver up.</summary>
    public static readonly TimeSpan QuickWrite = TimeSpan.FromMilliseconds(2);

    /// <summary>One entry makes some seven changes.</summary>
    public const int FewChanges = 16;

    /// <summary>How long the last write took; nothing is known of a disk that was never written to.</summary>
    private TimeSpan _last = TimeSpan.MaxValue;

    /// <summary>A write took so long, whoever made it.</summary>
    public void Took(TimeSpan time) => _last = time;

    /// <summary>Whether a batch may be written at once.</summary>
    public bool Allow(WriteBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return batch.Changes.Count <= FewChanges && !batch.Erases && _last <= QuickWrite;
    }
}
