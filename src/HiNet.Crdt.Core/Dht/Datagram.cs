using System.Buffers.Binary;
using System.Security.Cryptography;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Dht;

/// <summary>
/// The frame of every datagram: version, kind, transaction, the sender's node key, the authenticator, and then the payload.
/// <c>specs/12-dht.md</c>, "Datagrams".
/// </summary>
internal readonly ref struct Datagram
{
    /// <summary>The longest datagram: what fits an IPv6 packet that every path carries (1,280 bytes) behind the IP and UDP headers.</summary>
    public const int MaxSize = 1_232;

    /// <summary>What comes before the payload.</summary>
    public const int HeaderSize = MacOffset + MacSize;

    public const int MacSize = 16;

    private const byte Version = 1;
    private const int SenderOffset = 10;
    private const int MacOffset = SenderOffset + Bytes32.Size;

    private readonly ReadOnlySpan<byte> _bytes;

    private Datagram(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public DatagramKind Kind => (DatagramKind)_bytes[1];

    public bool IsQuery => (_bytes[1] & 0x80) == 0;

    public ulong Transaction => BinaryPrimitives.ReadUInt64LittleEndian(_bytes[2..]);

    public Bytes32 Sender => new(_bytes.Slice(SenderOffset, Bytes32.Size));

    public ReadOnlySpan<byte> Payload => _bytes[HeaderSize..];

    /// <summary>False where the sender did not know whom it was asking, and so left the authenticator zero.</summary>
    public bool HasMac => _bytes.Slice(MacOffset, MacSize).IndexOfAnyExcept((byte)0) >= 0;

    /// <summary>Reads a frame; else <paramref name="problem"/> names what is wrong with it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Datagram datagram, out string problem)
    {
        datagram = default;
        problem = bytes.Length is < HeaderSize or > MaxSize ? DhtInstruments.RefusedSize
            : bytes[0] != Version ? DhtInstruments.RefusedVersion
            : !Enum.IsDefined((DatagramKind)bytes[1]) ? DhtInstruments.RefusedKind
            : "";
        if (problem.Length > 0)
        {
            return false;
        }

        datagram = new Datagram(bytes);
        return true;
    }

    /// <summary>Whether the authenticator is that of the pair's key.</summary>
    public bool IsAuthentic(ICryptography cryptography, ReadOnlySpan<byte> pairKey)
    {
        Span<byte> expected = stackalloc byte[MacSize];
        cryptography.Blake2bJoined(first: _bytes[..MacOffset], second: Payload, digest: expected, key: pairKey);
        return CryptographicOperations.FixedTimeEquals(expected, _bytes.Slice(MacOffset, MacSize));
    }

    /// <summary>Writes a frame around a payload; an empty <paramref name="pairKey"/> leaves the authenticator zero.</summary>
    /// <exception cref="ArgumentException">The payload does not fit a datagram.</exception>
    public static byte[] Write(
        ICryptography cryptography, DatagramKind kind, ulong transaction, Bytes32 sender, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> pairKey)
    {
        if (payload.Length > MaxSize - HeaderSize)
        {
            throw new ArgumentException($"A payload of {payload.Length} bytes does not fit a datagram.", nameof(payload));
        }

        var bytes = new byte[HeaderSize + payload.Length];
        bytes[0] = Version;
        bytes[1] = (byte)kind;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(2), transaction);
        sender.CopyTo(bytes.AsSpan(SenderOffset));
        payload.CopyTo(bytes.AsSpan(HeaderSize));
        if (!pairKey.IsEmpty)
        {
            cryptography.Blake2bJoined(first: bytes.AsSpan(0, MacOffset), second: payload, digest: bytes.AsSpan(MacOffset, MacSize), key: pairKey);
        }

        return bytes;
    }
}
