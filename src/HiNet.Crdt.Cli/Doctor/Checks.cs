using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using HiNet.Crdt.Cli.Home;
using HiNet.Crdt.Cli.Output;
using HiNet.Crdt.LocalApi;
using HiNet.Crdt.LocalApi.Client;
using HiNet.Crdt.LocalApi.Contract;

namespace HiNet.Crdt.Cli.Doctor;

/// <summary>The checks, each with one sentence on what it found.</summary>
internal static class Checks
{
    private const long LeastFree = 256L << 20;

    // Nothing of this program was built earlier: a clock before it has lost its battery.
    private static readonly DateTimeOffset Earliest = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static async IAsyncEnumerable<CheckLine> RunAsync(HomeDirectory home, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var library in NativeLibraries.All)
        {
            var found = NativeLibraries.Find(library.Files);
            yield return found is not null
                ? new CheckLine(library.Name, true, $"{found} loads")
                : new CheckLine(library.Name, false, $"not found; on Debian 12 get it with 'apt-get install {library.Package}'");
        }

        yield return Ports();
        yield return Clock(home);
        yield return Disk(home);
        foreach (var line in await OfNodeAsync(home, cancellationToken).ConfigureAwait(false))
        {
            yield return line;
        }
    }

    private static CheckLine Ports()
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return new CheckLine("ports", true, string.Create(CultureInfo.InvariantCulture, $"a TCP port can be opened ({((IPEndPoint)listener.LocalEndpoint).Port})"));
        }
        catch (SocketException e)
        {
            return new CheckLine("ports", false, $"no TCP port can be opened: {e.Message}");
        }
    }

    private static CheckLine Clock(HomeDirectory home)
    {
        var now = DateTimeOffset.UtcNow;
        if (now < Earliest)
        {
            return new CheckLine("clock", false, $"it says {now:O}, which is long past; set it");
        }

        var newest = Directory.Exists(home.StorePath)
            ? Directory.EnumerateFiles(home.StorePath).Select(File.GetLastWriteTimeUtc).DefaultIfEmpty(DateTime.UnixEpoch).Max()
            : DateTime.UnixEpoch;
        return newest > now.UtcDateTime.AddMinutes(2)
            ? new CheckLine("clock", false, $"it says {now:O}, but the home was written at {newest:O}; set it")
            : new CheckLine("clock", true, $"it says {now:yyyy-MM-ddTHH:mm:ssZ}");
    }

    private static CheckLine Disk(HomeDirectory home)
    {
        var folder = home.Path;
        while (!Directory.Exists(folder))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        try
        {
            var probe = Path.Combine(folder, $".hinet-doctor-{Environment.ProcessId}");
            File.WriteAllBytes(probe, new byte[4_096]);
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new CheckLine("disk", false, $"{folder} cannot be written: {e.Message}");
        }

        var free = new DriveInfo(folder).AvailableFreeSpace;
        var detail = string.Create(CultureInfo.InvariantCulture, $"{free >> 20:N0} MiB free at {folder}");
        return new CheckLine("disk", free >= LeastFree, free >= LeastFree ? detail : $"only {detail}; make room");
    }

    private static async Task<IReadOnlyList<CheckLine>> OfNodeAsync(HomeDirectory home, CancellationToken cancellationToken)
    {
        LocalApiClient? client = null;
        CheckLine? unreachable = null;
        try
        {
            client = await LocalApiClient.TryConnectAsync(home.Path, cancellationToken).ConfigureAwait(false);
        }
        catch (HiNetException e)
        {
            unreachable = new CheckLine("node", false, e.Message);
        }

        try
        {
            var (line, status) = await NodeAsync(home, client, cancellationToken).ConfigureAwait(false);
            var running = status is null ? null : client;
            return
            [
                unreachable ?? line,
                await NetworkChecks.DhtAsync(running, cancellationToken).ConfigureAwait(false),
                NetworkChecks.Mdns(),
                await NetworkChecks.ReachabilityAsync(status, cancellationToken).ConfigureAwait(false),
            ];
        }
        finally
        {
            if (client is not null)
            {
                await client.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private static async Task<(CheckLine Line, NodeStatusInfo? Status)> NodeAsync(HomeDirectory home, INodeApi? api, CancellationToken cancellationToken)
    {
        if (api is null)
        {
            return (new CheckLine("node", true, $"not running; its socket would be {LocalSocket.PathFor(home.Path)}"), null);
        }

        try
        {
            var status = await api.GetStatusAsync(cancellationToken).ConfigureAwait(false);
            return (new CheckLine(
                "node", status.Problem is null, status.Problem ?? $"running, listening on {status.Listen ?? "nothing"}, {status.Peers.Count} peers"), status);
        }
        catch (HiNetException e)
        {
            return (new CheckLine("node", false, e.Message), null);
        }
    }
}
