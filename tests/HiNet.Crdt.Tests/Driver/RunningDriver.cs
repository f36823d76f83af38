using System.Collections.Concurrent;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Cryptography;
using HiNet.Crdt.Driver;
using HiNet.Crdt.Transport;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HiNet.Crdt.Tests.Driver;

/// <summary>A driver around a toy machine, with everything else real but the store.</summary>
internal sealed class RunningDriver : INodeSubscribers, IAsyncDisposable
{
    public RunningDriver(ToyMachine machine, ToyStore? store = null, TimeProvider? time = null, ILogger? logger = null)
    {
        Machine = machine;
        Store = store ?? new ToyStore();
        Inbox = new Inbox(Gate);
        Transport = new LinkTransport(Inbox, NullLogger.Instance);
        Driver = new NodeDriver(
            machine,
            new DriverClock(time ?? TimeProvider.System),
            Inbox,
            new StoreWriter(Store, Inbox, NullLogger.Instance),
            new VerifierPool(SodiumCryptography.Instance, Inbox, workers: 2),
            Transport,
            this,
            logger ?? NullLogger.Instance);
        Driver.Start();
    }

    public static TimeSpan Patience => TimeSpan.FromSeconds(20);

    public ToyMachine Machine { get; }

    public ToyStore Store { get; }

    public ReadGate Gate { get; } = new();

    public Inbox Inbox { get; }

    public LinkTransport Transport { get; }

    public NodeDriver Driver { get; }

    public ConcurrentQueue<NodeEvent> Announced { get; } = new();

    public Task<bool> DoAsync(CancellationToken cancellationToken = default) =>
        Driver.SubmitAsync(new NodeCommand.KeepLinked("192.0.2.1:1"), static _ => true, cancellationToken);

    /// <summary>Waits until the machine has had an input of a kind.</summary>
    public async Task<T> InputAsync<T>(Func<T, bool>? which = null)
        where T : NodeInput
    {
        T? found = null;
        await Until.TrueAsync(() => (found = Machine.Inputs.OfType<T>().FirstOrDefault(input => which?.Invoke(input) ?? true)) is not null);
        return found!;
    }

    public void Publish(ConversationId conversation, EventCursor upTo)
    {
    }

    public void Announce(NodeEvent announced) => Announced.Enqueue(announced);

    public ValueTask DisposeAsync() => Driver.DisposeAsync();
}
