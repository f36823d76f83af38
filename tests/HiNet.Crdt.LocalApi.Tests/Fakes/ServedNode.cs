using HiNet.Crdt.LocalApi.Client;
using HiNet.Crdt.LocalApi.Server;

namespace HiNet.Crdt.LocalApi.Tests.Fakes;

/// <summary>A fake node behind a real Unix socket in a folder of its own, and a client to it.</summary>
internal sealed class ServedNode : IAsyncDisposable
{
    private readonly LocalApiServer _server;

    private ServedNode(string home, FakeNode node, FakeLinks links, FakeDht dht, LocalApiServer server)
    {
        Dht = dht;
        Home = home;
        Node = node;
        Links = links;
        _server = server;
        Client = new LocalApiClient(server.SocketPath);
    }

    public string Home { get; }

    public FakeNode Node { get; }

    public FakeLinks Links { get; }

    public FakeDht Dht { get; }

    public LocalApiClient Client { get; }

    public string SocketPath => _server.SocketPath;

    public static async Task<ServedNode> StartAsync(string? home = null, FakeNode? node = null)
    {
        home ??= Directory.CreateTempSubdirectory("hinet-test-").FullName;
        node ??= new FakeNode();
        var links = new FakeLinks(1);
        var dht = new FakeDht();
        var server = await LocalApiServer.StartAsync(new NodeApi(node, links, dht), LocalSocket.PathFor(home));
        return new ServedNode(home, node, links, dht, server);
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await _server.DisposeAsync();
        Node.Dispose();
        Directory.Delete(Home, recursive: true);
    }
}
