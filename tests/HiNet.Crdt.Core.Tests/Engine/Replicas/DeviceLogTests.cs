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

    [Fact]
    public void There_are_several_entries_from_where_branches_part_up_to_where_all_but_the_longest_end()
    {
        var ids = Enumerable.Range(1, 8).Select(i => new EntryId(Generators.Drawn(i))).ToArray();
        for (var seq = 0; seq < 4; seq++)
        {
            _log.Advance(seq == 0 ? null : ids[seq - 1], (ulong)seq, ids[seq]);
            _log.IsAmbiguous((ulong)seq).ShouldBeFalse();
        }

        _log.ForkedAt.ShouldBe(0UL);
        _log.Advance(ids[1], 2, ids[4]).ShouldBeTrue();
        Ambiguous(5).ShouldBe([2UL]);
        _log.Advance(ids[4], 3, ids[5]).ShouldBeFalse();
        Ambiguous(5).ShouldBe([2UL, 3UL]);
        _log.Advance(ids[5], 4, ids[6]).ShouldBeFalse();
        Ambiguous(5).ShouldBe([2UL, 3UL], "the other one is the longest now");
        _log.MaxSeq.ShouldBe(4UL);
        _log.Advance(ids[0], 1, ids[7]).ShouldBeTrue();
        _log.ForkedAt.ShouldBe(1UL);
        Ambiguous(5).ShouldBe([1UL, 2UL, 3UL]);

        var loaded = new DeviceLog(7, _log.Device, _log.Identity);
        loaded.Load(_log.Branches, _log.ForkedAt);
        (loaded.MaxSeq, loaded.ForkedAt, loaded.HasForked).ShouldBe((4UL, 1UL, true));
        Enumerable.Range(0, 5).Where(seq => loaded.IsAmbiguous((ulong)seq)).ShouldBe([1, 2, 3]);
        loaded.Branches.ShouldBe(_log.Branches);

        IEnumerable<ulong> Ambiguous(int up) => Enumerable.Range(0, up).Select(seq => (ulong)seq).Where(_log.IsAmbiguous);
    }

    [Fact]
    public void Branches_of_one_length_are_both_counted()
    {
        _log.Advance(null, 0, s_ids[0]);
        _log.Advance(s_ids[0], 1, s_ids[1]);
        _log.Advance(s_ids[0], 1, s_ids[2]).ShouldBeTrue();
        (_log.IsAmbiguous(0), _log.IsAmbiguous(1), _log.IsAmbiguous(2)).ShouldBe((false, true, false));
    }
}
