using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Log;

/// <summary>
/// What a replica has of a conversation: the newest entry of every branch of every device, by device, then by head id.
/// A device has more than one head only after it has forked. Immutable. <c>specs/01-log.md</c>, "Frontier".
/// </summary>
public sealed partial class Frontier
{
    private readonly FrontierHead[] _heads;

    /// <summary>Once somebody has asked for it; whoever asks again at the same time works it out as well.</summary>
    private byte[]? _digest;

    private Frontier(FrontierHead[] sorted) => _heads = sorted;

    /// <summary>No entry yet.</summary>
    public static Frontier Empty { get; } = new([]);

    /// <summary>The heads, by device, then by head id.</summary>
    public IReadOnlyList<FrontierHead> Heads => _heads;

    /// <summary>How many heads there are.</summary>
    public int Count => _heads.Length;

    /// <summary>Sorts heads; the same head given twice counts once.</summary>
    public static Frontier From(IEnumerable<FrontierHead> heads)
    {
        ArgumentNullException.ThrowIfNull(heads);
        var sorted = heads.ToArray();
        Array.Sort(sorted, Compare);
        var count = 0;
        foreach (var head in sorted)
        {
            if (count == 0 || Compare(sorted[count - 1], head) != 0)
            {
                sorted[count++] = head;
            }
        }

        return new Frontier(sorted[..count]);
    }

    /// <summary>Takes over heads that are in order already, each once; the array is not to be changed any more.</summary>
    internal static Frontier FromSorted(FrontierHead[] heads) => new(heads);

    /// <summary>A device's heads: none when it has written nothing, more than one when it has forked.</summary>
    public ReadOnlySpan<FrontierHead> HeadsOf(DeviceId device)
    {
        var start = Find(device);
        var end = start;
        while (end < _heads.Length && _heads[end].Device == device)
        {
            end++;
        }

        return _heads.AsSpan(start, end - start);
    }

    /// <summary>The highest seq among a device's heads; false when it has none.</summary>
    public bool TryGetSeq(DeviceId device, out ulong seq)
    {
        var heads = HeadsOf(device);
        seq = 0;
        foreach (var head in heads)
        {
            seq = Math.Max(seq, head.Seq);
        }

        return !heads.IsEmpty;
    }

    /// <summary>Whether some branch of the device reaches this seq. Says nothing about which entry is there once a device has forked.</summary>
    public bool Contains(DeviceId device, ulong seq) => TryGetSeq(device, out var highest) && seq <= highest;

    /// <summary>Whether exactly this head is among the heads.</summary>
    public bool Contains(FrontierHead head) => HeadsOf(head.Device).Contains(head);

    /// <summary>Whether the device has more than one head.</summary>
    public bool IsForked(DeviceId device) => HeadsOf(device).Length > 1;

    /// <summary>With one more entry applied: its head stands in the place of <paramref name="previous"/> if that is a head, else beside the others.</summary>
    public Frontier Advance(FrontierHead head, EntryId? previous)
    {
        var kept = _heads.Where(h => h.Device != head.Device || h.Head != previous);
        return From(kept.Append(head));
    }

    /// <summary>BLAKE2b-256 over the domain and the encoding of all heads, however many: equal exactly when the frontiers are.</summary>
    public Bytes32 Digest(ICryptography cryptography) =>
        new(_digest ??= DomainHash.Of(cryptography, Domains.FrontierDigest, Encode(_heads)).ToArray());

    private static int Compare(FrontierHead left, FrontierHead right)
    {
        var order = left.Device.CompareTo(right.Device);
        order = order != 0 ? order : left.Head.CompareTo(right.Head);
        return order != 0 ? order : left.Seq.CompareTo(right.Seq);
    }

    private int Find(DeviceId device)
    {
        var low = 0;
        var high = _heads.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_heads[middle].Device.CompareTo(device) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
