using System.Buffers.Binary;
using HiNet.Crdt.Cryptography.Native;

namespace HiNet.Crdt.Cryptography;

/// <summary>
/// Where things are in a sealed or open secret, version 1; integers are little-endian. The whole prefix before the payload is the
/// AEAD's associated data. See <c>specs/08-cryptography.md</c>, "Sealed secrets".
/// </summary>
internal static class SealedSecretFormat
{
    internal const byte ModeOpen = 0;
    internal const byte ModeSealed = 1;
    internal const int ChecksumSize = 16;

    private const byte Version = 1;
    private const int VersionAt = 4;
    private const int ModeAt = 5;
    private const int OperationsAt = 6;
    private const int MemoryAt = 10;
    private const int SaltAt = 14;
    private const int NonceAt = SaltAt + Sodium.SaltSize;
    private const int OpenHeaderSize = OperationsAt;
    private const int SealedHeaderSize = NonceAt + Sodium.XChaChaNonceSize;

    private static ReadOnlySpan<byte> Magic => "HNSS"u8;

    internal static byte[] CreateOpen(int secretLength)
    {
        var blob = GC.AllocateArray<byte>(OpenHeaderSize + secretLength + ChecksumSize, pinned: true);
        WriteStart(blob, ModeOpen);
        return blob;
    }

    internal static byte[] CreateSealed(int secretLength, PassphraseCost cost)
    {
        var blob = new byte[SealedHeaderSize + secretLength + Sodium.TagSize + ChecksumSize];
        WriteStart(blob, ModeSealed);
        BinaryPrimitives.WriteUInt32LittleEndian(blob.AsSpan(OperationsAt), cost.Operations);
        BinaryPrimitives.WriteUInt32LittleEndian(blob.AsSpan(MemoryAt), cost.MemoryKiB);
        return blob;
    }

    /// <summary>The mode, after a check that everything which that mode has fits into <paramref name="blob"/>.</summary>
    internal static byte ReadMode(ReadOnlySpan<byte> blob)
    {
        if (blob.Length < OpenHeaderSize + ChecksumSize || !blob.StartsWith(Magic))
        {
            throw CorruptSecretException.Damaged();
        }

        if (blob[VersionAt] != Version)
        {
            throw CorruptSecretException.UnknownVersion(blob[VersionAt]);
        }

        var mode = blob[ModeAt];
        var overhead = mode == ModeOpen ? OpenHeaderSize + ChecksumSize : SealedHeaderSize + Sodium.TagSize + ChecksumSize;
        var secretLength = blob.Length - overhead;
        return mode <= ModeSealed && secretLength is >= 0 and <= PassphraseSealer.MaximumSecretLength
            ? mode
            : throw CorruptSecretException.Damaged();
    }

    internal static PassphraseCost ReadCost(ReadOnlySpan<byte> blob) =>
        new(BinaryPrimitives.ReadUInt32LittleEndian(blob[OperationsAt..]), BinaryPrimitives.ReadUInt32LittleEndian(blob[MemoryAt..]));

    internal static Span<byte> OpenPayload(Span<byte> blob) => blob[OpenHeaderSize..^ChecksumSize];

    internal static ReadOnlySpan<byte> OpenPayload(ReadOnlySpan<byte> blob) => blob[OpenHeaderSize..^ChecksumSize];

    internal static ReadOnlySpan<byte> SealedHeader(ReadOnlySpan<byte> blob) => blob[..SealedHeaderSize];

    internal static Span<byte> SealedPayload(Span<byte> blob) => blob[SealedHeaderSize..^ChecksumSize];

    internal static ReadOnlySpan<byte> SealedPayload(ReadOnlySpan<byte> blob) => blob[SealedHeaderSize..^ChecksumSize];

    internal static Span<byte> SaltAndNonce(Span<byte> blob) => blob[SaltAt..SealedHeaderSize];

    internal static ReadOnlySpan<byte> Salt(ReadOnlySpan<byte> blob) => blob[SaltAt..NonceAt];

    internal static ReadOnlySpan<byte> Nonce(ReadOnlySpan<byte> blob) => blob[NonceAt..SealedHeaderSize];

    internal static ReadOnlySpan<byte> Checked(ReadOnlySpan<byte> blob) => blob[..^ChecksumSize];

    internal static Span<byte> Checksum(Span<byte> blob) => blob[^ChecksumSize..];

    internal static ReadOnlySpan<byte> Checksum(ReadOnlySpan<byte> blob) => blob[^ChecksumSize..];

    private static void WriteStart(Span<byte> blob, byte mode)
    {
        Magic.CopyTo(blob);
        blob[VersionAt] = Version;
        blob[ModeAt] = mode;
    }
}
