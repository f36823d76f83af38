using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace HiNet.Crdt.Core.Log;

public sealed partial class Frontier
{
    private const int MaxVarintSize = 10;
    private const int MinHeadSize = Bytes32.Size + 1 + Bytes32.Size;

    /// <summary>
    /// Whether there may be heads that this does not name: it names as many of some device, or in all, as a frontier does at most.
    /// Whoever holds more has it named here that there are others.
    /// </summary>
    public bool IsCut
    {
        get
        {
            var ofDevice = 0;
            for (var i = 0; i < _heads.Length; i++)
            {
                ofDevice = i > 0 && _heads[i].Device == _heads[i - 1].Device ? ofDevice + 1 : 1;
                if (ofDevice >= EntryLimits.MaxFrontierHeadsOfOneDevice)
                {
                    return true;
                }
            }

            return _heads.Length >= EntryLimits.MaxFrontierHeads;
        }
    }

    /// <summary>
    /// What goes to others: the number of heads as a varint, then for each the device (32 bytes), the seq as a varint, and the
    /// head id (32 bytes). Varints are protobuf's, at their shortest. Of one device at most
    /// <see cref="EntryLimits.MaxFrontierHeadsOfOneDevice"/> are named, and <see cref="EntryLimits.MaxFrontierHeads"/> in all, the first ones:
    /// however often somebody forks, everyone can take it.
    /// </summary>
    public byte[] Encode()
    {
        List<FrontierHead>? named = null;
        var ofDevice = 0;
        for (var i = 0; i < _heads.Length; i++)
        {
            ofDevice = i > 0 && _heads[i].Device == _heads[i - 1].Device ? ofDevice + 1 : 1;
            var isNamed = ofDevice <= EntryLimits.MaxFrontierHeadsOfOneDevice && (named?.Count ?? i) < EntryLimits.MaxFrontierHeads;
            if (!isNamed)
            {
                named ??= [.. _heads.AsSpan(0, i)];
            }
            else
            {
                named?.Add(_heads[i]);
            }
        }

        return Encode(named is null ? _heads : System.Runtime.InteropServices.CollectionsMarshal.AsSpan(named));
    }

    private static byte[] Encode(ReadOnlySpan<FrontierHead> heads)
    {
        var buffer = new ArrayBufferWriter<byte>(MaxVarintSize + (heads.Length * (MinHeadSize + 3)));
        WriteVarint(buffer, (ulong)heads.Length);
        foreach (var head in heads)
        {
            head.Device.CopyTo(buffer.GetSpan(Bytes32.Size));
            buffer.Advance(Bytes32.Size);
            WriteVarint(buffer, head.Seq);
            head.Head.CopyTo(buffer.GetSpan(Bytes32.Size));
            buffer.Advance(Bytes32.Size);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>
    /// Reads what <see cref="Encode()"/> wrote; false for anything else: unsorted, repeated, cut off, longer, or of more than
    /// <see cref="EntryLimits.MaxFrontierHeads"/> heads. Allocates no more than the bytes can hold.
    /// </summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Frontier? frontier)
    {
        frontier = null;
        if (!TryReadVarint(ref bytes, out var count)
            || count > EntryLimits.MaxFrontierHeads
            || count * MinHeadSize > (ulong)bytes.Length)
        {
            return false;
        }

        var heads = new FrontierHead[count];
        for (var i = 0; i < heads.Length; i++)
        {
            if (!TryReadHead(ref bytes, out heads[i]) || (i > 0 && !IsAscending(heads[i - 1], heads[i])))
            {
                return false;
            }
        }

        frontier = bytes.IsEmpty ? new Frontier(heads) : null;
        return frontier is not null;
    }

    // The same head id at two seqs cannot be, so ids alone have to ascend within a device.
    private static bool IsAscending(FrontierHead left, FrontierHead right)
    {
        var order = left.Device.CompareTo(right.Device);
        return order < 0 || (order == 0 && left.Head.CompareTo(right.Head) < 0);
    }

    private static bool TryReadHead(ref ReadOnlySpan<byte> bytes, out FrontierHead head)
    {
        head = default;
        if (bytes.Length < MinHeadSize)
        {
            return false;
        }

        var device = new DeviceId(bytes[..Bytes32.Size]);
        bytes = bytes[Bytes32.Size..];
        if (!TryReadVarint(ref bytes, out var seq) || bytes.Length < Bytes32.Size)
        {
            return false;
        }

        head = new FrontierHead(device, seq, new EntryId(bytes[..Bytes32.Size]));
        bytes = bytes[Bytes32.Size..];
        return true;
    }

    private static void WriteVarint(ArrayBufferWriter<byte> buffer, ulong value)
    {
        var span = buffer.GetSpan(MaxVarintSize);
        var length = 0;
        while (value >= 0x80)
        {
            span[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[length++] = (byte)value;
        buffer.Advance(length);
    }

    private static bool TryReadVarint(ref ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        for (var i = 0; i < bytes.Length && i < MaxVarintSize; i++)
        {
            var next = bytes[i];
            value |= (ulong)(next & 0x7f) << (7 * i);
            if (next < 0x80)
            {
                // A last group of zero means a shorter encoding exists, and the tenth group has one bit.
                var canonical = (next != 0 || i == 0) && (i < MaxVarintSize - 1 || next == 1);
                bytes = bytes[(i + 1)..];
                return canonical;
            }
        }

        return false;
    }
}
