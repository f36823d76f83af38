using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine.Replicas;

public sealed class DeviceLogTests
{
    private static readonly EntryId[] s_ids = [.. Enumerable.Range(1, 4).Select(i => new EntryId(Generators.Drawn(i))).Order()];

    private readonly DeviceLog _log = new(7, TestKeys.Device("device"), TestKeys.Identity("person"));

    [Fact]
    public void An_empty_log_has_no_heads_and_begins_at_zero()
    {
        _log.MaxSeq.ShouldBe(0UL);
        _log.HasForked.ShouldBeFalse();
        _log.IsHead(s_ids[0]).ShouldBeFalse();
    }

    [Fact]
    public void One_entry_after_the_other_is_no_fork()
    {
        _log.Advance(null, 0, s_ids[1]).ShouldBeFalse();
        _log.HasForked.ShouldBeFalse();
        _log.Advance(s_ids[1], 1, s_ids[0]).ShouldBeFalse();
        _log.HasForked.ShouldBeFalse();
        _log.Branches.ShouldBe([(1UL, s_ids[0])]);
        _log.IsHead(s_ids[0]).ShouldBeTrue();
        _log.IsHead(s_ids[1]).ShouldBeFalse();
        _log.MaxSeq.ShouldBe(1UL);
    }

    [Fact]
    public void A_second_branch_is_told_of_once_and_both_go_on_in_order_of_id()
    {
        _log.Advance(null, 0, s_ids[3]).ShouldBeFalse();
        _log.Advance(null, 0, s_ids[2]).ShouldBeTrue();
        _log.HasForked.ShouldBeTrue();
        _log.Branches.ShouldBe([(0UL, s_ids[2]), (0UL, s_ids[3])]);

        _log.Advance(s_ids[2], 1, s_ids[1]).ShouldBeFalse();
        _log.Advance(s_ids[3], 1, s_ids[0]).ShouldBeFalse();
        _log.Branches.ShouldBe([(1UL, s_ids[0]), (1UL, s_ids[1])]);
        _log.IsHead(s_ids[0]).ShouldBeTrue();
        _log.IsHead(s_ids[1]).ShouldBeTrue();
        _log.IsHead(s_ids[3]).ShouldBeFalse();
    }
}
