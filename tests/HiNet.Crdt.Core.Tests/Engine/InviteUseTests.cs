using HiNet.Crdt.Core.Engine;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>An invite has room for so many people; who comes too late is told, and nobody loses a place to a crash.</summary>
public sealed class InviteUseTests
{
    private readonly LoopbackWorld _world = new();
    private readonly LoopbackNode _alice;
    private readonly LoopbackNode _bob;
    private readonly LoopbackNode _carol;

    public InviteUseTests() => (_alice, _bob, _carol) = (_world.Add("alice"), _world.Add("bob"), _world.Add("carol"));

    [Fact]
    public void An_invite_is_for_one_person_and_who_comes_next_is_told_to_ask_for_another()
    {
        var invite = _alice.Invite();
        Accept(_bob, invite).Status.ShouldBe(ContactStatus.Waiting);
        _world.Link(_bob, _alice);
        Contact(_bob).Status.ShouldBe(ContactStatus.Met);
        _bob.Events.OfType<ContactMet>().ShouldHaveSingleItem().Contact.ShouldBe(Contact(_bob));

        Accept(_carol, invite);
        _world.Link(_carol, _alice);
        Contact(_carol).Status.ShouldBe(ContactStatus.InviteUsed);
        _carol.Events.OfType<InviteLapsed>().ShouldHaveSingleItem().Contact.ShouldBe(Contact(_carol));
        _alice.Reader.Contacts().Select(contact => contact.Name).ShouldBe(["bob"]);
        _alice.Counts["hinet.invites.refused"].ShouldBe(1);
        _alice.Events.OfType<PeerMisbehaved>().ShouldBeEmpty();

        // What she wrote meanwhile was not in vain, and a restart forgets nothing of this.
        _carol.Send(_carol.Direct(_alice), "let me in");
        _carol.Restart();
        Contact(_carol).Status.ShouldBe(ContactStatus.InviteUsed);
        Accept(_carol, _alice.Invite());
        _world.Link(_carol, _alice);
        Contact(_carol).Status.ShouldBe(ContactStatus.Met);
        _alice.Texts(_alice.Direct(_carol)).ShouldBe(["let me in"]);
    }

    [Fact]
    public void A_direct_conversation_appears_by_the_name_of_the_other_person()
    {
        Accept(_bob, _alice.Invite());
        _world.Link(_bob, _alice);
        _bob.Send(_bob.Direct(_alice), "hello");
        _world.Run();
        var added = _alice.Events.OfType<ConversationAdded>().ShouldHaveSingleItem();
        added.Kind.ShouldBe(ConversationKind.Direct);
        added.Name.ShouldBe("bob");
        _bob.Events.OfType<ConversationAdded>().ShouldHaveSingleItem().Name.ShouldBe("alice");
    }

    [Fact]
    public void Who_used_it_may_come_again_also_when_the_answer_was_lost()
    {
        Accept(_bob, _alice.Invite());
        _alice.HoldWrites = true;
        _world.Link(_bob, _alice);
        _world.Unlink(_bob, _alice);
        _alice.HoldWrites = false;
        _alice.ReleaseWrite();
        _world.Run();
        Contact(_bob).Status.ShouldBe(ContactStatus.Waiting);
        _alice.Reader.Contacts().Select(contact => contact.Name).ShouldBe(["bob"]);
        _world.Link(_bob, _alice);
        Contact(_bob).Status.ShouldBe(ContactStatus.Met);
        _bob.Events.OfType<InviteLapsed>().ShouldBeEmpty();
    }

    [Fact]
    public void An_invite_for_two_admits_two_and_counts_across_a_restart()
    {
        var invite = _alice.Do(new NodeCommand.CreateInvite([], Uses: 2)).ShouldBeOfType<NodeResult.Invited>().Invite;
        Meet(_bob, invite);
        _alice.Restart();
        Meet(_carol, invite);
        _alice.Restart();
        var dave = _world.Add("dave");
        Meet(dave, invite);
        _alice.Reader.Contacts().Select(contact => contact.Name).ShouldBe(["bob", "carol"]);
        new[] { _bob, _carol, dave }.Select(node => Contact(node).Status)
            .ShouldBe([ContactStatus.Met, ContactStatus.Met, ContactStatus.InviteUsed]);
    }

    [Fact]
    public void A_place_is_not_taken_before_it_is_durable_that_the_invite_was_accepted()
    {
        var invite = _alice.Invite();
        _bob.HoldWrites = true;
        _world.Link(_bob, _alice);
        _bob.Input(new NodeInput.Commanded(1_000, new NodeCommand.AddContact(invite, null)));
        _world.Run();
        _alice.Reader.Contacts().ShouldBeEmpty();

        // What was not durable is gone with the power, and the invite is as good as new.
        _bob.HoldWrites = false;
        _bob.Restart();
        _bob.Reader.Contacts().ShouldBeEmpty();
        Meet(_carol, invite);
        Contact(_carol).Status.ShouldBe(ContactStatus.Met);
    }

    [Fact]
    public void An_invite_that_nobody_answered_in_time_lapses_and_the_person_is_told_once()
    {
        Accept(_bob, _alice.Invite());
        _world.Pass(Limits.InviteLifetime);
        _bob.ReadClock();
        _world.Run();
        Contact(_bob).Status.ShouldBe(ContactStatus.Waiting, "clocks differ");
        _world.Pass(Limits.InviteGrace);
        _bob.ReadClock();
        _bob.ReadClock();
        _world.Run();
        Contact(_bob).Status.ShouldBe(ContactStatus.InviteExpired);
        _bob.Events.OfType<InviteLapsed>().ShouldHaveSingleItem();
    }

    [Fact]
    public void An_invite_that_its_issuers_clock_took_for_expired_is_tried_again_on_the_same_link()
    {
        Accept(_bob, _alice.Invite());
        _alice.Skew = (long)TimeSpan.FromDays(365).TotalMilliseconds;
        _alice.ReadClock();
        _world.Link(_bob, _alice);
        _world.Pass(Limits.KnockPause * 2);
        Contact(_bob).Status.ShouldBe(ContactStatus.Waiting);

        // Another invite that she makes meanwhile does not end this one.
        _alice.Invite();
        _alice.Skew = 0;
        _alice.ReadClock();
        _world.Pass(Limits.KnockPause * 2);
        Contact(_bob).Status.ShouldBe(ContactStatus.Met);
        _alice.Reader.Contacts().Select(contact => contact.Name).ShouldBe(["bob"]);

        // Nothing is left to knock with.
        var knocks = _bob.Hits("invite.knocked.again");
        _world.Pass(Limits.KnockPause * 4);
        _bob.Hits("invite.knocked.again").ShouldBe(knocks);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(Limits.InviteUses + 1)]
    public void A_number_of_uses_that_is_none_is_refused(int uses) =>
        _alice.Refusal(new NodeCommand.CreateInvite([], uses)).ShouldBe("An invite is for 1 to 1,000 people.");

    private void Meet(LoopbackNode guest, string invite)
    {
        Accept(guest, invite);
        _world.Link(guest, _alice);
    }

    private static Contact Accept(LoopbackNode guest, string invite) =>
        guest.Do(new NodeCommand.AddContact(invite, null)).ShouldBeOfType<NodeResult.Added>().Contact;

    private Contact Contact(LoopbackNode of) => of.Reader.Contacts().Single(contact => contact.Id == _alice.Identity);
}
