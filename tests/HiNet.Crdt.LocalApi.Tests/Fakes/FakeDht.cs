using System.Text;
using HiNet.Crdt.Core.Dht;

namespace HiNet.Crdt.LocalApi.Tests.Fakes;

/// <summary>A DHT of one node: what is put is found again, by this process alone.</summary>
internal sealed class FakeDht : INodeDht
{
    private readonly List<DhtSlot> _slots = [];
    private ulong _sequence = 1_700_000_000_000;

    /// <summary>What every call is refused with, as on a node without a DHT.</summary>
    public string? Refusal { get; set; }

    /// <summary>How many nodes take a slot.</summary>
    public int Holders { get; set; } = 3;

    public List<DhtSlot> Slots => _slots;

    public Task<DhtStats> GetStatsAsync(CancellationToken cancellationToken = default) => Answer(() => new DhtStats
    {
        Contacts = 7,
        Depth = 3,
        Slots = 2,
        Published = 1,
        Operations = 0,
        Queries = 0,
        Pairs = 9,
        Timeout = TimeSpan.FromMilliseconds(200.04),
        Observed = Endpoint.Parse("192.0.2.7:4711"),
    });

    public Task<DhtResult.Pinged> PingAsync(string address, CancellationToken cancellationToken = default) =>
        Answer(() => new DhtResult.Pinged(null, TimeSpan.Zero));

    public Task<DhtResult.FoundNodes> FindNodesAsync(Bytes32 target, bool isDisjoint = false, CancellationToken cancellationToken = default) =>
        Answer(() => new DhtResult.FoundNodes([], default));

    public Task<DhtResult.FoundSlots> GetAsync(Bytes32 target, CancellationToken cancellationToken = default) => Answer(() =>
        new DhtResult.FoundSlots([.. _slots.Where(slot => slot.Target == target)], 3, new DhtCost(2, 11, TimeSpan.FromMilliseconds(12.34))));

    public Task<DhtResult.PutSlot> PutAsync(DhtSlot slot, bool isKeptUp = false, CancellationToken cancellationToken = default) => Answer(() =>
    {
        _slots.RemoveAll(other => other.Target == slot.Target && other.Writer == slot.Writer);
        _slots.Add(slot);
        return new DhtResult.PutSlot(Holders, 1, PutOutcome.TokenRefused, false, new DhtCost(2, 23, TimeSpan.FromMilliseconds(45.6)));
    });

    public Bytes32 TargetOf(string key) => Bytes32.TryParse(key, out var target) ? target : new Bytes32(FakeNode.Hash($"key {key}"));

    public DhtSlot CreateSlot(Bytes32 target, string text) => DhtSlot.From(
        target, new Bytes32(FakeNode.Hash("writer")), ++_sequence, 1_800_000_000, Encoding.UTF8.GetBytes(text), new byte[DhtSlot.SignatureSize]);

    /// <summary>A slot that somebody else has sealed.</summary>
    public void AddSealed(string key) => _slots.Add(DhtSlot.From(
        TargetOf(key), new Bytes32(FakeNode.Hash("stranger")), ulong.MaxValue, long.MaxValue, new byte[] { 0xFF, 0, 1 }, new byte[DhtSlot.SignatureSize]));

    private Task<T> Answer<T>(Func<T> answer) =>
        Refusal is null ? Task.FromResult(answer()) : Task.FromException<T>(new OperationRefusedException(Refusal));
}
