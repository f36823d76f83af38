using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Discovery;

/// <summary>
/// What this node says of itself: an instance and a host with the same drawn name, a port and a text, the same on all links.
/// Names and text are drawn, so they say nothing about who it is.
/// </summary>
internal sealed class OwnService(ICryptography cryptography, ushort port)
{
    internal const uint LongSeconds = 75 * 60;
    internal const uint HostSeconds = 120;

    // Names that this node had a moment ago may still come back to it, out of caches and reflectors.
    private const int MaximumPastNames = 8;
    private const int DrawnNameSize = 10;

    private readonly List<DnsName> _pastNames = [];
    private ReadOnlyMemory<byte> _previousText;

    internal static DnsName Type { get; } = DnsName.Of("_hinet", "_udp", "local");

    internal static DnsName MetaType { get; } = DnsName.Of("_services", "_dns-sd", "_udp", "local");

    internal static DnsName Local { get; } = DnsName.Of("local");

    internal DnsName Instance { get; private set; } = Type;

    internal DnsName Host { get; private set; } = Local;

    internal ReadOnlyMemory<byte> Text { get; private set; }

    /// <summary>Zero for a node that looks and does not show itself.</summary>
    internal ushort Port => port;

    /// <summary>The addresses of all links, to tell the node's own records from another's wherever they come back.</summary>
    internal HashSet<MdnsAddress> Addresses { get; } = [];

    /// <param name="keepsOld">False when the old name is another's now, who is to be found under it.</param>
    internal void DrawNames(bool keepsOld)
    {
        if (keepsOld)
        {
            _pastNames.Add(Instance);
            if (_pastNames.Count > MaximumPastNames)
            {
                _pastNames.RemoveAt(0);
            }
        }

        // 80 bits: two nodes never draw the same, and nobody guesses it.
        Span<byte> drawn = stackalloc byte[DrawnNameSize];
        cryptography.FillSecret(drawn);
        var label = Convert.ToHexStringLower(drawn);
        Instance = Type.Under(label);
        Host = Local.Under(label);
    }

    internal void DrawText(ReadOnlySpan<MdnsSecret> secrets)
    {
        _previousText = Text;
        Text = ServiceText.Create(cryptography, secrets);
    }

    internal bool IsOwnInstance(DnsName name) => name.Equals(Instance) || _pastNames.Contains(name);

    internal bool IsOwnName(DnsName name) => name.Equals(Instance) || name.Equals(Host);

    /// <summary>
    /// Which own record a record under an own name is: None for one that is another's. The text of a moment ago counts,
    /// and so does every address of every link, since two interfaces may lead to one LAN.
    /// </summary>
    internal OwnRecords Identify(DnsRecord record)
    {
        switch (record.Data)
        {
            case DnsData.Pointer pointer when record.Name.Equals(Type) && pointer.Target.Equals(Instance):
                return OwnRecords.Pointer;
            case DnsData.Pointer pointer when record.Name.Equals(MetaType) && pointer.Target.Equals(Type):
                return OwnRecords.Meta;
            case DnsData.Service service when record.Name.Equals(Instance) && service.Equals(ServiceData):
                return OwnRecords.Service;
            case DnsData.Text text when record.Name.Equals(Instance)
                && (text.Bytes.Span.SequenceEqual(Text.Span) || text.Bytes.Span.SequenceEqual(_previousText.Span)):
                return OwnRecords.Text;
            case DnsData.Address address when record.Name.Equals(Host) && Addresses.Contains(address.Value):
                return address.Value.IsIPv4 ? OwnRecords.IPv4 : OwnRecords.IPv6;
            case DnsData.NextSecure secure when IsOwnName(record.Name) && secure.Next.Equals(record.Name):
                return record.Name.Equals(Instance) ? OwnRecords.InstanceTypes : OwnRecords.HostTypes;
            default:
                return OwnRecords.None;
        }
    }

    /// <summary>The records of one set, on a link with these addresses.</summary>
    /// <param name="which">What is wanted; a link without IPv4 addresses, say, has none of them.</param>
    /// <param name="addresses">The link's own.</param>
    /// <param name="seconds">A time to live in place of the usual ones, at most.</param>
    /// <param name="flushes">Whether unique records say that they are all there is.</param>
    internal List<DnsRecord> Build(OwnRecords which, IReadOnlyList<MdnsAddress> addresses, uint seconds = uint.MaxValue, bool flushes = true)
    {
        var records = new List<DnsRecord>();
        Add(OwnRecords.Meta, MetaType, new DnsData.Pointer(Type), LongSeconds, false);
        Add(OwnRecords.Pointer, Type, new DnsData.Pointer(Instance), LongSeconds, false);
        Add(OwnRecords.Service, Instance, ServiceData, HostSeconds, flushes);
        Add(OwnRecords.Text, Instance, new DnsData.Text(Text), LongSeconds, flushes);
        foreach (var address in addresses)
        {
            Add(address.IsIPv4 ? OwnRecords.IPv4 : OwnRecords.IPv6, Host, new DnsData.Address(address), HostSeconds, flushes);
        }

        Add(OwnRecords.InstanceTypes, Instance, new DnsData.NextSecure(Instance, [DnsType.Text, DnsType.Service]), LongSeconds, flushes);
        Add(OwnRecords.HostTypes, Host, new DnsData.NextSecure(Host, TypesOf(addresses)), HostSeconds, flushes);
        return records;

        void Add(OwnRecords one, DnsName name, DnsData data, uint usual, bool flush)
        {
            if ((which & one) != 0)
            {
                records.Add(new DnsRecord(name, data, Math.Min(usual, seconds), flush));
            }
        }
    }

    private DnsData.Service ServiceData => new(0, 0, port, Host);

    private static List<ushort> TypesOf(IReadOnlyList<MdnsAddress> addresses)
    {
        var types = new List<ushort>();
        if (addresses.Any(address => address.IsIPv4))
        {
            types.Add(DnsType.A);
        }

        if (addresses.Any(address => !address.IsIPv4))
        {
            types.Add(DnsType.Aaaa);
        }

        return types;
    }
}
