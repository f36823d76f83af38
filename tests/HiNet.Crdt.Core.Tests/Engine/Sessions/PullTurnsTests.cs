using HiNet.Crdt.Core.Engine.Sessions;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Tests.Engine.Sessions;

public sealed class PullTurnsTests
{
    private static readonly IdentityId s_one = new(Bytes(1));
    private static readonly IdentityId s_other = new(Bytes(2));

    private readonly PullTurns _turns = new();

    [Fact]
    public void Whoever_was_asked_in_vain_stands_behind_whoever_was_not()
    {
        _turns.Asked(s_one, new Instant(10));
        Before(s_other, s_one);
        _turns.Asked(s_other, new Instant(20));
        _turns.Fruitful(s_other);
        Before(s_other, s_one);
    }

    [Fact]
    public void Of_two_who_brought_something_the_one_asked_longer_ago_comes_first()
    {
        _turns.Asked(s_one, new Instant(10));
        _turns.Asked(s_other, new Instant(20));
        _turns.Fruitful(s_one);
        _turns.Fruitful(s_other);
        Before(s_one, s_other);
    }

    [Fact]
    public void Each_time_in_vain_counts_until_something_comes()
    {
        _turns.Asked(s_one, new Instant(10));
        _turns.Asked(s_one, new Instant(20));
        _turns.Asked(s_other, new Instant(30));
        Before(s_other, s_one);
        _turns.Fruitful(s_one);
        Before(s_one, s_other);
    }

    [Fact]
    public void All_who_are_no_members_are_one()
    {
        _turns.Asked(null, new Instant(10));
        _turns.PlaceOf(null).ShouldBe((1, new Instant(10)));
        _turns.PlaceOf(s_one).ShouldBe((0, default));
        _turns.Fruitful(null);
        _turns.PlaceOf(null).ShouldBe((0, new Instant(10)));
    }

    private void Before(IdentityId first, IdentityId second) => _turns.PlaceOf(first).CompareTo(_turns.PlaceOf(second)).ShouldBeLessThan(0);

    private static byte[] Bytes(byte value)
    {
        var bytes = new byte[Bytes32.Size];
        Array.Fill(bytes, value);
        return bytes;
    }
}
