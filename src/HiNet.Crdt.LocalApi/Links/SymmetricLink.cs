using System.Buffers.Binary;

namespace HiNet.Crdt.LocalApi.Links;

/// <summary>
/// A link over a stream whose two ends are the same program, so that neither is born the one who dialled. Both begin as
/// initiator. An end that then receives a first handshake message instead of the answer to its own knows that the other end
/// does the same; the end whose message is the lower byte by byte starts over as responder and answers, the other one waits on.
/// To an end that only listens, a TCP port behind netcat for example, this looks like any initiator. See specs/10-local-api.md.
/// </summary>
internal static class SymmetricLink
{
    /// <summary>Length prefix (3 bytes) of every handshake frame.</summary>
    public const int PrefixSize = 3;

    /// <summary>Body of the first handshake message: one ephemeral key. The answer to it is longer.</summary>
    public const int OpeningSize = 32;

    public static async Task RunAsync(INodeLinks links, Stream stream, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var opening = new OpeningStream(stream);
        await using var _ = opening.ConfigureAwait(false);
        using var yielding = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, opening.Yielded);
        try
        {
            await links.AttachAsync(opening, isInitiator: true, yielding.Token).ConfigureAwait(false);
        }
        catch (Exception) when (opening.Yielded.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // Expected: the attempt as initiator was cut off on purpose.
        }

        if (opening.Yielded.IsCancellationRequested)
        {
            var replay = new PrependedStream(opening.PeerOpening, stream);
            await using var __ = replay.ConfigureAwait(false);
            await links.AttachAsync(replay, isInitiator: false, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>True when a frame's prefix announces a first handshake message.</summary>
    public static bool IsOpening(ReadOnlySpan<byte> prefix) =>
        (prefix[0] | (BinaryPrimitives.ReadUInt16LittleEndian(prefix[1..]) << 8)) == OpeningSize;
}
