using System.Diagnostics;
using HiNet.Crdt.LocalApi;
using HiNet.Crdt.Transport;

namespace HiNet.Crdt.Cli.Verbs;

/// <summary>A link over two named pipes, made again whenever it ends.</summary>
/// <param name="In">Read from.</param>
/// <param name="Out">Written to.</param>
internal sealed record NamedPipePair(string In, string Out)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan LastPause = TimeSpan.FromSeconds(30);

    // A link that lived as long was a good one.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(10);

    /// <exception cref="UsageException">Not two paths with a comma between.</exception>
    public static NamedPipePair Parse(string text)
    {
        var paths = text.Split(',');
        if (paths.Length != 2 || paths.Any(string.IsNullOrWhiteSpace))
        {
            throw new UsageException($"--pipe: '{text}' is not IN,OUT: the paths of two named pipes with a comma between.");
        }

        foreach (var path in paths)
        {
            if (!File.Exists(path))
            {
                throw new HiNetException($"There is no named pipe {path}; make it with 'mkfifo {path}'.");
            }
        }

        return new NamedPipePair(paths[0], paths[1]);
    }

    public async Task HoldAsync(INodeApi api, Action<string> note, CancellationToken cancellationToken)
    {
        var pause = FirstPause;
        while (!cancellationToken.IsCancellationRequested)
        {
            var began = Stopwatch.GetTimestamp();
            try
            {
                // Each opening waits for the other process to open its end, whichever order that one chooses.
                var reading = Task.Run(() => Open(In, FileAccess.Read), cancellationToken);
                var writing = Task.Run(() => Open(Out, FileAccess.Write), cancellationToken);
                await Task.WhenAll(reading, writing).WaitAsync(cancellationToken).ConfigureAwait(false);
                var pair = new DuplexStream(await reading.ConfigureAwait(false), await writing.ConfigureAwait(false));
                await using var _ = pair.ConfigureAwait(false);
                began = Stopwatch.GetTimestamp();
                await api.AttachAsync(pair, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or HiNetException)
            {
                note($"The link over {In} and {Out} ended: {e.Message}");
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // This attempt was given up; the next one follows.
            }

            // Two nodes that are linked otherwise as well close this one again at once: not for ever at this pace.
            pause = Stopwatch.GetElapsedTime(began) > Settled ? FirstPause : TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, LastPause.Ticks));
            await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
        }
    }

    private static FileStream Open(string path, FileAccess access) =>
        new(path, FileMode.Open, access, FileShare.ReadWrite, bufferSize: 0, FileOptions.None);
}
