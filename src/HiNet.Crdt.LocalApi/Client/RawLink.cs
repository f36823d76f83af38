using System.Net.Sockets;
using System.Text;
using HiNet.Crdt.LocalApi.Server;

namespace HiNet.Crdt.LocalApi.Client;

/// <summary>An upgraded connection: after one exchange of headers it carries a link's bytes and nothing else.</summary>
internal static class RawLink
{
    private const int LongestAnswer = 4 << 10;

    public static async Task<Stream> OpenAsync(Socket socket, CancellationToken cancellationToken)
    {
        var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            var request = $"GET /v1/link HTTP/1.1\r\nHost: hinet\r\nConnection: Upgrade\r\nUpgrade: {LinkEndpoints.Protocol}\r\n\r\n";
            await stream.WriteAsync(Encoding.ASCII.GetBytes(request), cancellationToken).ConfigureAwait(false);
            var answer = await HeadersAsync(stream, cancellationToken).ConfigureAwait(false);
            return answer.StartsWith("HTTP/1.1 101 ", StringComparison.Ordinal)
                ? stream
                : throw new LocalApiException(501, "The running node takes no links.");
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Copies both ways until either side ends.</summary>
    public static async Task JoinAsync(Stream one, Stream other, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var there = CopyAsync(one, other, ended.Token);
        var back = CopyAsync(other, one, ended.Token);
        await Task.WhenAny(there, back).ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);

        // Not awaited: a read of a pipe or terminal cannot always be interrupted, and the process is about to end.
        _ = Task.WhenAll(there, back);
    }

    private static async Task CopyAsync(Stream from, Stream to, CancellationToken cancellationToken)
    {
        try
        {
            var buffer = new byte[64 << 10];
            while (await from.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is var read and > 0)
            {
                await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                await to.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The link has ended.
        }
    }

    // Byte by byte, so that nothing of the link behind the headers is swallowed.
    private static async Task<string> HeadersAsync(Stream stream, CancellationToken cancellationToken)
    {
        var answer = new StringBuilder();
        var one = new byte[1];
        while (answer.Length < LongestAnswer && await stream.ReadAsync(one, cancellationToken).ConfigureAwait(false) == 1)
        {
            answer.Append((char)one[0]);
            if (answer.Length >= 4 && answer.ToString(answer.Length - 4, 4) == "\r\n\r\n")
            {
                return answer.ToString();
            }
        }

        throw new LocalApiException(503, "The node stopped while it was asked for a link.");
    }
}
