using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Dht;

/// <summary>What one holder has given so far, page by page.</summary>
internal sealed class HolderReading(DhtPeer holder, HeldSet set, ReadOnlyMemory<byte> digest, Instant beganAt)
{
    public DhtPeer Holder => holder;

    public HeldSet Set => set;

    /// <summary>Which slots it says that it has.</summary>
    public ReadOnlyMemory<byte> Digest => digest;

    /// <summary>When its first page was asked for.</summary>
    public Instant BeganAt => beganAt;

    /// <summary>Its slots, writers ascending.</summary>
    public List<(DhtSlot Slot, Bytes32 Fingerprint)> Slots { get; } = [];

    /// <summary>Pages asked for.</summary>
    public int Pages { get; set; }

    /// <summary>The last page has been asked for twice.</summary>
    public bool IsRepeated { get; set; }

    /// <summary>The writer that the page under way begins behind.</summary>
    public Bytes32? After { get; set; }
}
