namespace HiNet.Crdt.LocalApi.Tests.Fakes;

/// <summary>Links that speak just enough of a handshake to tell who began.</summary>
internal sealed class FakeLinks(byte ephemeral = 0) : INodeLinks
{
    public List<string> Linked { get; } = [];

    public List<bool> Roles { get; } = [];

    /// <summary>What the other end said after the handshake.</summary>
    public TaskCompletionSource<byte> Heard { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string? ListenAddress => "127.0.0.1:4000";

    public IReadOnlyList<string> AdvertisedAddresses { get; set; } = [];

    public List<Peer> Peers { get; } = [];

    public Task<IReadOnlyList<Peer>> GetPeersAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<Peer>>(Peers);

    public Task LinkAsync(string address, CancellationToken cancellationToken = default)
    {
        Linked.Add(address);
        return Task.CompletedTask;
    }

    public async Task AttachAsync(Stream stream, bool isInitiator, CancellationToken cancellationToken = default)
    {
        Roles.Add(isInitiator);
        if (isInitiator)
        {
            await SendAsync(stream, 32, cancellationToken);
            await ReceiveAsync(stream, 96, cancellationToken);
            await SendAsync(stream, 64, cancellationToken);
        }
        else
        {
            await ReceiveAsync(stream, 32, cancellationToken);
            await SendAsync(stream, 96, cancellationToken);
            await ReceiveAsync(stream, 64, cancellationToken);
        }

        await SendAsync(stream, 5, cancellationToken);
        Heard.TrySetResult((await ReceiveAsync(stream, 5, cancellationToken))[0]);
    }

    private static async Task<byte[]> ReceiveAsync(Stream stream, int size, CancellationToken cancellationToken)
    {
        var frame = new byte[3 + size];
        await stream.ReadExactlyAsync(frame, cancellationToken);
        frame[..3].ShouldBe([(byte)size, 0, 0]);
        return frame[3..];
    }

    private async Task SendAsync(Stream stream, int size, CancellationToken cancellationToken)
    {
        var frame = new byte[3 + size];
        frame.AsSpan().Fill(ephemeral);
        frame[0] = (byte)size;
        frame[1] = frame[2] = 0;
        await stream.WriteAsync(frame.AsMemory(0, 3), cancellationToken);
        await stream.WriteAsync(frame.AsMemory(3), cancellationToken);
    }
}
