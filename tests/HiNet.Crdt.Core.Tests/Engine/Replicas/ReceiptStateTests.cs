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
        var state = new ReceiptState();
        state.Read(at, ids[1]);
        ids.Select(id => state.HasRead(before, id)).ShouldBe([true, true, true]);
        ids.Select(id => state.HasRead(at, id)).ShouldBe([true, true, false]);
        ids.Select(id => state.HasRead(after, id)).ShouldBe([false, false, false]);
        new ReceiptState().HasRead(new HybridTimestamp(1), default).ShouldBeFalse();
    }

    [Fact]
    public void What_is_kept_comes_back()
    {
        var state = new ReceiptState();
        state.Read(new HybridTimestamp(ulong.MaxValue), TestKeys.Entry("read"));
        state.Await(TestKeys.Entry("one"));
        state.Await(TestKeys.Entry("another"));
        state.Delivered[s_device] = 0;
        state.Delivered[s_other] = long.MaxValue;
        var kept = ReceiptState.Decode(state.Encode());
        kept.Delivered.ShouldBe(state.Delivered);
        (kept.ReadHlc, kept.ReadUpTo).ShouldBe((state.ReadHlc, state.ReadUpTo));
        kept.Awaited.ShouldBe([TestKeys.Entry("one"), TestKeys.Entry("another")]);
    }

    [Fact]
    public void What_was_read_rises_and_is_awaited_no_more()
    {
        var state = new ReceiptState();
        state.Await(TestKeys.Entry("newer"));
        state.Await(TestKeys.Entry("older"));
        state.Read(new HybridTimestamp(7), TestKeys.Entry("newer"));
        state.Awaited.ShouldBe([TestKeys.Entry("older")]);
        state.Read(new HybridTimestamp(6), TestKeys.Entry("older"));
        state.Awaited.ShouldBeEmpty();
        (state.ReadHlc, state.ReadUpTo).ShouldBe((new HybridTimestamp(7), TestKeys.Entry("newer")));
    }

    [Fact]
    public void Of_more_than_sixteen_that_are_awaited_the_oldest_mark_gives_way()
    {
        var state = new ReceiptState();
        for (var i = 0; i < ReceiptState.MaxAwaited; i++)
        {
            state.Await(TestKeys.Entry($"{i}")).ShouldBeNull();
        }

        state.Await(TestKeys.Entry("0")).ShouldBeNull("it is the newest mark now");
        state.Await(TestKeys.Entry("16")).ShouldBe(TestKeys.Entry("1"));
        state.Awaited.Count.ShouldBe(ReceiptState.MaxAwaited);
        state.Awaited.Skip(14).ShouldBe([TestKeys.Entry("0"), TestKeys.Entry("16")]);
    }
}
