using HiNet.Crdt.Core.Dht;

namespace HiNet.Crdt.Core.Tests.Dht;

public sealed class HeldSetTests
{
    private readonly HeldSet _set = new();

    [Fact]
    public void Of_those_who_say_the_same_one_is_read_and_the_others_where_it_has_not_what_it_said()
    {
        var peers = TestPeers.From(1, 4);
        peers.Select(_set.IsToRead).ShouldBe([true, false, false, false]);
        _set.Doubted().ShouldBe(peers[1..]);
        _set.Doubted().ShouldBeEmpty();
    }

    [Fact]
    public void Once_in_doubt_everybody_else_is_read_too()
    {
        _set.IsToRead(TestPeers.At(1)).ShouldBeTrue();
        _set.Doubted().ShouldBeEmpty();
        _set.IsToRead(TestPeers.At(2)).ShouldBeTrue();
        _set.IsToRead(TestPeers.At(3)).ShouldBeTrue();
    }

    [Fact]
    public void What_is_known_stays_known_whatever_another_holder_does()
    {
        TestPeers.From(1, 3).Select(_set.IsToRead).ShouldBe([true, false, false]);
        _set.Proved();
        _set.Doubted().ShouldBeEmpty();
        _set.IsToRead(TestPeers.At(4)).ShouldBeFalse();
    }
}
