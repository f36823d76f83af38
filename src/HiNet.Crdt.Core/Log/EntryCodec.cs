using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace HiNet.Crdt.Core.Log;

/// <summary>
/// Headers to bytes and back, in exactly the canonical protobuf encoding of <c>EntryHeader</c> in <c>specs/proto/entry.proto</c>.
/// Written by hand because every entry passes here twice.
/// </summary>
public static class EntryCodec
{
    private const byte VersionTag = (1 << 3) | 0;
    private const byte SuiteTag = (2 << 3) | 0;
    private const byte ConversationTag = (3 << 3) | 2;
    private const byte DeviceTag = (4 << 3) | 2;
    private const byte SeqTag = (5 << 3) | 0;
    private const byte PreviousTag = (6 << 3) | 2;
    private const byte ParentTag = (7 << 3) | 2;
    private const byte HlcTag = (8 << 3) | 1;
    private const byte DepthTag = (9 << 3) | 0;
    private const byte AuthorityTag = (10 << 3) | 2;
    private const byte KindTag = (11 << 3) | 0;
    private const byte EpochTag = (12 << 3) | 2;
    private const byte BodyLengthTag = (13 << 3) | 0;
    private const byte BodyHashTag = (14 << 3) | 2;

    private const int BytesFieldSize = 2 + Bytes32.Size;

    /// <summary>The one encoding of a header.</summary>
    /// <exception cref="ArgumentException">The header breaks a rule, so that decoding would refuse it.</exception>
    public static byte[] Encode(EntryHeader header)
    {
        ThrowIfMalformed(header);
        var bytes = new byte[PrefixSize(header) + BodySize(header)];
        var writer = new HeaderWriter(bytes);
        WritePrefix(ref writer, header);
        if (header.BodyLength > 0)
        {
            writer.Varint(BodyLengthTag, header.BodyLength);
            writer.Bytes(BodyHashTag, header.BodyHash);
        }

        return bytes;
    }

    /// <summary>The encoding without body length and body hash, whatever they are: what the body's seal binds.</summary>
    /// <exception cref="ArgumentException">As <see cref="Encode"/>.</exception>
    public static byte[] EncodePrefix(EntryHeader header)
    {
        ThrowIfMalformed(header);
        var bytes = new byte[PrefixSize(header)];
        var writer = new HeaderWriter(bytes);
        WritePrefix(ref writer, header);
        return bytes;
    }

    /// <summary>How many of a header's bytes come before its body length and body hash.</summary>
    public static int PrefixLength(EntryHeader header, int headerLength)
    {
        ArgumentNullException.ThrowIfNull(header);
        return headerLength - BodySize(header);
    }

    /// <summary>The bytes of a header before its body length and body hash, which are last: equal to <see cref="EncodePrefix"/>.</summary>
    public static ReadOnlySpan<byte> Prefix(EntryHeader header, ReadOnlySpan<byte> headerBytes) =>
        headerBytes[..PrefixLength(header, headerBytes.Length)];

    /// <summary>Reads a header; what <see cref="Encode"/> would write in another way is refused. The bytes are not kept.</summary>
    public static bool TryDecode(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out EntryHeader? header, out HeaderProblem problem) =>
        TryDecode(bytes.Span, out header, out problem);

    /// <inheritdoc cref="TryDecode(ReadOnlyMemory{byte}, out EntryHeader?, out HeaderProblem)"/>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out EntryHeader? header, out HeaderProblem problem)
    {
        header = null;
        if (bytes.Length > EntryLimits.MaxHeaderBytes)
        {
            problem = HeaderProblem.WrongSize;
            return false;
        }

        var reader = new HeaderReader(bytes);
        var version = reader.Varint32(VersionTag);
        if (version != EntryHeader.CurrentVersion)
        {
            reader.Fail(bytes.IsEmpty ? HeaderProblem.Truncated : HeaderProblem.UnknownVersion);
            problem = reader.Problem;
            return false;
        }

        var read = Read(ref reader, version);
        problem = reader.Problem != HeaderProblem.None ? reader.Problem : HeaderRules.Check(read);
        header = problem == HeaderProblem.None ? read : null;
        return header is not null;
    }

