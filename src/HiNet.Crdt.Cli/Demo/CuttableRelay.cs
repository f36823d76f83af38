using System.Net;
using System.Net.Sockets;

namespace HiNet.Crdt.Cli.Demo;

/// <summary>A cable between two nodes on this machine that can be pulled out and put back in.</summary>
internal sealed class CuttableRelay : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly HashSet<TcpClient> _open = [];
    private bool _isCut;

    public CuttableRelay()
    {
        _listener.Start();
        Address = _listener.LocalEndpoint.ToString()!;
        _ = AcceptAsync();
    }

    /// <summary>host:port to connect to instead.</summary>
    public string Address { get; }

    /// <summary>host:port that connections go on to.</summary>
    public string Target { get; set; } = string.Empty;

    /// <summary>Breaks what is open and refuses what comes.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            _isCut = true;
            foreach (var client in _open)
            {
                client.Dispose();
            }

            _open.Clear();
        }
    }

    public void Mend()
    {
        lock (_gate)
        {
            _isCut = false;
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        Cut();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = JoinAsync(await _listener.AcceptTcpClientAsync().ConfigureAwait(false));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task JoinAsync(TcpClient near)
    {
        using var far = new TcpClient { NoDelay = true };
        near.NoDelay = true;
        using (near)
        {
            try
            {
                if (!Keep(near))
                {
                    return;
                }

                await far.ConnectAsync(IPEndPoint.Parse(Target)).ConfigureAwait(false);
                if (!Keep(far))
                {
                    return;
                }

                var (nearStream, farStream) = (near.GetStream(), far.GetStream());
                await Task.WhenAny(nearStream.CopyToAsync(farStream), farStream.CopyToAsync(nearStream)).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // One end closed, or the cable was cut.
            }
            finally
            {
                lock (_gate)
                {
                    _open.Remove(near);
                    _open.Remove(far);
                }
            }
        }
    }

    private bool Keep(TcpClient client)
    {
        lock (_gate)
        {
            return !_isCut && _open.Add(client);
        }
    }
}
