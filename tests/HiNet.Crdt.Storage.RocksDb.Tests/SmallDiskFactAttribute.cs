namespace HiNet.Crdt.Storage.RocksDb.Tests;

/// <summary>A test on a disk of a few megabytes, which only root on Linux can make; skipped elsewhere, with that reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute()
    {
        using var directory = new TemporaryDirectory();
        if (!SmallDisk.TryMount(directory.Path, megabytes: 1, out var disk))
        {
            Skip = "needs the right to mount a tmpfs (root on Linux)";
        }

        disk?.Dispose();
    }
}
