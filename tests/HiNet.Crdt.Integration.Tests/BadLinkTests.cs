using System.Net;
using System.Net.Sockets;
using HiNet.Crdt.Integration.Tests.Support;
using HiNet.Crdt.Storage.RocksDb.Tests;

namespace HiNet.Crdt.Integration.Tests;

/// <summary>What arrives on a socket that no node of ours would send.</summary>
public sealed class BadLinkTests : IAsyncLifetime, IDisposable
{
    /// <summary>The first message of Noise XX, as <c>specs/02-links.md</c> has it: a length of three bytes, then an ephemeral key.</summary>
    private const int FirstHandshakeBody = 32;

    private readonly TemporaryDirectory _directory = new();
    private HiNetNode _alice = null!;
    private HiNetNode _bob = null!;
    private IConversation _hers = null!;
    private IConversation _his = null!;
    private Complaints _complaints = null!;
    private int _sent;

    public async Task InitializeAsync()
    {
        _alice = await Nodes.StartAsync(_directory.Combine("alice"), "Alice", listens: true);
        _bob = await Nodes.StartAsync(_directory.Combine("bob"), "Bob");
        await Nodes.MeetAsync(_alice, _bob);
        (_hers, _his) = await Nodes.OpenDirectAsync(_alice, _bob);
        _complaints = new Complaints(_alice);
    }

    public async Task DisposeAsync()
    {
        await _alice.DisposeAsync();
        await _bob.DisposeAsync();
    }

    public void Dispose()
    {
        _complaints.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_frame_that_announces_more_than_is_allowed_ends_its_link_before_it_is_read()
    {
        using var socket = await DialAsync();
        await socket.SendAsync(new byte[] { 0xFF, 0xFF, 0xFF });

        await ShouldEndAsync(socket, "HandshakeFailed");
    }

    [Fact]
    public async Task Garbage_ends_its_link()
    {
        var random = new Random(3);
        for (var attempt = 0; attempt < 20; attempt++)
        {
            using var socket = await DialAsync();
            var garbage = new byte[random.Next(64, 4096)];
            random.NextBytes(garbage);
            await socket.SendAsync(garbage);
            await ShouldEndAsync(socket, "HandshakeFailed");
        }
    }

    [Fact]
    public async Task A_handshake_of_the_right_form_and_the_wrong_content_ends_its_link()
    {
        using var socket = await DialAsync();
        byte[] point = [9, .. new byte[FirstHandshakeBody - 1]];
        await socket.SendAsync((byte[])[FirstHandshakeBody, 0, 0, .. point]);
        var answer = new byte[3];
        await socket.ReceiveAsync(answer, SocketFlags.None).WaitAsync(Until.Patience);
        await socket.SendAsync((byte[])[64, 0, 0, .. new byte[64]]);

        await ShouldEndAsync(socket, "HandshakeFailed");
    }

    [Fact]
    public async Task A_link_that_stalls_in_its_handshake_is_ended_at_the_deadline_and_nobody_is_blamed()
    {
        using var silent = await DialAsync();
        using var socket = await DialAsync();
        await socket.SendAsync((byte[])[FirstHandshakeBody, 0, 0, 9]);

        (await ReadToEndAsync(socket)).ShouldBeLessThan(1024);
        (await ReadToEndAsync(silent)).ShouldBeLessThan(1024);
        await ShouldBeHealthyAsync();
        _complaints.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_socket_that_is_half_closed_costs_nothing_but_itself()
    {
        for (var attempt = 0; attempt < 20; attempt++)
        {
            using var socket = await DialAsync();
            await socket.SendAsync((byte[])[FirstHandshakeBody, 0, 0, 9]);
            socket.Shutdown(SocketShutdown.Send);
            (await ReadToEndAsync(socket)).ShouldBeLessThan(1024);
        }

        await ShouldBeHealthyAsync();
    }

    [Fact]
    public async Task A_crowd_of_silent_sockets_keeps_nobody_out()
    {
        var crowd = new List<Socket>();
        try
        {
            for (var i = 0; i < 600; i++)
            {
                crowd.Add(await DialAsync());
            }

            await using var carol = await Nodes.StartAsync(_directory.Combine("carol"), "Carol");
            await Nodes.MeetAsync(_alice, carol);
            await ShouldBeHealthyAsync();
        }
        finally
        {
            crowd.ForEach(socket => socket.Dispose());
        }
    }

    private async Task<Socket> DialAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPEndPoint.Parse(_alice.ListenAddress!));
        return socket;
    }

    private async Task ShouldEndAsync(Socket socket, string reason)
    {
        (await ReadToEndAsync(socket)).ShouldBeLessThan(1024);
        await Until.TrueAsync(() => _complaints.All.Any(complaint => complaint.Detail.Contains(reason, StringComparison.Ordinal)), reason);
        await ShouldBeHealthyAsync();
    }

    private async Task ShouldBeHealthyAsync()
    {
        await _hers.SendAsync($"{_sent++}");
        await _his.SendAsync($"{_sent++}");
        await Nodes.ConvergeAsync(_hers, _his);
        _his.ReadAll().Select(message => message.Text).ShouldBe(Enumerable.Range(0, _sent).Select(number => $"{number}"), ignoreOrder: true);
        _alice.GetStatus().Problem.ShouldBeNull();
    }

    /// <returns>How many bytes came before the end.</returns>
    private static async Task<int> ReadToEndAsync(Socket socket)
    {
        var buffer = new byte[1024];
        var total = 0;
        try
        {
            while (await socket.ReceiveAsync(buffer, SocketFlags.None).WaitAsync(Until.Patience) is var read and > 0)
            {
                total += read;
            }
        }
        catch (SocketException)
        {
            // A reset is an end too.
        }

        return total;
    }
}
