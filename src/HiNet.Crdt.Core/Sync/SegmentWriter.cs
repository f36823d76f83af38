using System.Buffers;
using System.Buffers.Binary;
using HiNet.Crdt.Core.Log;

namespace HiNet.Crdt.Core.Sync;

/// <summary>
/// Writes signed runs in the form of <c>specs/03-sync.md</c>: what the channel, the run and the entry before it say is left out,
/// and the receiver rebuilds each header byte for byte.
/// </summary>
public sealed class SegmentWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private readonly SegmentContext _context = new();

    /// <summary>
    /// Starts another message in the same memory, which is overwritten: what was <see cref="Written"/> is gone, or a deleted body
    /// would lie there until so long a message is written again.
    /// </summary>
    public void Clear()
    {
        _buffer.Clear();
        _context.Clear();
    }

    public int Length => _buffer.WrittenCount;

    public ReadOnlyMemory<byte> Written => _buffer.WrittenMemory;

    public void Write(SignedRun run)
    {
        var first = run.Entries[0].Header;
        run.Device.CopyTo(Take(Bytes32.Size));
        WriteVarint((ulong)run.Entries.Count);
        WriteVarint(first.Seq);
        if (first.Previous is { } previous)
        {
            previous.CopyTo(Take(Bytes32.Size));
        }

        EntryHeader? before = null;
        foreach (var entry in run.Entries)
        {
            Write(entry, before);
            before = entry.Header;
        }

        run.Signature.Span.CopyTo(Take(64));
    }

    private void Write(Entry entry, EntryHeader? before)
    {
        var header = entry.Header;
        if (header.Suite != EntryHeader.CurrentSuite)
        {
            WriteVerbatim(entry);
            _context.Note(header);
            return;
        }

        var flags = SegmentFlags.None;
        flags |= header.Epoch is not null ? SegmentFlags.HasEpoch : 0;
        flags |= header.Epoch is not null && header.Epoch == _context.Epoch ? SegmentFlags.SameEpoch : 0;
        flags |= header.Authority == _context.Authority ? SegmentFlags.SameAuthority : 0;
        flags |= header.Kind == _context.Kind ? SegmentFlags.SameKind : 0;
        flags |= header.Parents.Count > 0 ? SegmentFlags.HasParents : 0;
        flags |= before is not null && header.Depth == before.Depth + 1 ? SegmentFlags.NextDepth : 0;
        flags |= entry.Body is not null ? SegmentFlags.HasBody : 0;
        Take(1)[0] = (byte)flags;
        WriteVarint(before is null ? header.Hlc.Value : header.Hlc.Value - before.Hlc.Value);
        if (!flags.HasFlag(SegmentFlags.NextDepth))
        {
            WriteVarint(header.Depth);
        }

        if (!flags.HasFlag(SegmentFlags.SameKind))
        {
            WriteVarint(header.Kind);
        }

        if (header.Epoch is { } epoch && !flags.HasFlag(SegmentFlags.SameEpoch))
        {
            epoch.CopyTo(Take(Bytes32.Size));
        }

        if (!flags.HasFlag(SegmentFlags.SameAuthority))
        {
            header.Authority.CopyTo(Take(Bytes32.Size));
        }

        if (header.Parents.Count > 0)
        {
            WriteVarint((ulong)header.Parents.Count);
            foreach (var parent in header.Parents)
            {
                parent.CopyTo(Take(Bytes32.Size));
            }
        }

        WriteVarint(header.BodyLength);
        if (entry.Body is { } body)
        {
            body.Span.CopyTo(Take(body.Length));
        }
        else if (header.BodyLength > 0)
        {
            header.BodyHash.CopyTo(Take(Bytes32.Size));
        }

        _context.Note(header);
    }

    private void WriteVerbatim(Entry entry)
    {
        Take(1)[0] = (byte)(SegmentFlags.Verbatim | (entry.Body is null ? SegmentFlags.None : SegmentFlags.HasBody));
        BinaryPrimitives.WriteUInt16LittleEndian(Take(2), (ushort)entry.HeaderBytes.Length);
        entry.HeaderBytes.Span.CopyTo(Take(entry.HeaderBytes.Length));
        if (entry.Body is { } body)
        {
            WriteVarint((ulong)body.Length);
            body.Span.CopyTo(Take(body.Length));
        }
    }

    private void WriteVarint(ulong value)
    {
        var span = _buffer.GetSpan(10);
        var length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            span[length++] = (byte)(value | 0x80);
        }

        span[length++] = (byte)value;
        _buffer.Advance(length);
    }

    private Span<byte> Take(int length)
    {
        var span = _buffer.GetSpan(length)[..length];
        _buffer.Advance(length);
        return span;
    }
}
