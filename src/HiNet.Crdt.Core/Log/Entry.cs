using System.Diagnostics.CodeAnalysis;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Log;

/// <summary>A header, its bytes, its id, and the sealed body if it is there. Immutable; says nothing about who vouches for it.</summary>
public sealed class Entry
{
    private Entry(EntryHeader header, ReadOnlyMemory<byte> headerBytes, EntryId id, ReadOnlyMemory<byte>? body)
    {
        Header = header;
        HeaderBytes = headerBytes;
        Id = id;

        // A null array converts to memory that is there and empty, so emptiness under a header that names a body means absence.
        Body = header.BodyLength == 0 ? ReadOnlyMemory<byte>.Empty : body is { IsEmpty: false } ? body : null;
    }

    /// <summary>The header.</summary>
    public EntryHeader Header { get; }

    /// <summary>The header's one encoding.</summary>
    public ReadOnlyMemory<byte> HeaderBytes { get; }

    /// <summary>BLAKE2b-256 of <see cref="HeaderBytes"/>.</summary>
    public EntryId Id { get; }

    /// <summary>The sealed body; null when it is absent: erased, or not there yet. Empty when the header says that there is none.</summary>
    public ReadOnlyMemory<byte>? Body { get; }

    /// <summary>The header's bytes without body length and body hash: what the body's seal binds.</summary>
    public ReadOnlySpan<byte> Prefix => EntryCodec.Prefix(Header, HeaderBytes.Span);

    /// <summary>The conversation it belongs to: the header's, or for a genesis the one that it starts.</summary>
    public ConversationId Conversation => ConversationIds.Of(Header, Id);

    /// <summary>Encodes a header and names the entry.</summary>
    /// <exception cref="ArgumentException">The header is malformed.</exception>
    public static Entry Create(ICryptography cryptography, EntryHeader header, ReadOnlyMemory<byte>? body)
    {
        var bytes = EntryCodec.Encode(header);
        return new Entry(header, bytes, IdOf(cryptography, bytes), body);
    }

    /// <summary>Writes body length and body hash into <paramref name="unsealed"/> and makes the entry with this sealed body.</summary>
    /// <exception cref="ArgumentException">The header is malformed, or the body too long.</exception>
    public static Entry CreateWithBody(ICryptography cryptography, EntryHeader unsealed, ReadOnlyMemory<byte> sealedBody)
    {
        ArgumentNullException.ThrowIfNull(unsealed);
        var header = unsealed with
        {
            BodyLength = (uint)sealedBody.Length,
            BodyHash = sealedBody.IsEmpty ? default : HashOf(cryptography, sealedBody.Span),
        };
        return Create(cryptography, header, sealedBody);
    }

    /// <summary>Reads a header, whose bytes are kept and not copied. The body is not compared: ask <see cref="BodyMatches"/>.</summary>
    public static bool TryDecode(
        ICryptography cryptography,
        ReadOnlyMemory<byte> headerBytes,
        ReadOnlyMemory<byte>? body,
        [NotNullWhen(true)] out Entry? entry,
        out HeaderProblem problem)
    {
        entry = EntryCodec.TryDecode(headerBytes, out var header, out problem)
            ? new Entry(header, headerBytes, IdOf(cryptography, headerBytes.Span), body)
            : null;
        return entry is not null;
    }

    /// <summary>Joins parts that were an entry before, as read from this node's own store; nothing is checked.</summary>
    public static Entry FromStore(EntryHeader header, ReadOnlyMemory<byte> headerBytes, EntryId id, ReadOnlyMemory<byte>? body)
    {
        ArgumentNullException.ThrowIfNull(header);
        return new Entry(header, headerBytes, id, body);
    }

    /// <summary>The id of a header: BLAKE2b-256 of its bytes.</summary>
    public static EntryId IdOf(ICryptography cryptography, ReadOnlySpan<byte> headerBytes) => new(HashOf(cryptography, headerBytes));

    /// <summary>The hash of a sealed body, as a header carries it: BLAKE2b-256.</summary>
    public static Bytes32 HashOf(ICryptography cryptography, ReadOnlySpan<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        Span<byte> hash = stackalloc byte[Bytes32.Size];
        cryptography.Blake2b(message: bytes, digest: hash);
        return new Bytes32(hash);
    }

    /// <summary>The same entry with another body, or with none.</summary>
    public Entry WithBody(ReadOnlyMemory<byte>? body) => new(Header, HeaderBytes, Id, body);

    /// <summary>Whether the body is there and the one that the header names.</summary>
    public bool BodyMatches(ICryptography cryptography) =>
        Body is { } body
        && body.Length == Header.BodyLength
        && (body.IsEmpty || HashOf(cryptography, body.Span) == Header.BodyHash);
}
