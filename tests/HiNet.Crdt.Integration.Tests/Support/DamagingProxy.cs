using System.Net;
using System.Net.Sockets;

namespace HiNet.Crdt.Integration.Tests.Support;

/// <summary>A TCP proxy on loopback that can cut its connections, end one half of them, or flip one bit of what passes.</summary>
internal sealed class DamagingProxy : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Lock _gate = new();
    private readonly List<(Socket Dialler, Socket Target)> _connections = [];
    private Flip? _flip;

    internal DamagingProxy()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(8);
        _ = Task.Run(AcceptAsync);
    }

    /// <summary>A place in one direction of a connection.</summary>
    /// <param name="FromDialler">Whether it is in what the dialling end sends.</param>
    /// <param name="Offset">In bytes from the connection's beginning.</param>
    /// <param name="Bit">0 to 7.</param>
    internal sealed record Flip(bool FromDialler, long Offset, int Bit);

    /// <summary>The address that is dialled for whoever dials this one.</summary>
    internal string? Target { get; set; }

    internal string Address => _listener.LocalEndPoint!.ToString()!;

    /// <summary>False once the bit was flipped.</summary>
    internal bool IsArmed => Volatile.Read(ref _flip) is not null;

    /// <summary>Cuts every connection; the first of the next whose bytes reach the place has that bit flipped, once.</summary>
    internal void Arm(Flip flip)
    {
        Volatile.Write(ref _flip, flip);
        ForEach(connection =>
        {
            connection.Dialler.Dispose();
            connection.Target.Dispose();
        });
    }

    /// <summary>The dialled ends see the end of the stream; the diallers' ends stay open.</summary>
    internal void EndHalf() => ForEach(connection => connection.Target.Shutdown(SocketShutdown.Send));

    public void Dispose()
    {
        _listener.Dispose();
        Arm(new Flip(true, long.MaxValue, 0));
    }

    private void ForEach(Action<(Socket Dialler, Socket Target)> act)
    {
        lock (_gate)
        {
            foreach (var connection in _connections)
            {
                try
                {
                    act(connection);
                }
                catch (Exception e) when (e is SocketException or ObjectDisposedException)
                {
                    // It has ended by itself.
                }
            }

            _connections.Clear();
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var dialler = await _listener.AcceptAsync();
                var target = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await target.ConnectAsync(IPEndPoint.Parse(Target!));
                lock (_gate)
                {
                    _connections.Add((dialler, target));
                }

                _ = PumpAsync(dialler, target, fromDialler: true);
                _ = PumpAsync(target, dialler, fromDialler: false);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }

    private async Task PumpAsync(Socket from, Socket to, bool fromDialler)
    {
        var buffer = new byte[16 * 1024];
        long passed = 0;
        try
        {
            while (await from.ReceiveAsync(buffer) is var read and > 0)
            {
                Damage(buffer.AsSpan(0, read), passed, fromDialler);
                passed += read;
                for (var sent = 0; sent < read;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
                }
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            from.Dispose();
            to.Dispose();
        }
    }

    private void Damage(Span<byte> bytes, long passed, bool fromDialler)
    {
        if (Volatile.Read(ref _flip) is { } flip && flip.FromDialler == fromDialler
            && flip.Offset >= passed && flip.Offset < passed + bytes.Length
            && Interlocked.CompareExchange(ref _flip, null, flip) == flip)
        {
            bytes[(int)(flip.Offset - passed)] ^= (byte)(1 << flip.Bit);
        }
    }
}
