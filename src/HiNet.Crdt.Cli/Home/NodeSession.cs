using HiNet.Crdt.LocalApi;

namespace HiNet.Crdt.Cli.Home;

/// <summary>A verb's way to its node.</summary>
/// <param name="Api">The operations.</param>
/// <param name="IsRunning">True when the node runs in another process.</param>
/// <param name="Opened">The node, when this process opened the home.</param>
/// <param name="Lock">Held while this process has the home open.</param>
internal sealed record NodeSession(INodeApi Api, bool IsRunning, OpenedNode? Opened, HomeLock? Lock) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync().ConfigureAwait(false);
        if (Opened is not null)
        {
            await Opened.DisposeAsync().ConfigureAwait(false);
        }

        Lock?.Dispose();
    }
}
