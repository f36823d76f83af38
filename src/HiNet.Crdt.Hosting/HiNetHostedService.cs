using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HiNet.Crdt.Hosting;

/// <summary>
/// Starts the node before any other hosted service starts, and stops it after all have stopped, in whatever order they were added.
/// </summary>
internal sealed partial class HiNetHostedService(
    INodeStarter starter,
    HostedNode hosted,
    IOptions<HiNetHostingOptions> options,
    ILogger<HiNetHostedService> logger) : IHostedLifecycleService
{
    private StartedNode? _started;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        // Reading the value validates it.
        _ = options.Value;
        _started = await starter.StartAsync(cancellationToken).ConfigureAwait(false);
        hosted.Started(_started.Node);
        Running(logger, _started.Node.Self.Id, _started.Node.Node, _started.ListenAddress ?? "nothing");
        if (_started.IsUnsealed)
        {
            Unsealed(logger);
        }

        if (_started.NewRecoveryPhrase is not null)
        {
            // The phrase itself never goes into a log.
            NewIdentity(logger);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        hosted.Stopped();
        if (_started is not null)
        {
            await _started.Owner.DisposeAsync().ConfigureAwait(false);
            _started = null;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "HiNet runs as {Identity}, node {Node}, listening on {Listen}")]
    private static partial void Running(ILogger logger, IdentityId identity, NodeId node, string listen);

    [LoggerMessage(Level = LogLevel.Warning, Message = "HiNet's secrets are not sealed: set a passphrase when the store is made")]
    private static partial void Unsealed(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "HiNet made a new identity; make it with 'hinet init' instead where its recovery phrase is to be written down")]
    private static partial void NewIdentity(ILogger logger);
}
