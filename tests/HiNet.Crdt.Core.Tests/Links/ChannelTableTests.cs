using System.Runtime.CompilerServices;
using HiNet.Crdt.Core.Links;

namespace HiNet.Crdt.Core.Tests.Links;

public sealed class ChannelTableTests
{
    private readonly ChannelTable _table = new();

    [Fact]
    public void The_answer_to_a_channel_that_was_closed_frees_its_id()
    {
        var closed = _table.AddOpening(Key(1));
        _table.Remove(closed);
        _table.LocalCount.ShouldBe(1);
        _table.TryReserveRemote(1).ShouldBeTrue();
        _table.TryPair(Key(1), 1, out var paired).ShouldBeTrue();
        paired.ShouldBeNull();
        ShouldBeEmpty();
        closed.LocalId.ShouldBe(0);
        _table.AddOpening(Key(2)).LocalId.ShouldBe(1);
    }

    [Fact]
    public void A_reject_is_taken_once_and_only_for_what_waits_for_an_answer()
    {
        _table.TryReject(0, out _).ShouldBeFalse();
        _table.TryReject(1, out _).ShouldBeFalse();

        var rejected = _table.AddOpening(Key(1));
        _table.TryReject(1, out var channel).ShouldBeTrue();
        channel.ShouldBeSameAs(rejected);
        rejected.State.ShouldBe(LinkChannelState.Closed);
        _table.FindLive(Key(1)).ShouldBeNull();
        ShouldBeEmpty();
        _table.TryReject(1, out channel).ShouldBeFalse();
        channel.ShouldBeNull();

        _table.Remove(_table.AddOpening(Key(1)));
        _table.TryReject(1, out channel).ShouldBeTrue();
        channel.ShouldBeNull();
        ShouldBeEmpty();

        OpenAt(Key(1), 1);
        _table.TryReject(1, out _).ShouldBeFalse();
        _table.LiveCount.ShouldBe(1);
    }

    [Fact]
    public void A_channel_that_is_removed_has_no_ids()
    {
        var channel = OpenAt(Key(1), 1);
        (channel.LocalId, channel.RemoteId).ShouldBe((1, 1));
        (_table.LocalCount, _table.RemoteCount, _table.LiveCount).ShouldBe((1, 1, 1));
        _table.Remove(channel);
        (channel.LocalId, channel.RemoteId).ShouldBe((0, 0));
        _table.FindRemote(1).ShouldBeNull();
        _table.TryReject(1, out _).ShouldBeFalse();
        ShouldBeEmpty();
    }

    [Fact]
    public void Nothing_is_left_once_all_are_removed()
    {
        _table.Remove(OpenAt(Key(1), 1));
        var open = OpenAt(Key(2), 1);
        var opening = _table.AddOpening(Key(3));
        var requested = AddRequested(Key(4), 2);
        _table.Remove(OpenAt(Key(5), 3));

        _table.RemoveAll().ShouldBe([open, opening, requested]);

        ShouldBeEmpty();
        _table.FindRemote(1).ShouldBeNull();
        _table.FindLive(Key(2)).ShouldBeNull();
        _table.TryReserveRemote(1).ShouldBeTrue();
        _table.TryReserveRemote(3).ShouldBeFalse();
    }

    [Fact]
    public void No_key_is_kept_of_a_channel_that_is_gone()
    {
        WeakReference[] ids = [Closed(), Rejected(), ClosedBeforeItsAnswer(), ClosedBeforeItsReject()];
        GC.Collect();
        ids.Select(id => id.IsAlive).ShouldBe([false, false, false, false]);
        GC.KeepAlive(_table);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference Closed()
    {
        var key = Key(1);
        _table.Remove(OpenAt(key, 1));
        return new WeakReference(key.Id);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference Rejected()
    {
        var key = Key(2);
        _table.TryReject((ulong)_table.AddOpening(key).LocalId, out _).ShouldBeTrue();
        return new WeakReference(key.Id);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference ClosedBeforeItsAnswer()
    {
        var key = Key(3);
        _table.Remove(_table.AddOpening(key));
        _table.TryReserveRemote(1).ShouldBeTrue();
        _table.TryPair(key, 1, out _).ShouldBeTrue();
        return new WeakReference(key.Id);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference ClosedBeforeItsReject()
    {
        var key = Key(4);
        var channel = _table.AddOpening(key);
        _table.Remove(channel);
        _table.TryReject((ulong)channel.LocalId, out _).ShouldBeTrue();
        return new WeakReference(key.Id);
    }

    private static ChannelKey Key(byte id) => new("p", [id]);

    private LinkChannel OpenAt(ChannelKey key, int remoteId)
    {
        var channel = _table.AddOpening(key);
        _table.TryReserveRemote(remoteId).ShouldBeTrue();
        _table.TryPair(key, remoteId, out var paired).ShouldBeTrue();
        paired.ShouldBeSameAs(channel);
        return channel;
    }

    private LinkChannel AddRequested(ChannelKey key, int remoteId)
    {
        _table.TryReserveRemote(remoteId).ShouldBeTrue();
        return _table.AddRequested(key, remoteId, []);
    }

    private void ShouldBeEmpty() => (_table.LocalCount, _table.RemoteCount, _table.LiveCount).ShouldBe((0, 0, 0));
}
