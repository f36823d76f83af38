using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;

namespace HiNet.Crdt.LocalApi;

/// <summary>Reads lines of UTF-8 with a bound on their length, and refuses what is not UTF-8 instead of replacing it.</summary>
public static class LineReader
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The lines without their line feeds and, where there is one before it, carriage return.</summary>
    /// <param name="stream">Left open.</param>
    /// <param name="longestLine">In bytes.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="LocalApiException">A line is too long or not valid UTF-8.</exception>
    public static async IAsyncEnumerable<string> ReadLinesAsync(
        Stream stream,
        int longestLine,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true, bufferSize: 16 << 10));
        try
        {
            for (var number = 1L; ;)
            {
                var result = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                var buffer = result.Buffer;
                while (buffer.PositionOf((byte)'\n') is { } end)
                {
                    yield return Decode(buffer.Slice(0, end), number++, longestLine);
                    buffer = buffer.Slice(buffer.GetPosition(1, end));
                }

                if (result.IsCompleted)
                {
                    if (!buffer.IsEmpty)
                    {
                        yield return Decode(buffer, number, longestLine);
                    }

                    yield break;
                }

                Bound(buffer.Length, number, longestLine);
                reader.AdvanceTo(buffer.Start, buffer.End);
            }
        }
        finally
        {
            await reader.CompleteAsync().ConfigureAwait(false);
        }
    }

    private static string Decode(ReadOnlySequence<byte> bytes, long number, int longestLine)
    {
        Bound(bytes.Length, number, longestLine);
        try
        {
            var line = Strict.GetString(bytes);
            return line.EndsWith('\r') ? line[..^1] : line;
        }
        catch (DecoderFallbackException e)
        {
            throw new LocalApiException(400, $"Line {number} is not valid UTF-8; nothing from it on was taken.", e);
        }
    }

    private static void Bound(long length, long number, int longestLine)
    {
        if (length > longestLine)
        {
            throw new LocalApiException(400, $"Line {number} is longer than {longestLine:N0} bytes; nothing from it on was taken.");
        }
    }
}
