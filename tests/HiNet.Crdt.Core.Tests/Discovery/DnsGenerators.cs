using FsCheck;
using FsCheck.Fluent;
using HiNet.Crdt.Core.Discovery;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Discovery;

/// <summary>Random DNS messages, with names that share endings and names that are as long as they may be.</summary>
internal static class DnsGenerators
{
    private static readonly string[] s_labels = ["a", "hinet", "_hinet", "_udp", "local", "LOCAL", "two words", "dot.ted", "\\", new string('x', 63)];

    internal static Gen<DnsName> Name { get; } =
        from count in Gen.Choose(0, 3)
        from labels in Gen.ArrayOf(Gen.Elements(s_labels), count)
        select DnsName.Of(labels);

    internal static Gen<MdnsAddress> Address { get; } =
        from isIPv4 in Gen.Elements(true, false)
        from bytes in Gen.ArrayOf(Gen.Choose(1, 254), isIPv4 ? 4 : 16)
        select MdnsAddress.FromBytes([.. bytes.Select(value => (byte)value)]);

    internal static Gen<DnsRecord> Record { get; } =
        from name in Name
        from other in Name
        from number in Gen.Choose(0, ushort.MaxValue)
        from text in Generators.Bytes(300)
        from address in Address
        from types in Gen.ArrayOf(Gen.Choose(0, 255), 3)
        from kind in Gen.Choose(0, 4)
        from seconds in Gen.Elements(0u, 1u, 120u, 4500u, (uint)int.MaxValue)
        from flushes in Gen.Elements(true, false)
        select new DnsRecord(
            name,
            kind switch
            {
                0 => new DnsData.Pointer(other),
                1 => new DnsData.Service((ushort)number, 1, (ushort)(number ^ 1), other),
                2 => new DnsData.Text(text.Length > 0 ? text : new byte[1]),
                3 => new DnsData.Address(address),
                _ => (DnsData)new DnsData.NextSecure(other, [.. types.Distinct().Order().Select(type => (ushort)type)]),
            },
            seconds,
            flushes);

    internal static Gen<DnsMessage> Message { get; } =
        from id in Gen.Choose(0, ushort.MaxValue)
        from isResponse in Gen.Elements(true, false)
        from isTruncated in Gen.Elements(true, false)
        from names in Gen.ArrayOf(Name, 3)
        from type in Gen.Choose(1, ushort.MaxValue)
        from unicast in Gen.Elements(true, false)
        from answers in Gen.ArrayOf(Record, 4)
        from authorities in Gen.ArrayOf(Record, 2)
        from additionals in Gen.ArrayOf(Record, 2)
        select new DnsMessage
        {
            Id = (ushort)id,
            IsResponse = isResponse,
            IsTruncated = isTruncated,
            Questions = [.. names.Select(name => new DnsQuestion(name, (ushort)type, unicast))],
            Answers = answers,
            Authorities = authorities,
            Additionals = additionals,
        };
}
