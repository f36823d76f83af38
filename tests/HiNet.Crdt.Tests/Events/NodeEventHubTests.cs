using System.Collections.Concurrent;
using HiNet.Crdt.Core.Engine.Reading;
using HiNet.Crdt.Events;
using Microsoft.Extensions.Logging.Abstractions;

namespace HiNet.Crdt.Tests.Events;

public sealed class NodeEventHubTests
{
    [Fact]
    public async Task Events_come_in_order_and_a_slow_observer_keeps_the_newest()
    {
        var hub = new NodeEventHub(NullLogger.Instance);
        using var release = new ManualResetEventSlim();
        var entered = new TaskCompletionSource();
        var seen = new ConcurrentQueue<string>();
        using var subscription = hub.Subscribe(e =>
        {
            entered.TrySetResult();
            release.Wait(TimeSpan.FromSeconds(20));
            seen.Enqueue(((StorageFailed)e).Problem);
        });
        hub.Announce(new StorageFailed(default, "first"));
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(20));
        for (var i = 0; i < NewestItems<NodeEvent>.MaximumWaiting + 10; i++)
        {
            hub.Announce(new StorageFailed(default, $"{i}"));
        }

        release.Set();
        await hub.CompleteAsync(TimeSpan.FromSeconds(20));
        seen.ShouldBe(["first", .. Enumerable.Range(10, NewestItems<NodeEvent>.MaximumWaiting).Select(i => $"{i}")]);
    }
}
