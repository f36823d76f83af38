using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Tests.Engine.Replicas;

/// <summary>What is refused is counted with what waited for it, and its node hears when less is missing.</summary>
public sealed class ReplicaApplyTests
{
    private readonly ReplicaDevice _alice = new("alice");
    private readonly ReplicaDevice _bob = new("bob");

    public ReplicaApplyTests() => ReplicaDevice.Group(_alice, _bob);

    [Fact]
    public void One_that_waits_for_a_refused_entry_is_dropped_and_counted()
    {
        var bad = _alice.Forge(EntryKind.Message, new MessageBody(), header => header with { Depth = header.Depth + 1 });
        var waits = _alice.Forge(EntryKind.Message, new MessageBody(), header => header with { Parents = [bad.Id] });
        _bob.Offer(_alice.Sign(waits));
        _bob.Replica.MissingCount.ShouldBe(1);
        var before = _bob.Changes;
        _bob.Offer(_alice.Sign(bad));
        _bob.Changes.ShouldBe(before + 1);
        _bob.Counts["hinet.log.refused"].ShouldBe(2);
        (_bob.Replica.MissingCount, _bob.Replica.BufferedCount).ShouldBe((0, 0));

        // Nothing waits for another one, so nothing has changed.
        var worse = _alice.Forge(EntryKind.Message, new MessageBody(), header => header with { Depth = header.Depth + 2 });
        _bob.Offer(_alice.Sign(worse));
        _bob.Changes.ShouldBe(before + 1);
        _bob.Counts["hinet.log.refused"].ShouldBe(3);
    }

    [Fact]
    public void One_for_which_there_is_room_is_not_counted_as_refused()
    {
        _alice.Say("lost");
        _bob.Offer(_alice.Say("waits"));
        _bob.Replica.BufferedCount.ShouldBe(1);
        _bob.Counts.ShouldNotContainKey("hinet.log.buffer.refused");
        _bob.Hits("bound.causal.buffer").ShouldBe(0);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void An_entry_is_later_than_the_one_before_it(ulong later, bool isApplied)
    {
        _bob.Receive(_alice.Say("before"));
        var entry = _alice.Forge(EntryKind.Message, new MessageBody(), header => header with
        {
            Hlc = new HybridTimestamp(_alice.Replica.FindInfo(header.Previous!.Value)!.Hlc.Value + later),
        });
        entry.Header.Parents.ShouldBeEmpty();
        _bob.Offer(_alice.Sign(entry));
        _bob.Replica.Knows(entry.Id).ShouldBe(isApplied);
        _bob.Replica.IsRefused(entry.Id).ShouldBe(!isApplied);
    }
}
