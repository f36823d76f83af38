namespace HiNet.Crdt.Core.Log;

/// <summary>Entries that this device has just made: it trusts itself, and signs them when their batch is complete.</summary>
public sealed class OwnRun : VerifiedRun.Maker
{
    private OwnRun()
    {
    }

    public static VerifiedRun Of(Entry entry) =>
        Make(new SignedRun(entry.Header.Device, [entry], ReadOnlyMemory<byte>.Empty));
}
