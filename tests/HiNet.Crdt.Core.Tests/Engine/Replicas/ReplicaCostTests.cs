using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine.Replicas;

/// <summary>What a replica keeps and does is counted as it is, or a bound on it would bound something else.</summary>
public sealed class ReplicaCostTests
{
    private const long Info = 200;
    private const long Head = 48;

    private readonly ReplicaDevice _alice = new("alice");
    private readonly ReplicaDevice _bob = new("bob", new NodeCoreOptions
    {
        CausalBufferEntries = 4,
        Bounds = EngineBounds.Default with { RefusedIds = 3 },
    });

    public ReplicaCostTests()
    {
        ReplicaDevice.Group(_alice, _bob);
        _bob.Receive(_alice.Say("hello"));
    }

    [Fact]
    public void An_applied_entry_is_kept_for_its_successors_and_for_links()
    {
        var run = _alice.Say("another");
        Kept(() => _bob.Receive(run)).ShouldBe(Info + Newest(run[^1].Last));
    }

    [Fact]
    public void The_first_entry_of_a_device_adds_the_device_with_its_head()
    {
        var run = _bob.Say("first");
        Kept(_alice, () => _alice.Receive(run)).ShouldBe(160 + Head + Info + Newest(run[^1].Last) + Info, "and what it has received of others");
    }

    [Fact]
    public void A_branch_adds_a_head_to_the_device_and_one_to_the_conversation()
    {
        var copy = _alice.Copied();
        _bob.Receive(_alice.Say("one"));
        var other = copy.Say("other");
        Kept(() => _bob.Offer(other)).ShouldBe(Info + Newest(other[^1].Last) + Head + Head);
    }

    [Fact]
    public void An_epoch_and_a_members_receipts_are_kept_too()
    {
        var epoch = _alice.Control(EntryKind.Epoch, _alice.Epoch(TestKeys.Named("secret")));
        Kept(() => _bob.Receive(epoch)).ShouldBe(Info + Newest(epoch[^1].Last) + 200 + 150);
        var receipt = _alice.Write(EntryKind.Receipt, new ReceiptBody());
        Kept(() => _bob.Receive(receipt)).ShouldBe(Info + Newest(receipt[^1].Last) + Info);
    }

