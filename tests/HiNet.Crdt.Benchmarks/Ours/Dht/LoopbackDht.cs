using System.Diagnostics;
using System.Security.Cryptography;
using HiNet.Crdt.Benchmarks.Framework;
using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Storage;

namespace HiNet.Crdt.Benchmarks.Ours.Dht;

/// <summary>
/// 50 whole nodes on loopback in this process, and two more that ask, as hyperdht's testnet does it: find-node, put and get one at
/// a time, then find-node 32 at a time. Each node has a UDP port of its own; a put is of a signed slot with 500 bytes.
/// </summary>
internal sealed class LoopbackDht : IMeasurement
{
    private const int Members = 50;
    private const int Rounds = 200;
    private const int AtOnce = 32;
    private const int TextBytes = 500;

    /// <summary>Contacts from which on a node of such a network has joined.</summary>
    private const int Joined = 20;

    public string Name => OurMeasurements.LoopbackDht;

    public string? Unavailable => null;

    public async Task<IReadOnlyDictionary<string, double>> RunAsync(CancellationToken cancellationToken)
    {
        var nodes = new List<HiNetNode>();
        try
        {
            for (var i = 0; i < Members + 2; i++)
            {
                nodes.Add(await StartAsync(nodes.Count > 0 ? nodes[0].ListenAddress : null, cancellationToken));
            }

            var (asker, other) = (nodes[^2].Dht, nodes[^1].Dht);
            foreach (var node in nodes)
            {
                Waiting.Until(() => node.Dht.GetStatsAsync(cancellationToken).GetAwaiter().GetResult().Contacts >= Joined, "joining the DHT", cancellationToken);
            }

            var find = await EachAsync(_ => asker.FindNodesAsync(RandomTarget(), cancellationToken: cancellationToken));
            var slots = Enumerable.Range(0, Rounds).Select(i => asker.CreateSlot(asker.TargetOf($"key {i}"), Convert.ToHexString(RandomNumberGenerator.GetBytes(TextBytes / 2)))).ToList();
            var put = await EachAsync(i => PutAsync(asker, slots[i], cancellationToken));
            var get = await EachAsync(i => GetAsync(other, slots[i].Target, cancellationToken));
            return new Dictionary<string, double>
            {
                [Metric.FindP50] = Percentiles.Of(find, 0.5),
                [Metric.FindP99] = Percentiles.Of(find, 0.99),
                [Metric.PutP50] = Percentiles.Of(put, 0.5),
                [Metric.PutP99] = Percentiles.Of(put, 0.99),
                [Metric.GetP50] = Percentiles.Of(get, 0.5),
                [Metric.GetP99] = Percentiles.Of(get, 0.99),
                [Metric.Rate] = await RateAsync(asker, cancellationToken),
            };
        }
        finally
        {
            await Task.WhenAll(nodes.Select(node => node.DisposeAsync().AsTask()));
        }
    }

    private static Task<HiNetNode> StartAsync(string? bootstrap, CancellationToken cancellationToken) => HiNetNode.StartAsync(
        new HiNetOptions { Store = new InMemoryStore(), Listen = Nodes.Loopback, Bootstrap = bootstrap is null ? [] : [bootstrap] }, cancellationToken);

    private static async Task<List<double>> EachAsync(Func<int, Task> work)
    {
        var milliseconds = new List<double>(Rounds);
        for (var i = 0; i < Rounds; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await work(i);
            milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return milliseconds;
    }

    private static async Task<double> RateAsync(INodeDht dht, CancellationToken cancellationToken)
    {
        var left = Rounds * 3;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                await dht.FindNodesAsync(RandomTarget(), cancellationToken: cancellationToken);
            }
        }));
        return Rounds * 3 / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task PutAsync(INodeDht dht, DhtSlot slot, CancellationToken cancellationToken)
    {
        if ((await dht.PutAsync(slot, cancellationToken: cancellationToken)).Holders == 0)
        {
            throw new MeasurementException("nobody keeps a slot");
        }
    }

    private static async Task GetAsync(INodeDht dht, Bytes32 target, CancellationToken cancellationToken)
    {
        if ((await dht.GetAsync(target, cancellationToken)).Slots.Count == 0)
        {
            throw new MeasurementException("a slot is not found");
        }
    }

    private static Bytes32 RandomTarget() => new(RandomNumberGenerator.GetBytes(Bytes32.Size));
}
