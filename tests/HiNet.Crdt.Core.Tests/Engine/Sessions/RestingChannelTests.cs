using HiNet.Crdt.Core.Engine;

namespace HiNet.Crdt.Core.Tests.Engine.Sessions;

/// <summary>Two people share more conversations than a link has channels.</summary>
public sealed class RestingChannelTests
{
    private const int Room = 3;
    private const int Shared = 10;

    private readonly LoopbackWorld _world = new();
    private readonly LoopbackNode _alice;
    private readonly LoopbackNode _bob;
    private readonly List<ConversationId> _groups;

    public RestingChannelTests()
    {
        var few = new NodeCoreOptions { Bounds = new EngineBounds { Channels = Room } };
        (_alice, _bob) = (_world.Add("alice", few), _world.Add("bob", few));
        LoopbackScenes.Introduce(_alice, _bob);
        _world.Link(_alice, _bob);
        _groups = [.. Enumerable.Range(0, Shared).Select(i => _alice.Group($"group {i}", _bob))];
        _world.Pass(TimeSpan.FromMinutes(2));
    }

    [Fact]
    public void All_of_them_come_although_none_is_refused()
    {
        LoopbackScenes.ShouldBeEqual(_groups[0], _alice, _bob);
        _groups.ForEach(group => LoopbackScenes.ShouldBeEqual(group, _alice, _bob));
        _alice.Hits("channel.rests").ShouldBeGreaterThan(0);
    }

    [Fact]
    public void What_is_new_in_those_that_rest_comes_in_turn_from_either_end()
    {
        foreach (var group in _groups)
        {
            _alice.Send(group, "from alice");
            _bob.Send(group, "from bob");
        }

        _world.Pass(TimeSpan.FromSeconds(30));
        _groups.ForEach(group => _bob.Texts(group).ShouldBe(["from alice", "from bob"], ignoreOrder: true));
        _world.Pass(TimeSpan.FromMinutes(1));
        _groups.ForEach(group => LoopbackScenes.ShouldBeEqual(group, _alice, _bob));
    }

    [Fact]
    public void What_is_new_in_one_comes_at_once_while_the_others_rest()
    {
        var before = _alice.Hits("channel.rests");
        _world.Pass(TimeSpan.FromMinutes(1));
        foreach (var group in _groups)
        {
            _alice.Send(group, "hello");
            _bob.Texts(group).ShouldBe(["hello"]);
            _world.Pass(TimeSpan.FromSeconds(20));
        }

        _alice.Hits("channel.rests").ShouldBeGreaterThan(before);
    }

    [Fact]
    public void What_both_wrote_while_they_were_apart_comes_in_turn()
    {
        _world.Unlink(_alice, _bob);
        foreach (var group in _groups)
        {
            _alice.Send(group, "from alice");
            _bob.Send(group, "from bob");
        }

        _world.Link(_bob, _alice);
        _world.Pass(TimeSpan.FromMinutes(2));
        _groups.ForEach(group => LoopbackScenes.ShouldBeEqual(group, _alice, _bob));
    }

    [Fact]
    public void When_there_is_nothing_new_nothing_is_sent_beside_signs_of_life()
    {
        _world.Pass(TimeSpan.FromMinutes(5));
        var (before, rests) = (_alice.SentBytes + _bob.SentBytes, _alice.Hits("channel.rests") + _bob.Hits("channel.rests"));
        _world.Pass(TimeSpan.FromMinutes(10));
        (_alice.Hits("channel.rests") + _bob.Hits("channel.rests")).ShouldBe(rests);
        (_alice.SentBytes + _bob.SentBytes - before).ShouldBeLessThan(10_000);
    }

    [Fact]
    public void Only_one_end_with_little_room_is_enough()
    {
        _bob.Options = new NodeCoreOptions();
        _bob.Restart();
        _alice.Send(_groups[4], "after the restart");
        _world.Link(_alice, _bob);
        _world.Pass(TimeSpan.FromMinutes(2));
        _groups.ForEach(group => LoopbackScenes.ShouldBeEqual(group, _alice, _bob));
        _bob.Send(_groups[7], "and back");
        _world.Pass(TimeSpan.FromMinutes(1));
        _alice.Texts(_groups[7]).ShouldContain("and back");
    }
}
