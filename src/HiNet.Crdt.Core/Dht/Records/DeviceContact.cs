using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Dht.Records;

/// <summary>
/// Where a device's node is: its node key, the addresses it may be dialled at, and the certificate that says whose device it is.
/// When it was said is the record's to tell. <c>specs/13-records.md</c>, "Records".
/// </summary>
public sealed class DeviceContact
{
    /// <summary>Endpoints of one contact.</summary>
    public const int MaxEndpoints = 8;

    private readonly string[] _endpoints;

    private DeviceContact(DeviceCertificate certificate, NodeId node, string[] endpoints)
    {
        Certificate = certificate;
        Node = node;
        _endpoints = endpoints;
    }

    /// <summary>Says whose device it is. Well formed; ask <see cref="DeviceCertificate.IsValid"/>, which opening a record does.</summary>
    public DeviceCertificate Certificate { get; }

    /// <summary>The device.</summary>
    public DeviceId Device => Certificate.Device;

    /// <summary>The key that a link to it proves. The device's word alone: a link to it has to prove the device too.</summary>
    public NodeId Node { get; }

    /// <summary>host:port, at most 8, best first. Whether they can be dialled is for others to say.</summary>
    public IReadOnlyList<string> Endpoints => _endpoints;

    /// <summary>Makes a contact with as many of the endpoints, from the first on, as a record has room for: 8, less when they are long.</summary>
    /// <exception cref="ArgumentException">An endpoint that <see cref="Invite.IsAddress"/> refuses.</exception>
    public static DeviceContact Create(DeviceCertificate certificate, NodeId node, IReadOnlyList<string> endpoints)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        ArgumentNullException.ThrowIfNull(endpoints);
        if (!endpoints.All(Invite.IsAddress))
        {
            throw new ArgumentException($"An endpoint has 1 to {Invite.MaxAddressBytes} printable ASCII characters.", nameof(endpoints));
        }

        var count = Math.Min(endpoints.Count, MaxEndpoints);
        var contact = new DeviceContact(certificate, node, [.. endpoints.Take(count)]);
        while (contact.ToMessage().CalculateSize() > RecordPadding.MaxTextBytes)
        {
            contact = new DeviceContact(certificate, node, [.. endpoints.Take(--count)]);
        }

        return contact;
    }

    /// <summary>The one encoding, protobuf <c>RendezvousContact</c>.</summary>
    public byte[] Encode() => ToMessage().ToByteArray();

    /// <summary>Reads what <see cref="Encode"/> wrote; false for anything malformed or too long.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out DeviceContact? contact)
    {
        contact = CanonicalProtobuf.TryParse(RendezvousContact.Parser, bytes, RecordPadding.MaxTextBytes, out var message)
            && CanonicalProtobuf.TryRead(message.Node, out var node)
            && DeviceCertificate.TryFrom(message.Certificate, out var certificate)
            && message.Endpoints.Count <= MaxEndpoints
            && message.Endpoints.All(Invite.IsAddress)
                ? new DeviceContact(certificate, new NodeId(node), [.. message.Endpoints])
                : null;
        return contact is not null;
    }

    private RendezvousContact ToMessage()
    {
        var message = new RendezvousContact { Node = CanonicalProtobuf.Field(Node.Value), Certificate = Certificate.ToMessage() };
        message.Endpoints.AddRange(_endpoints);
        return message;
    }
}
