namespace HiNet.Crdt.Core.Discovery;

/// <summary>Writes the parts of a DNS message. Equal endings of names are written once and pointed at afterwards (RFC 1035, section 4.1.4).</summary>
internal sealed class DnsWriter(bool compressData = true)
{
    private const ushort InternetClass = 1;
    private const ushort MarkedClass = 0x8001;

    private readonly List<byte> _bytes = [];
    private readonly Dictionary<string, int> _endings = new(StringComparer.Ordinal);

    internal int Length => _bytes.Count;

    internal byte[] ToArray() => [.. _bytes];

    internal void WriteUInt16(ushort value)
    {
        _bytes.Add((byte)(value >> 8));
        _bytes.Add((byte)value);
    }

    internal void WriteQuestion(DnsQuestion question)
    {
        WriteName(question.Name, true);
        WriteUInt16(question.Type);
        WriteUInt16(question.WantsUnicast ? MarkedClass : InternetClass);
    }

    internal void WriteRecord(DnsRecord record)
    {
        WriteName(record.Name, true);
        WriteUInt16(record.Type);
        WriteUInt16(record.Flushes ? MarkedClass : InternetClass);
        WriteUInt16((ushort)(record.Seconds >> 16));
        WriteUInt16((ushort)record.Seconds);
        var at = _bytes.Count;
        WriteUInt16(0);
        WriteData(record.Data);
        var length = _bytes.Count - at - 2;
        _bytes[at] = (byte)(length >> 8);
        _bytes[at + 1] = (byte)length;
    }

    internal void WriteData(DnsData data)
    {
        switch (data)
        {
            case DnsData.Pointer pointer:
                WriteName(pointer.Target, true);
                break;
            case DnsData.Service service:
                WriteUInt16(service.Priority);
                WriteUInt16(service.Weight);
                WriteUInt16(service.Port);
                WriteName(service.Target, compressData);
                break;
            case DnsData.Text text:
                // A TXT record has one string at least, if an empty one (RFC 6763, section 6.1).
                _bytes.AddRange(text.Bytes.IsEmpty ? [0] : text.Bytes.Span);
                break;
            case DnsData.Address address:
                _bytes.AddRange(address.Value.ToBytes());
                break;
            case DnsData.NextSecure secure:
                WriteName(secure.Next, compressData);
                WriteTypes(secure.Types);
                break;
            default:
                throw new ArgumentException($"{data?.GetType().Name ?? "null"} is no data of a record.", nameof(data));
        }
    }

    private void WriteTypes(IReadOnlyList<ushort> types)
    {
        if (types.Count == 0)
        {
            return;
        }

        var bits = new byte[(types.Max() / 8) + 1];
        foreach (var type in types)
        {
            bits[type / 8] |= (byte)(0x80 >> (type % 8));
        }

        _bytes.Add(0);
        _bytes.Add((byte)bits.Length);
        _bytes.AddRange(bits);
    }

    private void WriteName(DnsName name, bool mayPoint)
    {
        var rest = name.Wire;
        while (rest[0] != 0)
        {
            var ending = Convert.ToHexString(rest);
            if (mayPoint && _endings.TryGetValue(ending, out var offset))
            {
                WriteUInt16((ushort)(0xc000 | offset));
                return;
            }

            // No message is so long that 14 bits would not reach.
            _endings.TryAdd(ending, _bytes.Count);
            _bytes.AddRange(rest[..(1 + rest[0])]);
            rest = rest[(1 + rest[0])..];
        }

        _bytes.Add(0);
    }
}
