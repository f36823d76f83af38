using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Dht;

/// <summary>
/// What a storing node keeps: sealed bytes at a target, signed by a key that changes every period. Well formed when made or
/// decoded; whether the signature holds is for the caller to verify, with <see cref="Writer"/> over <see cref="SignedBytes(ICryptography)"/>.
/// <c>specs/13-records.md</c>, "Slot".
/// </summary>
public sealed class DhtSlot
{
    /// <summary>The sealed text, in bytes.</summary>
    public const int MaxSealedBytes = 1_000;

    /// <summary>An encoded slot, in bytes.</summary>
    public const int MaxBytes = 34 + 34 + 9 + 10 + 3 + MaxSealedBytes + 66;

    /// <summary>In bytes.</summary>
    public const int SignatureSize = 64;

    private static ReadOnlySpan<byte> Domain => Domains.DhtSlot;

    private DhtSlot(Bytes32 target, Bytes32 writer, ulong sequence, long expiresUnixSeconds, ReadOnlyMemory<byte> sealedText, ReadOnlyMemory<byte> signature)
    {
        Target = target;
        Writer = writer;
        Sequence = sequence;
        ExpiresUnixSeconds = expiresUnixSeconds;
        Sealed = sealedText;
        Signature = signature;
    }

    /// <summary>Where in the DHT.</summary>
    public Bytes32 Target { get; }

    /// <summary>The blinded Ed25519 public key that <see cref="Signature"/> is by. Any 32 bytes, until verified.</summary>
    public Bytes32 Writer { get; }

    /// <summary>Of two slots of a writer at a target, the one with the higher number counts.</summary>
    public ulong Sequence { get; }

    /// <summary>Unix time in seconds from which on the slot counts for nothing; at least 1.</summary>
    public long ExpiresUnixSeconds { get; }

    /// <summary>1 to 1,000 bytes that only who knows the target's secret can open.</summary>
    public ReadOnlyMemory<byte> Sealed { get; }

    /// <summary>64 bytes, by <see cref="Writer"/>.</summary>
    public ReadOnlyMemory<byte> Signature { get; }

    /// <summary>Puts a slot together; keeps the two byte strings, which must not change afterwards.</summary>
    /// <exception cref="ArgumentException">An expiry that is not after 1970, a sealed text that is empty or too long, a signature of another size.</exception>
    public static DhtSlot From(
        Bytes32 target, Bytes32 writer, ulong sequence, long expiresUnixSeconds, ReadOnlyMemory<byte> sealedText, ReadOnlyMemory<byte> signature)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(expiresUnixSeconds);
        if (sealedText.Length is 0 or > MaxSealedBytes || signature.Length != SignatureSize)
        {
            throw new ArgumentException($"A slot holds 1 to {MaxSealedBytes} sealed bytes and a signature of {SignatureSize}.");
        }

        return new DhtSlot(target, writer, sequence, expiresUnixSeconds, sealedText, signature);
    }

    /// <summary>What <see cref="Signature"/> is over.</summary>
    public byte[] SignedBytes(ICryptography cryptography) => SignedBytes(cryptography, Target, Sequence, ExpiresUnixSeconds, Sealed.Span);

    /// <summary>What the signature of a slot is over: domain, target, sequence (8, little-endian), expiry (8) and the hash of the sealed text.</summary>
    public static byte[] SignedBytes(ICryptography cryptography, Bytes32 target, ulong sequence, long expiresUnixSeconds, ReadOnlySpan<byte> sealedText)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        var bytes = new byte[Domain.Length + Bytes32.Size + (2 * sizeof(ulong)) + Bytes32.Size];
        Domain.CopyTo(bytes);
        var rest = bytes.AsSpan(Domain.Length);
        target.CopyTo(rest);
        BinaryPrimitives.WriteUInt64LittleEndian(rest[32..], sequence);
        BinaryPrimitives.WriteInt64LittleEndian(rest[40..], expiresUnixSeconds);
        cryptography.Blake2b(sealedText, rest[48..]);
        return bytes;
    }

    /// <summary>The one encoding, protobuf <c>Slot</c>.</summary>
    public byte[] Encode() => ToMessage().ToByteArray();

    /// <summary>Reads what <see cref="Encode"/> wrote; false for anything malformed or too long.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out DhtSlot? slot)
    {
        slot = null;
        return CanonicalProtobuf.TryParse(Slot.Parser, bytes, MaxBytes, out var message) && TryFrom(message, out slot);
    }

    internal Slot ToMessage() => new()
    {
        Target = CanonicalProtobuf.Field(Target),
        Writer = CanonicalProtobuf.Field(Writer),
        Sequence = Sequence,
        Expires = (ulong)ExpiresUnixSeconds,
        Sealed = UnsafeByteOperations.UnsafeWrap(Sealed),
        Signature = UnsafeByteOperations.UnsafeWrap(Signature),
    };

    internal static bool TryFrom(Slot? message, [NotNullWhen(true)] out DhtSlot? slot)
    {
        slot = message is { Signature.Length: SignatureSize, Sealed.Length: >= 1 and <= MaxSealedBytes, Expires: >= 1 and <= long.MaxValue }
            && CanonicalProtobuf.TryRead(message.Target, out var target)
            && CanonicalProtobuf.TryRead(message.Writer, out var writer)
                ? new DhtSlot(target, writer, message.Sequence, (long)message.Expires, message.Sealed.Memory, message.Signature.Memory)
                : null;
        return slot is not null;
    }
}
