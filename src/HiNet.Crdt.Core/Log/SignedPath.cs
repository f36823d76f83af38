using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Log;

/// <summary>
/// A run of at most 64 headers of one device's chain and a signature on its end: what proves every entry of the run.
/// Well formed when decoded; whether it proves anything is <see cref="TryVerify"/>'s to say.
/// </summary>
public sealed class SignedPath
{
    private readonly ReadOnlyMemory<byte>[] _headers;

    /// <summary>Joins header bytes, seq ascending, and the signature on the last.</summary>
    /// <exception cref="ArgumentException">Not 1 to 64 headers, or not a signature of 64 bytes.</exception>
    public SignedPath(IReadOnlyList<ReadOnlyMemory<byte>> headers, ReadOnlyMemory<byte> signature)
    {
        ArgumentNullException.ThrowIfNull(headers);
        if (headers.Count is < 1 or > SegmentRule.Period)
        {
            throw new ArgumentException($"A path has 1 to {SegmentRule.Period} headers, not {headers.Count}.", nameof(headers));
        }

        if (signature.Length != EntryLimits.SignatureBytes)
        {
            throw new ArgumentException($"A signature has {EntryLimits.SignatureBytes} bytes, not {signature.Length}.", nameof(signature));
        }

        _headers = [.. headers];
        Signature = signature;
    }

    /// <summary>Encoded headers, seq ascending.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Headers => _headers;

    /// <summary>On the id of the last header; 64 bytes.</summary>
    public ReadOnlyMemory<byte> Signature { get; }

    /// <summary>
    /// Reads the headers and checks that they are one device's chain in one conversation, that the signature on the last
    /// covers the first, and that it is the device's own.
    /// </summary>
    public bool TryVerify(ICryptography cryptography, [NotNullWhen(true)] out IReadOnlyList<Entry>? entries)
    {
        entries = null;
        var chain = new Entry[_headers.Length];
        for (var i = 0; i < chain.Length; i++)
        {
            if (!Entry.TryDecode(cryptography, _headers[i], null, out var entry, out _)
                || (i > 0 && !Follows(chain[i - 1], entry)))
            {
                return false;
            }

            chain[i] = entry;
        }

        var last = chain[^1];
        if (!SegmentRule.Covers(last.Header.Seq, chain[0].Header.Seq)
            || !EntrySignature.Verify(cryptography, last.Header.Device, last.Id, Signature.Span))
        {
            return false;
        }

        entries = chain;
        return true;
    }

    internal SignedHeaders ToMessage()
    {
        var message = new SignedHeaders { Signature = UnsafeByteOperations.UnsafeWrap(Signature) };
        message.Headers.AddRange(_headers.Select(UnsafeByteOperations.UnsafeWrap));
        return message;
    }

    internal static bool TryFrom(SignedHeaders? message, [NotNullWhen(true)] out SignedPath? path)
    {
        path = message is { Headers.Count: >= 1 and <= SegmentRule.Period, Signature.Length: EntryLimits.SignatureBytes }
            ? new SignedPath([.. message.Headers.Select(h => h.Memory)], message.Signature.Memory)
            : null;
        return path is not null;
    }

    private static bool Follows(Entry previous, Entry next) =>
        next.Header.Device == previous.Header.Device
        && next.Header.Seq == previous.Header.Seq + 1
        && next.Header.Previous == previous.Id
        && next.Conversation == previous.Conversation;
}
