using System.Buffers.Binary;

namespace HiNet.Crdt.Core.Discovery;

/// <summary>
/// Reads the parts of a DNS message; false or null for bytes that do not hold together. Work and memory are bounded by the
/// message's length: a count that a sender merely claims allocates nothing, and names jump only backwards and not often.
/// </summary>
internal ref struct DnsReader(ReadOnlySpan<byte> message)
{
    /// <summary>More than any sender's compression takes: one jump a name is the rule.</summary>
    private const int MaximumJumps = 16;

    private const int HeaderLength = 12;
    private const int InternetClass = 1;
    private const int AnyClass = 255;
    private const int TopBit = 0x8000;

    private readonly ReadOnlySpan<byte> _message = message;
    private int _at;

    internal bool TryReadUInt16(out ushort value)
    {
        if (!BinaryPrimitives.TryReadUInt16BigEndian(_message[_at..], out value))
        {
            return false;
        }

        _at += sizeof(ushort);
        return true;
    }

    internal List<DnsQuestion>? ReadQuestions(int count)
    {
        var questions = new List<DnsQuestion>();
        for (var i = 0; i < count; i++)
        {
            if (ReadName() is not { } name || !TryReadUInt16(out var type) || !TryReadUInt16(out var @class))
            {
                return null;
            }

            if ((@class & ~TopBit) is InternetClass or AnyClass)
            {
                questions.Add(new DnsQuestion(name, type, (@class & TopBit) != 0));
            }
        }

        return questions;
    }

    internal List<DnsRecord>? ReadRecords(int count)
    {
        var records = new List<DnsRecord>();
        for (var i = 0; i < count; i++)
        {
            if (ReadName() is not { } name || !TryReadUInt16(out var type) || !TryReadUInt16(out var @class)
                || !TryReadUInt16(out var high) || !TryReadUInt16(out var low)
                || !TryReadUInt16(out var length) || length > _message.Length - _at)
            {
                return null;
            }

            var end = _at + length;
            if ((@class & ~TopBit) == InternetClass && IsKnown(type))
            {
                if (ReadData(type, end) is not { } data)
                {
                    return null;
                }

                // A time to live with its top bit set is none (RFC 2181, section 8).
                var seconds = (high & TopBit) != 0 ? 0 : ((uint)high << 16) | low;
                records.Add(new DnsRecord(name, data, seconds, (@class & TopBit) != 0));
            }

            _at = end;
        }

        return records;
    }

    internal DnsName? ReadName()
    {
        Span<byte> wire = stackalloc byte[DnsName.MaximumLength];
        var (length, at, jumps, after, before) = (0, _at, 0, (int?)null, _at);
        while (at < _message.Length)
        {
            var size = _message[at];
            if ((size & 0xc0) == 0xc0)
            {
                var target = at + 1 < _message.Length ? ((size & 0x3f) << 8) | _message[at + 1] : int.MaxValue;
                if (target < HeaderLength || target >= before || ++jumps > MaximumJumps)
                {
                    return null;
                }

                after ??= at + 2;
                (at, before) = (target, target);
                continue;
            }

            if (size > DnsName.MaximumLabel || size + 1 > _message.Length - at || size + 1 > wire.Length - length)
            {
                return null;
            }

            _message.Slice(at, size + 1).CopyTo(wire[length..]);
            length += size + 1;
            at += size + 1;
            if (size == 0)
            {
                _at = after ?? at;
                return new DnsName(wire[..length]);
            }
        }

        return null;
    }

    private static bool IsKnown(ushort type) =>
        type is DnsType.A or DnsType.Aaaa or DnsType.Pointer or DnsType.Service or DnsType.Text or DnsType.NextSecure;

    private DnsData? ReadData(ushort type, int end)
    {
        var data = _message[_at..end];
        switch (type)
        {
            case DnsType.A:
                return data.Length == MdnsAddress.IPv4Size ? new DnsData.Address(MdnsAddress.FromBytes(data)) : null;
            case DnsType.Aaaa:
                // An IPv4 address in the clothes of an IPv6 one would change its type; nobody has reason to send it.
                return data.Length == MdnsAddress.IPv6Size && !MdnsAddress.FromBytes(data).IsIPv4
                    ? new DnsData.Address(MdnsAddress.FromBytes(data))
                    : null;
            case DnsType.Text:
                return new DnsData.Text(data.ToArray());
            case DnsType.Pointer:
                return ReadName() is { } pointed && _at == end ? new DnsData.Pointer(pointed) : null;
            case DnsType.Service:
                return TryReadUInt16(out var priority) && TryReadUInt16(out var weight) && TryReadUInt16(out var port)
                    && ReadName() is { } target && _at == end
                        ? new DnsData.Service(priority, weight, port, target)
                        : null;
            default:
                return ReadName() is { } next && _at <= end && ReadTypes(_message[_at..end]) is { } types
                    ? new DnsData.NextSecure(next, types)
                    : null;
        }
    }

    // Windows of up to 32 bytes of bits (RFC 4034, section 4.1.2); only the first, types below 256, is of use here.
    private static List<ushort>? ReadTypes(ReadOnlySpan<byte> windows)
    {
        var types = new List<ushort>();
        while (!windows.IsEmpty)
        {
            if (windows.Length < 2 || windows[1] is 0 or > 32 || windows.Length < 2 + windows[1])
            {
                return null;
            }

            for (var bit = 0; windows[0] == 0 && bit < windows[1] * 8; bit++)
            {
                if ((windows[2 + (bit / 8)] & (0x80 >> (bit % 8))) != 0 && !types.Contains((ushort)bit))
                {
                    types.Add((ushort)bit);
                }
            }

            windows = windows[(2 + windows[1])..];
        }

        return types;
    }
}
