using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Identity;

/// <summary>
/// The bytes in an invite's text. Not protobuf: what the fields are is fixed, so the sixty bytes that would say so are saved.
/// <c>specs/07-identity.md</c>, "Invite".
/// </summary>
public sealed partial class Invite
{
    private const int SignatureSize = 64;
    private const int ShortSecretFlag = 0x40;
    private const int MaxVarintBytes = 9;

    private byte[] EncodeTicket()
    {
        var certificate = Card.Certificate;
        var secret = Secret.ToArray();
        var isShort = !secret.AsSpan(FreshSecretSize).ContainsAnyExcept((byte)0);
        var ticket = new ArrayBufferWriter<byte>(512);
        ticket.Write([(byte)((certificate.Links.Count - 1) | (_addresses.Length << 2) | (isShort ? ShortSecretFlag : 0))]);
        ticket.Write(certificate.Identity.Value.ToArray());
        ticket.Write(certificate.Agreement.ToArray());
        foreach (var link in certificate.Links)
        {
            ticket.Write(link.Device.Value.ToArray());
            ticket.Write(link.Signature.Span);
        }

        ticket.Write(Card.LeafKey.ToArray());
        WriteVarint(ticket, Card.LeafIndex);
        var name = Encoding.UTF8.GetBytes(Card.Name);
        ticket.Write([(byte)name.Length]);
        ticket.Write(name);
        ticket.Write(Card.Signature.Span);
        ticket.Write(isShort ? secret.AsSpan(0, FreshSecretSize) : secret);
        WriteVarint(ticket, (ulong)(ExpiresUnixMilliseconds / MinuteMilliseconds));
        foreach (var address in _addresses)
        {
            InviteAddress.Write(ticket, address);
        }

        return ticket.WrittenSpan.ToArray();
    }

    private static bool TryDecodeTicket(ReadOnlySpan<byte> ticket, [NotNullWhen(true)] out Invite? invite)
    {
        // One encoding: whatever was read leniently, a varint say, is refused because it does not come out the same again.
        invite = Read(ticket);
        if (invite is not null && !invite.EncodeTicket().AsSpan().SequenceEqual(ticket))
        {
            invite = null;
        }

        return invite is not null;
    }

    private static Invite? Read(ReadOnlySpan<byte> rest)
    {
        if (!TryTake(ref rest, 1, out var flags)
            || !TryTake(ref rest, Bytes32.Size, out var identity)
            || !TryTake(ref rest, Bytes32.Size, out var agreement))
        {
            return null;
        }

        var certificate = new Certificate { Identity = Field(identity), Agreement = Field(agreement) };
        for (var step = 0; step <= (flags[0] & 3); step++)
        {
            if (!TryTake(ref rest, Bytes32.Size, out var device) || !TryTake(ref rest, SignatureSize, out var signature))
            {
                return null;
            }

            certificate.Steps.Add(new CertificateStep { Device = Field(device), Signature = Field(signature) });
        }

        if (!TryTake(ref rest, Bytes32.Size, out var leafKey)
            || !TryTakeVarint(ref rest, out var leafIndex)
            || leafIndex > uint.MaxValue
            || !TryTake(ref rest, 1, out var nameLength)
            || !TryTake(ref rest, nameLength[0], out var name)
            || !TryTake(ref rest, SignatureSize, out var cardSignature)
            || !TryTake(ref rest, (flags[0] & ShortSecretFlag) != 0 ? FreshSecretSize : Bytes32.Size, out var shownSecret)
            || !TryTakeVarint(ref rest, out var minutes)
            || minutes is 0 or > long.MaxValue / MinuteMilliseconds)
        {
            return null;
        }

        var card = new Card
        {
            Certificate = certificate,
            LeafKey = Field(leafKey),
            LeafIndex = (uint)leafIndex,
            Name = Encoding.UTF8.GetString(name),
            Signature = Field(cardSignature),
        };
        var addresses = new string[(flags[0] >> 2) & 15];
        for (var i = 0; i < addresses.Length; i++)
        {
            if (!InviteAddress.TryRead(ref rest, out var address) || !IsAddress(address))
            {
                return null;
            }

            addresses[i] = address;
        }

        Span<byte> secret = stackalloc byte[Bytes32.Size];
        secret.Clear();
        shownSecret.CopyTo(secret);
        return rest.IsEmpty && addresses.Length <= MaxAddresses && DeviceCard.TryFrom(card, out var decoded)
            ? new Invite(decoded, new Bytes32(secret), (long)minutes * MinuteMilliseconds, addresses)
            : null;
    }

    private static Google.Protobuf.ByteString Field(ReadOnlySpan<byte> bytes) => Google.Protobuf.ByteString.CopyFrom(bytes);

    private static bool TryTake(ref ReadOnlySpan<byte> rest, int count, out ReadOnlySpan<byte> taken)
    {
        var fits = rest.Length >= count;
        taken = fits ? rest[..count] : default;
        rest = fits ? rest[count..] : rest;
        return fits;
    }

    private static void WriteVarint(ArrayBufferWriter<byte> ticket, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            ticket.Write([(byte)(value | 0x80)]);
        }

        ticket.Write([(byte)value]);
    }

    private static bool TryTakeVarint(ref ReadOnlySpan<byte> rest, out ulong value)
    {
        value = 0;
        for (var i = 0; i < MaxVarintBytes && TryTake(ref rest, 1, out var next); i++)
        {
            value |= (ulong)(next[0] & 0x7f) << (7 * i);
            if (next[0] < 0x80)
            {
                return true;
            }
        }

        return false;
    }
}
