using System.Buffers.Binary;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Sync;

/// <summary>
/// Reads what <see cref="SegmentWriter"/> wrote. Rebuilt headers are checked by the run's signature, so a wrong rebuild cannot
/// pass for an entry; anything that has not this form is refused whole.
/// </summary>
public ref struct SegmentReader
{
    private readonly ICryptography _cryptography;
    private readonly ConversationId _conversation;
    private readonly SegmentContext _context = new();
    private ReadOnlySpan<byte> _rest;

    public SegmentReader(ICryptography cryptography, ConversationId conversation, ReadOnlySpan<byte> message)
    {
        _cryptography = cryptography;
        _conversation = conversation;
        _rest = message;
    }

    /// <summary>The next run; null at the end, or, with <see cref="IsMalformed"/>, where the message makes no sense.</summary>
    public SignedRun? Read()
    {
        if (_rest.IsEmpty || IsMalformed)
        {
            return null;
        }

        var run = ReadRun();
        IsMalformed = run is null;
        return run;
    }

    public bool IsMalformed { get; private set; }

    private SignedRun? ReadRun()
    {
        if (!TryTake(Bytes32.Size, out var device)
            || !TryVarint(out var count) || count is 0 or > SegmentRule.Period
            || !TryVarint(out var seq) || seq > long.MaxValue)
        {
            return null;
        }

        EntryId? previous = null;
        if (seq > 0)
        {
            if (!TryTake(Bytes32.Size, out var bytes))
            {
                return null;
            }

            previous = new EntryId(bytes);
        }

        var entries = new Entry[count];
        var author = new DeviceId(device);
        for (var i = 0; i < entries.Length; i++)
        {
            var entry = ReadEntry(author, seq + (ulong)i, previous, i == 0 ? null : entries[i - 1].Header);
            if (entry is null || (i < entries.Length - 1 && entry.Header.Seq % SegmentRule.Period == 0))
            {
                return null;
            }

            entries[i] = entry;
            previous = entry.Id;
        }

        return TryTake(64, out var signature) ? new SignedRun(author, entries, signature.ToArray()) : null;
    }

    private Entry? ReadEntry(DeviceId device, ulong seq, EntryId? previous, EntryHeader? before)
    {
        if (!TryTake(1, out var flagByte))
        {
            return null;
        }

        var flags = (SegmentFlags)flagByte[0];
        if ((flags & SegmentFlags.Verbatim) != 0)
        {
            return ReadVerbatim(flags, device, seq, previous);
        }

        var depth = before is null ? 0 : before.Depth + 1;
        ulong kind = _context.Kind;
        if (!TryVarint(out var hlc)
            || ((flags & SegmentFlags.NextDepth) == 0 && !TryVarint(out depth))
            || ((flags & SegmentFlags.SameKind) == 0 && (!TryVarint(out kind) || kind > uint.MaxValue))
            || !TryEpoch(flags, out var epoch)
            || !TryAuthority(flags, out var authority)
            || !TryParents(flags, out var parents)
            || !TryVarint(out var bodyLength) || bodyLength > EntryLimits.MaxBodyBytes
            || (bodyLength == 0 && (flags & SegmentFlags.HasBody) == 0))
        {
            // No body at all cannot be absent: it has one form, so that what is read is written to the same bytes.
            return null;
        }

        byte[]? body = null;
        var hash = default(Bytes32);
        if ((flags & SegmentFlags.HasBody) != 0)
        {
            if (!TryTake((int)bodyLength, out var bytes))
            {
                return null;
            }

            body = bytes.ToArray();
            Span<byte> digest = stackalloc byte[Bytes32.Size];
            _cryptography.Blake2b(body, digest);
            hash = bodyLength > 0 ? new Bytes32(digest) : default;
        }
        else if (bodyLength > 0)
        {
            if (!TryTake(Bytes32.Size, out var bytes))
            {
                return null;
            }

            hash = new Bytes32(bytes);
        }

        var header = new EntryHeader
        {
            Conversation = kind == EntryKind.Genesis ? default : _conversation,
            Device = device,
            Seq = seq,
            Previous = previous,
            Parents = parents,
            Hlc = new HybridTimestamp(before is null ? hlc : unchecked(before.Hlc.Value + hlc)),
            Depth = depth,
            Authority = authority,
            Kind = (uint)kind,
            Epoch = epoch,
            BodyLength = (uint)bodyLength,
            BodyHash = hash,
        };
        return Accept(header, body);
    }

    private readonly Entry? Accept(EntryHeader header, byte[]? body)
    {
        if (HeaderRules.Check(header) != HeaderProblem.None)
        {
            return null;
        }

        _context.Note(header);
        return Entry.Create(_cryptography, header, body);
    }

    private Entry? ReadVerbatim(SegmentFlags flags, DeviceId device, ulong seq, EntryId? previous)
    {
        if ((flags & ~(SegmentFlags.Verbatim | SegmentFlags.HasBody)) != 0
            || !TryTake(2, out var size)
            || !TryTake(BinaryPrimitives.ReadUInt16LittleEndian(size), out var bytes)
            || !EntryCodec.TryDecode(bytes.ToArray(), out var header, out _)
            || header!.Device != device || header.Seq != seq || header.Previous != previous)
        {
            return null;
        }

        byte[]? body = null;
        if ((flags & SegmentFlags.HasBody) != 0)
        {
            if (!TryVarint(out var length) || length != header.BodyLength || !TryTake((int)length, out var content))
            {
                return null;
            }

            body = content.ToArray();
        }

        _context.Note(header);
        var entry = Entry.Create(_cryptography, header, body);
        return body is null || entry.BodyMatches(_cryptography) ? entry : null;
    }

    private bool TryEpoch(SegmentFlags flags, out EntryId? epoch)
    {
        epoch = null;
        if ((flags & SegmentFlags.HasEpoch) == 0)
        {
            return (flags & SegmentFlags.SameEpoch) == 0;
        }

        if ((flags & SegmentFlags.SameEpoch) != 0)
        {
            epoch = _context.Epoch;
            return epoch is not null;
        }

        var taken = TryTake(Bytes32.Size, out var bytes);
        epoch = taken ? new EntryId(bytes) : null;
        return taken;
    }

    private bool TryAuthority(SegmentFlags flags, out Bytes32 authority)
    {
        authority = _context.Authority;
        if ((flags & SegmentFlags.SameAuthority) != 0)
        {
            return true;
        }

        var taken = TryTake(Bytes32.Size, out var bytes);
        authority = taken ? new Bytes32(bytes) : default;
        return taken;
    }

    private bool TryParents(SegmentFlags flags, out EntryId[] parents)
    {
        parents = [];
        if ((flags & SegmentFlags.HasParents) == 0)
        {
            return true;
        }

        if (!TryVarint(out var count) || count is 0 or > EntryLimits.MaxParents)
        {
            return false;
        }

        parents = new EntryId[count];
        for (var i = 0; i < parents.Length; i++)
        {
            if (!TryTake(Bytes32.Size, out var bytes))
            {
                return false;
            }

            parents[i] = new EntryId(bytes);
        }

        return true;
    }

    private bool TryVarint(out ulong value)
    {
        value = 0;
        for (var i = 0; i < 10 && i < _rest.Length; i++)
        {
            value |= (ulong)(_rest[i] & 0x7f) << (7 * i);
            if ((_rest[i] & 0x80) == 0)
            {
                var canonical = i == 0 || _rest[i] != 0;
                canonical &= i < 9 || _rest[i] <= 1;
                _rest = _rest[(i + 1)..];
                return canonical;
            }
        }

        return false;
    }

    private bool TryTake(int length, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if ((uint)length > (uint)_rest.Length)
        {
            return false;
        }

        bytes = _rest[..length];
        _rest = _rest[length..];
        return true;
    }
}
