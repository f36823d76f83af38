using HiNet.Crdt.Core.Log;

namespace HiNet.Crdt.Core.Sync;

/// <summary>What both ends carry from entry to entry within one message of segments; every message starts anew.</summary>
internal sealed class SegmentContext
{
    public EntryId? Epoch { get; private set; }

    public Bytes32 Authority { get; private set; }

    public uint Kind { get; private set; } = EntryKind.Message;

    public void Clear()
    {
        Epoch = null;
        Authority = default;
        Kind = EntryKind.Message;
    }

    public void Note(EntryHeader header)
    {
        if (header.Epoch is { } epoch)
        {
            Epoch = epoch;
        }

        Authority = header.Authority;
        Kind = header.Kind;
    }
}