    [Fact]
    public void Refused_entries_are_kept_as_ids_up_to_a_bound_and_the_oldest_gives_way()
    {
        Entry[] bad = [.. Enumerable.Range(0, 4).Select(i => _alice.Forge(
            EntryKind.Message, new MessageBody { Text = $"{i}" }, header => header with { Depth = header.Depth + 1 }))];
        foreach (var entry in bad.Take(3))
        {
            Kept(() => _bob.Offer(_alice.Sign(entry))).ShouldBe(Head);
            Kept(() => _bob.Offer(_alice.Sign(entry))).ShouldBe(0);
        }

        _bob.Hits("bound.refused.ids").ShouldBe(0);
        Kept(() => _bob.Offer(_alice.Sign(bad[3]))).ShouldBe(0);
        _bob.Hits("bound.refused.ids").ShouldBe(1);
        bad.Select(entry => _bob.Replica.IsRefused(entry.Id)).ShouldBe([false, true, true, true]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_parked_entry_is_kept_whole(bool hasBody)
    {
        var entry = _alice.Forge(EntryKind.Message, new MessageBody(), header => header with
        {
            Hlc = HybridTimestamp.FromMilliseconds(_bob.Wall + (long)TimeSpan.FromMinutes(6).TotalMilliseconds),
        });
        entry = hasBody ? entry : entry.WithBody(null);
        Kept(() => _bob.Offer(_alice.Sign(entry))).ShouldBe(Newest(entry));
        var steps = _bob.Cost[CostKind.Candidate];
        _bob.Replica.WaitsOnlyForItsTime(entry.Id, []).ShouldBeTrue();
        _bob.Cost[CostKind.Candidate].ShouldBe(steps + 1);
    }

    [Fact]
    public void What_waits_is_kept_as_the_buffer_says()
    {
        _alice.Say("lost");
        var run = _alice.Say("waiting");
        Kept(() => _bob.Offer(run)).ShouldBe(_bob.Replica.WaitingBytes);
        _bob.Replica.WaitingBytes.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Recent_entries_are_remembered_up_to_a_bound()
    {
        var carol = new ReplicaDevice("carol", new NodeCoreOptions { Bounds = EngineBounds.Default with { RecentEntries = 4 } });
        var dave = new ReplicaDevice("dave");
        ReplicaDevice.Group(dave, carol);
        carol.Receive(dave.Say("3"));
        foreach (var (text, isRemembered) in new[] { ("4", true), ("5", false), ("6", false) })
        {
            var run = dave.Say(text);
            Kept(carol, () => carol.Receive(run)).ShouldBe((isRemembered ? Info : 0) + Newest(run[^1].Last), text);
        }

        carol.Hits("bound.recent.entries").ShouldBe(2);
    }

    [Fact]
    public void What_is_remembered_is_not_read_again()
    {
        var run = _alice.Say("again");
        _bob.Receive(run);
        var id = run[^1].Last.Id;
        Rows(() => _bob.Replica.FindInfo(id)).ShouldBe(0);
        Rows(() => _bob.Replica.Knows(id)).ShouldBe(0);

        _bob.Restart();
        var kept = Kept(() => Rows(() => _bob.Replica.FindInfo(id)).ShouldBe(2));
        kept.ShouldBe(Info);
        Rows(() => _bob.Replica.FindInfo(id)).ShouldBe(0);
        var next = _alice.Say("ahead of all that came");
        Rows(() => _bob.Replica.Knows(next[^1].Last).ShouldBeFalse()).ShouldBe(0);
    }

    [Fact]
    public void Applying_an_entry_costs_a_step_an_entry_a_head_and_a_hash()
    {
        var run = _alice.Say("another");
        var before = Steps(_bob);
        _bob.Offer(run);
        Steps(_bob).ShouldBe((before.Entry + 1, before.Head + 2, before.Hash + 1, before.Signature));
    }

    [Fact]
    public void A_batch_costs_a_step_for_each_head_that_its_hash_is_made_of_and_each_signature()
    {
        var before = Steps(_bob);
        _bob.Replica.Flush();
        var (devices, members, authorized, epochs) = (1, 2, 2, 1);
        Steps(_bob).ShouldBe((before.Entry, before.Head + devices + (devices + members + authorized + epochs), before.Hash, before.Signature));
        _bob.Persist();

        _bob.Replica.AppendContent(EntryKind.Message, new MessageBody { Text = "one" }, _bob.Now);
        _bob.Replica.AppendContent(EntryKind.Message, new MessageBody { Text = "two" }, _bob.Now);
        before = Steps(_bob);
        _bob.Settle();
        Steps(_bob).Signature.ShouldBe(before.Signature + 2, "the first of a chain is signed, and the last of a batch");
        _bob.Settle();
        Steps(_bob).Signature.ShouldBe(before.Signature + 2);
    }

    private static long Newest(Entry entry) => Info + entry.HeaderBytes.Length + (entry.Body?.Length ?? 0);

    private long Kept(Action act) => Kept(_bob, act);

    private static long Kept(ReplicaDevice device, Action act)
    {
        var before = device.Replica.KeptBytes;
        act();
        return device.Replica.KeptBytes - before;
    }

    private long Rows(Action act)
    {
        var before = _bob.Cost[CostKind.Row];
        act();
        return _bob.Cost[CostKind.Row] - before;
    }

    private static (long Entry, long Head, long Hash, long Signature) Steps(ReplicaDevice device) =>
        (device.Cost[CostKind.Entry], device.Cost[CostKind.Head], device.Cost[CostKind.Hash], device.Cost[CostKind.Signature]);
}