    private static EntryHeader Read(ref HeaderReader reader, uint version)
    {
        // Initialisers run in the order in which they are written, which is the order of the fields.
        uint bodyLength;
        var header = new EntryHeader
        {
            Version = version,
            Suite = reader.Varint32(SuiteTag),
            Conversation = ReadConversation(ref reader),
            Device = new DeviceId(reader.Bytes(DeviceTag)),
            Seq = reader.Varint(SeqTag),
            Previous = reader.TryBytes(PreviousTag, out var previous) ? new EntryId(previous) : null,
            Parents = ReadParents(ref reader),
            Hlc = new HybridTimestamp(reader.Fixed64(HlcTag)),
            Depth = reader.Varint(DepthTag),
            Authority = reader.Bytes(AuthorityTag),
            Kind = reader.Varint32(KindTag),
            Epoch = reader.TryBytes(EpochTag, out var epoch) ? new EntryId(epoch) : null,
            BodyLength = bodyLength = reader.Varint32(BodyLengthTag),
            BodyHash = ReadBodyHash(ref reader, bodyLength),
        };

        if (reader.Problem == HeaderProblem.None && !reader.AtEnd)
        {
            reader.Fail(HeaderProblem.NotCanonical);
        }

        return header;
    }

    private static ConversationId ReadConversation(ref HeaderReader reader)
    {
        if (reader.TryBytes(ConversationTag, out var value) && value.IsZero)
        {
            reader.Fail(HeaderProblem.NotCanonical);
        }

        return new ConversationId(value);
    }

    private static Bytes32 ReadBodyHash(ref HeaderReader reader, uint bodyLength)
    {
        if (reader.TryBytes(BodyHashTag, out var hash) != bodyLength > 0)
        {
            reader.Fail(bodyLength > 0 && reader.AtEnd ? HeaderProblem.Truncated : HeaderProblem.BodyHashMismatch);
        }

        return hash;
    }

    private static EntryId[] ReadParents(ref HeaderReader reader)
    {
        var count = reader.Count(ParentTag, EntryLimits.MaxParents);
        if (count > EntryLimits.MaxParents)
        {
            reader.Fail(HeaderProblem.TooManyParents);
            return [];
        }

        var parents = count == 0 ? [] : new EntryId[count];
        for (var i = 0; i < count; i++)
        {
            parents[i] = new EntryId(reader.Bytes(ParentTag));
        }

        return parents;
    }

    private static void WritePrefix(ref HeaderWriter writer, EntryHeader header)
    {
        writer.Varint(VersionTag, header.Version);
        writer.Varint(SuiteTag, header.Suite);
        if (!header.Conversation.Value.IsZero)
        {
            writer.Bytes(ConversationTag, header.Conversation.Value);
        }

        writer.Bytes(DeviceTag, header.Device.Value);
        writer.Varint(SeqTag, header.Seq);
        if (header.Previous is { } previous)
        {
            writer.Bytes(PreviousTag, previous.Value);
        }

        foreach (var parent in header.ParentSpan)
        {
            writer.Bytes(ParentTag, parent.Value);
        }

        writer.Fixed64(HlcTag, header.Hlc.Value);
        writer.Varint(DepthTag, header.Depth);
        writer.Bytes(AuthorityTag, header.Authority);
        writer.Varint(KindTag, header.Kind);
        if (header.Epoch is { } epoch)
        {
            writer.Bytes(EpochTag, epoch.Value);
        }
    }

    private static void ThrowIfMalformed(EntryHeader header)
    {
        ArgumentNullException.ThrowIfNull(header);
        var problem = HeaderRules.Check(header);
        if (problem != HeaderProblem.None)
        {
            throw new ArgumentException($"The header is malformed: {problem}.", nameof(header));
        }
    }

    private static int PrefixSize(EntryHeader header) =>
        VarintFieldSize(header.Version)
        + VarintFieldSize(header.Suite)
        + (header.Conversation.Value.IsZero ? 0 : BytesFieldSize)
        + BytesFieldSize
        + VarintFieldSize(header.Seq)
        + (header.Previous is null ? 0 : BytesFieldSize)
        + (header.ParentSpan.Length * BytesFieldSize)
        + (header.Hlc.Value == 0 ? 0 : 1 + sizeof(ulong))
        + VarintFieldSize(header.Depth)
        + BytesFieldSize
        + VarintFieldSize(header.Kind)
        + (header.Epoch is null ? 0 : BytesFieldSize);

    private static int BodySize(EntryHeader header) =>
        header.BodyLength == 0 ? 0 : VarintFieldSize(header.BodyLength) + BytesFieldSize;

    // A tag and seven bits a byte; left out when 0.
    private static int VarintFieldSize(ulong value) =>
        value == 0 ? 0 : 1 + ((70 - BitOperations.LeadingZeroCount(value)) / 7);
}
