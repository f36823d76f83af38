using System.Buffers.Binary;

namespace HiNet.Crdt.Core.Discovery;

/// <summary>The data of a record; a closed union.</summary>
public abstract record DnsData
{
    private DnsData()
    {
    }

    /// <summary>The <see cref="DnsType"/> that such data has.</summary>
    public abstract ushort Type { get; }

    /// <summary>The data as bytes: what two probes are compared by (RFC 6762, section 8.2). One name alone has nothing to point at.</summary>
    internal byte[] ToBytes()
    {
        var writer = new DnsWriter();
        writer.WriteData(this);
        return writer.ToArray();
    }

    /// <summary>PTR.</summary>
    public sealed record Pointer(DnsName Target) : DnsData
    {
        public override ushort Type => DnsType.Pointer;
    }

    /// <summary>SRV: where a service runs.</summary>
    public sealed record Service(ushort Priority, ushort Weight, ushort Port, DnsName Target) : DnsData
    {
        public override ushort Type => DnsType.Service;
    }

    /// <summary>TXT: strings, each after a byte with its length. What is in them is for <see cref="ServiceText"/> to judge.</summary>
    public sealed record Text(ReadOnlyMemory<byte> Bytes) : DnsData
    {
        public override ushort Type => DnsType.Text;

        public bool Equals(Text? other) => other is not null && Bytes.Span.SequenceEqual(other.Bytes.Span);

        public override int GetHashCode() =>
            Bytes.Length < sizeof(int) ? Bytes.Length : BinaryPrimitives.ReadInt32LittleEndian(Bytes.Span[^sizeof(int)..]);
    }

    /// <summary>A or AAAA.</summary>
    public sealed record Address(MdnsAddress Value) : DnsData
    {
        public override ushort Type => Value.IsIPv4 ? DnsType.A : DnsType.Aaaa;
    }

    /// <summary>NSEC: the name has records of these types (all below 256) and of no other.</summary>
    public sealed record NextSecure(DnsName Next, IReadOnlyList<ushort> Types) : DnsData
    {
        public override ushort Type => DnsType.NextSecure;

        public bool Equals(NextSecure? other) => other is not null && Next.Equals(other.Next) && Types.SequenceEqual(other.Types);

        public override int GetHashCode() => Next.GetHashCode();
    }
}
