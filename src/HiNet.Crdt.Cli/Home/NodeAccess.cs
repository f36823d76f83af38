using System.Diagnostics;
using HiNet.Crdt.LocalApi;
using HiNet.Crdt.LocalApi.Client;

namespace HiNet.Crdt.Cli.Home;

/// <summary>Finds the running node of a home, or opens the home for one verb.</summary>
internal static class NodeAccess
{
    // Another verb may have the home open for a moment, and a starting node has not opened its socket yet.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public static async Task<NodeSession> OpenAsync(
        HomeDirectory home,
        IHomeNodes nodes,
        Func<string?> passphrase,
        CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var client = await LocalApiClient.TryConnectAsync(home.Path, cancellationToken).ConfigureAwait(false);
            if (client is not null)
            {
                return new NodeSession(client, IsRunning: true, Opened: null, Lock: null);
            }

            if (!Directory.Exists(home.Path))
            {
                throw NoIdentity(home);
            }

            if (HomeLock.TryAcquire(home) is { } held)
            {
                return await OpenHeldAsync(home, nodes, passphrase, held, cancellationToken).ConfigureAwait(false);
            }

            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw InUse(home);
            }

            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Takes the lock for a process that keeps the home: waits for a verb to finish, refuses beside a running node.</summary>
    public static async Task<HomeLock> LockAsync(HomeDirectory home, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var client = await LocalApiClient.TryConnectAsync(home.Path, cancellationToken).ConfigureAwait(false);
            if (client is not null)
            {
                await client.DisposeAsync().ConfigureAwait(false);
                throw new HiNetException($"A node is running on the home {home.Path} already; stop it first, or use another home.");
            }

            if (HomeLock.TryAcquire(home) is { } held)
            {
                return held;
            }

            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw InUse(home);
            }

            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
        }
    }

    public static HiNetException NoIdentity(HomeDirectory home) =>
        new($"There is no identity in {home.Path}; make one with 'hinet --home {home.Path} init --name NAME'.");

    private static async Task<NodeSession> OpenHeldAsync(
        HomeDirectory home,
        IHomeNodes nodes,
        Func<string?> passphrase,
        HomeLock held,
        CancellationToken cancellationToken)
    {
        try
        {
            if (!nodes.HasIdentity(home))
            {
                throw NoIdentity(home);
            }

            var opened = await nodes.OpenAsync(home, new NodeOpening { Passphrase = passphrase() }, cancellationToken).ConfigureAwait(false);
            return new NodeSession(new NodeApi(opened.Node, opened.Links, opened.Dht), IsRunning: false, opened, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private static HiNetException InUse(HomeDirectory home) =>
        new($"The home {home.Path} is in use by another process; stop that one, or use another home.");
}
