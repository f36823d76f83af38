using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine.Replicas;

public sealed class ReceiptStateTests
{
    private static readonly DeviceId s_device = TestKeys.Device("device");
    private static readonly DeviceId s_other = TestKeys.Device("another");

    [Fact]
    public void Everything_up_to_a_mark_is_received_and_without_one_not_even_the_first()
    {
        var state = new ReceiptState();
        state.HasReceived(s_device, 0).ShouldBeFalse();
        state.Delivered[s_device] = 0;
        state.HasReceived(s_device, 0).ShouldBeTrue();
        state.HasReceived(s_device, 1).ShouldBeFalse();
        state.Delivered[s_device] = 7;
        state.HasReceived(s_device, 7).ShouldBeTrue();
        state.HasReceived(s_device, 8).ShouldBeFalse();
        state.HasReceived(s_other, 0).ShouldBeFalse();
    }

    [Fact]
    public void Everything_up_to_a_message_is_read_with_the_id_to_tell_those_of_one_moment_apart()
    {
        EntryId[] ids = [.. Enumerable.Range(1, 3).Select(i => new EntryId(Generators.Drawn(i))).Order()];
        var (before, at, after) = (new HybridTimestamp(6), new HybridTimestamp(7), new HybridTimestamp(8));
        var state = new ReceiptState { ReadHlc = at, ReadUpTo = ids[1] };
        ids.Select(id => state.HasRead(before, id)).ShouldBe([true, true, true]);
        ids.Select(id => state.HasRead(at, id)).ShouldBe([true, true, false]);
        ids.Select(id => state.HasRead(after, id)).ShouldBe([false, false, false]);
        new ReceiptState().HasRead(new HybridTimestamp(1), default).ShouldBeFalse();
    }

    [Fact]
    public void What_is_kept_comes_back()
    {
        var state = new ReceiptState { ReadHlc = new HybridTimestamp(ulong.MaxValue), ReadUpTo = TestKeys.Entry("read") };
        state.Delivered[s_device] = 0;
        state.Delivered[s_other] = long.MaxValue;
        var kept = ReceiptState.Decode(state.Encode());
        kept.Delivered.ShouldBe(state.Delivered);
        (kept.ReadHlc, kept.ReadUpTo).ShouldBe((state.ReadHlc, state.ReadUpTo));
    }
}
