using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using HiNet.Crdt.Attack.Hostile;

namespace HiNet.Crdt.Attack.Attackers;

/// <summary>
/// One way to misbehave, again and again within a bound that its class states. What the victim ends is counted as lost, and the next
/// attempt comes when its turn is.
/// </summary>
internal abstract class Attacker(string name, IPEndPoint victim, Tally tally)
{
    public string Name => name;

    protected IPEndPoint Victim => victim;

    /// <summary>Goes on until it is cancelled.</summary>
    public abstract Task RunAsync(CancellationToken cancellationToken);

    /// <summary>Counts under this attacker's name.</summary>
    protected void Count(string what, long more = 1) => tally.Count($"{name}: {what}", more);

    /// <summary>Begins something so many times a second, and no more than so many at once.</summary>
    protected async Task RepeatAsync(double perSecond, int atOnce, Func<CancellationToken, Task> actAsync, CancellationToken cancellationToken)
    {
        using var places = new SemaphoreSlim(atOnce);
        var pace = new Pace(perSecond);
        try
        {
            while (true)
            {
                await pace.NextAsync(1, cancellationToken);
                await places.WaitAsync(cancellationToken);
                _ = TryAsync();
            }
        }
        catch (OperationCanceledException)
        {
            for (var i = 0; i < atOnce; i++)
            {
                await places.WaitAsync(CancellationToken.None);
            }
        }

        async Task TryAsync()
        {
            try
            {
                await Task.Run(() => actAsync(cancellationToken), CancellationToken.None);
                Count("done");
            }
            catch (Exception problem) when (problem is LinkLostException or SocketException)
            {
                Count("lost");
            }
            catch (OperationCanceledException)
            {
                // The attack is over.
            }
            finally
            {
                places.Release();
            }
        }
    }

    protected async Task<Socket> DialAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(victim, cancellationToken);
            Count("connections");
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A link with keys of its own.</summary>
    protected async Task<HostileLink> LinkAsync(CancellationToken cancellationToken)
    {
        var link = await HostileLink.ConnectAsync(victim, cancellationToken);
        Count("links");
        return link;
    }

    /// <summary>Reads until the victim ends the connection, or for so long.</summary>
    protected static async Task StayAsync(Socket socket, TimeSpan time, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(time);
        var buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer, limit.Token) > 0)
            {
                // Nothing is answered.
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // It stayed for as long as it wanted.
        }
    }

    /// <summary>The length of a frame as it stands before one.</summary>
    protected static byte[] FrameLength(int length) => [(byte)length, (byte)(length >> 8), (byte)(length >> 16)];

    protected static byte[] Bytes(int count) => RandomNumberGenerator.GetBytes(count);

    protected static int Draw(int from, int to) => RandomNumberGenerator.GetInt32(from, to + 1);
}
