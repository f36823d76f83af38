using HiNet.Crdt.Core.Engine;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>An invitation to a group waits for a decision.</summary>
public sealed class InvitationTests
{
    private readonly LoopbackWorld _world = new();
    private readonly LoopbackNode _alice;
    private readonly LoopbackNode _bob;

    public InvitationTests()
    {
        (_alice, _bob) = _world.Contacts("alice", "bob", link: false);
        _bob.AcceptsInvitations = false;
        _bob.Restart();
        _world.Link(_alice, _bob);
    }

    [Fact]
    public void It_is_told_of_and_listed_and_nothing_of_the_group_comes()
    {
        var group = _alice.Group("team", _bob);
        _alice.Send(group, "hello");
        Pass();
        var told = _bob.Events.OfType<GroupInvited>().ShouldHaveSingleItem();
        (told.Group, told.Name, told.By).ShouldBe((group, "team", new Person(_alice.Identity, "alice")));
        var waiting = _bob.Reader.Invitations().ShouldHaveSingleItem();
        (waiting.Group, waiting.Name, waiting.By, waiting.Members).ShouldBe((group, "team", new Person(_alice.Identity, "alice"), 2));
        waiting.Time.ToUnixTimeMilliseconds().ShouldBeInRange(_world.Wall - 60_000, _world.Wall);
        _bob.Reader.KindOf(group).ShouldBeNull();
        _bob.Events.OfType<ConversationAdded>().ShouldNotContain(added => added.Conversation == group);
    }

    [Fact]
    public void Who_accepts_it_gets_the_group_and_its_history()
    {
        var group = _alice.Group("team", _bob);
        _alice.Send(group, "hello");
        Pass();
        _bob.Do(new NodeCommand.AcceptInvitation(group)).ShouldBe(new NodeResult.Opened(group));
        Pass();
        _bob.Texts(group).ShouldBe(["hello"]);
        _bob.Reader.Invitations().ShouldBeEmpty();
        _bob.Events.OfType<ConversationAdded>().ShouldContain(added => added.Conversation == group && added.Name == "team");
        _bob.Send(group, "hello to you");
        Pass();
        LoopbackScenes.ShouldBeEqual(group, _alice, _bob);
    }

    [Fact]
    public void It_waits_over_a_restart_and_is_accepted_without_a_link()
    {
        var group = _alice.Group("team", _bob);
        Pass();
        _bob.Restart();
        _bob.Reader.Invitations().ShouldHaveSingleItem();
        _bob.Do(new NodeCommand.AcceptInvitation(group)).ShouldBeOfType<NodeResult.Opened>();
        _bob.Restart();
        _bob.Reader.Invitations().ShouldBeEmpty();
        _world.Link(_alice, _bob);
        Pass();
        LoopbackScenes.ShouldBeEqual(group, _alice, _bob);
    }

    [Fact]
    public void Who_declines_it_holds_nothing_and_can_be_invited_again()
    {
        var group = _alice.Group("team", _bob);
        Pass();
        _bob.Do(new NodeCommand.DeclineInvitation(group)).ShouldBeOfType<NodeResult.Done>();
        _bob.Restart();
        _world.Link(_alice, _bob);
        Pass();
        _bob.Reader.Invitations().ShouldBeEmpty();
        _bob.Reader.KindOf(group).ShouldBeNull();
        _bob.Refusal(new NodeCommand.AcceptInvitation(group)).ShouldStartWith("No invitation to this group waits here");
        _bob.Refusal(new NodeCommand.DeclineInvitation(group)).ShouldStartWith("No invitation to this group waits here");

        var again = _alice.Group("team again", _bob);
        Pass();
        _bob.Reader.Invitations().ShouldHaveSingleItem().Group.ShouldBe(again);
    }

    [Fact]
    public void Who_left_and_is_added_again_decides_again()
    {
        var group = _alice.Group("team", _bob);
        Pass();
        _bob.Do(new NodeCommand.AcceptInvitation(group)).ShouldBeOfType<NodeResult.Opened>();
        Pass();
        _bob.Do(new NodeCommand.Leave(group)).ShouldBeOfType<NodeResult.Written>();
        Pass();
        _alice.Do(new NodeCommand.AddMember(group, _bob.Identity)).ShouldBeOfType<NodeResult.Written>();
        _alice.Send(group, "welcome back");
        Pass();
        _bob.Texts(group).ShouldNotContain("welcome back");
        _bob.Hits("channel.over").ShouldBeGreaterThan(0, "alice has all that bob has, and the channel is closed");
        _bob.Reader.Invitations().ShouldHaveSingleItem().Group.ShouldBe(group);
        _bob.Do(new NodeCommand.AcceptInvitation(group)).ShouldBeOfType<NodeResult.Opened>();
        Pass();
        _bob.Texts(group).ShouldContain("welcome back");
    }

    [Fact]
    public void Who_has_left_and_decides_still_brings_a_member_up_to_date_and_takes_nothing()
    {
        var carol = _world.Befriend(_alice, "carol");
        var group = _alice.Group("team", _bob, carol);
        Pass();
        _bob.Do(new NodeCommand.AcceptInvitation(group)).ShouldBeOfType<NodeResult.Opened>();
        Pass();
        _alice.Send(group, "hello");
        Pass();
        _world.Unlink(_alice, carol);
        _alice.Send(group, "only here");
        Pass();
        _bob.Do(new NodeCommand.Leave(group)).ShouldBeOfType<NodeResult.Written>();
        Pass();
        _alice.Send(group, "after that");
        carol.Send(group, "on my own");
        LoopbackScenes.Introduce(_bob, carol);
        _world.Link(_bob, carol);
        Pass();
        carol.Texts(group).ShouldBe(["hello", "only here", "on my own"], ignoreOrder: true);
        _bob.Texts(group).ShouldBe(["hello", "only here"]);
    }

    [Fact]
    public void A_host_that_accepts_all_joins_what_waited_before_at_its_next_start()
    {
        var group = _alice.Group("team", _bob);
        Pass();
        _bob.AcceptsInvitations = true;
        _bob.Restart();
        _world.Link(_alice, _bob);
        Pass();
        _bob.Reader.Invitations().ShouldBeEmpty();
        LoopbackScenes.ShouldBeEqual(group, _alice, _bob);
    }

    [Fact]
    public void Of_one_contact_the_newest_32_wait()
    {
        var groups = Enumerable.Range(0, 34).Select(i => _alice.Group($"group {i}", _bob)).ToList();
        Pass();
        _bob.Reader.Invitations().Select(waiting => waiting.Group).ShouldBe(groups[2..], ignoreOrder: true);
        _bob.Restart();
        _bob.Reader.Invitations().Count.ShouldBe(32);
        _bob.Do(new NodeCommand.AcceptInvitation(groups[33])).ShouldBeOfType<NodeResult.Opened>();
        _bob.Refusal(new NodeCommand.AcceptInvitation(groups[1])).ShouldNotBeEmpty();
    }

    [Fact]
    public void What_one_contact_sends_takes_nobody_elses_place()
    {
        var carol = _world.Befriend(_bob, "carol");
        var group = carol.Group("carol's", _bob);
        Pass();
        for (var i = 0; i < 40; i++)
        {
            _alice.Group($"group {i}", _bob);
        }

        Pass();
        _bob.Reader.Invitations().ShouldContain(waiting => waiting.Group == group);
    }

    private void Pass() => _world.Pass(TimeSpan.FromSeconds(20));
}
