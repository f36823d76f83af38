using HiNet.Crdt.Core.Dht;

namespace HiNet.Crdt.Core.Tests.Dht;

public sealed class LeastRecentlyUsedTests
{
    private readonly LeastRecentlyUsed<int, string> _map = new(3);

    [Fact]
    public void What_was_not_used_for_longest_goes_and_comes_back_to_the_caller()
    {
        _map.Set(1, "one").ShouldBeNull();
        _map.Set(2, "two").ShouldBeNull();
        _map.Set(3, "three").ShouldBeNull("there is room for three");
        _map.TryGet(1, out var one).ShouldBeTrue();
        one.ShouldBe("one");
        _map.Set(4, "four").ShouldBe("two");
        _map.Set(5, "five").ShouldBe("three");
        _map.TryGet(2, out _).ShouldBeFalse();
        _map.Count.ShouldBe(3);
    }

    [Fact]
    public void A_value_that_is_set_again_is_in_use_and_there_once()
    {
        _map.Set(1, "one");
        _map.Set(2, "two");
        _map.Set(1, "uno");
        _map.Set(3, "three");
        _map.Set(4, "four").ShouldBe("two");
        _map.TryGet(1, out var one).ShouldBeTrue();
        one.ShouldBe("uno");
        _map.Count.ShouldBe(3);
    }

    [Fact]
    public void What_was_removed_makes_room()
    {
        _map.Set(1, "one");
        _map.Set(2, "two");
        _map.Set(3, "three");
        _map.Remove(1);
        _map.Remove(1);
        _map.Set(4, "four").ShouldBeNull();
        _map.Set(5, "five").ShouldBe("two");
    }
}
