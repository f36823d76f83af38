using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>What invites say, for how long they hold, and what becomes of the people behind them.</summary>
public sealed class NodeCoreContactsTests
{
    private readonly LoopbackWorld _world = new();
    private readonly LoopbackNode _alice;
    private readonly LoopbackNode _bob;

    public NodeCoreContactsTests() => (_alice, _bob) = (_world.Add("alice"), _world.Add("bob"));

    [Fact]
    public void An_invite_names_the_first_eight_addresses_that_were_asked_for_else_the_nodes_own()
    {
        var node = _world.Add("node", new NodeCoreOptions { AdvertisedAddresses = Addresses("own", 9) });
        Parse(Create(node)).Addresses.ShouldBe(Addresses("own", 8));
        Parse(Create(node, Addresses("hint", 9))).Addresses.ShouldBe(Addresses("hint", 8));
        Parse(Create(_alice)).Addresses.ShouldBeEmpty();
    }

    [Fact]
    public void So_many_invites_are_outstanding_and_those_that_have_expired_make_room()
    {
        var node = _world.Add("node", new NodeCoreOptions { Bounds = new EngineBounds { Invites = 2 } });
        var first = Parse(Create(node));
        _world.Pass(TimeSpan.FromMinutes(1));
        Create(node);
        node.Refusal(new NodeCommand.CreateInvite([])).ShouldBe("2 invites are outstanding: wait for some to expire.");
        node.Hits("bound.invites").ShouldBe(1);
        PassUntil(first.ExpiresUnixMilliseconds - 1);
        node.Refusal(new NodeCommand.CreateInvite([])).ShouldContain("wait");
        PassUntil(first.ExpiresUnixMilliseconds);
        var third = Create(node);

        // The one that has expired is gone from the store too.
        Kept(node).ShouldBe(2);
        node.Restart();
        node.Refusal(new NodeCommand.CreateInvite([])).ShouldContain("wait");
        _bob.Do(new NodeCommand.AddContact(third, null)).ShouldBeOfType<NodeResult.Added>();
    }

    [Fact]
    public void An_invite_expires_for_both_at_the_same_moment()
    {
        var invite = Create(_alice);
        var carol = _world.Add("carol");
        Accept(carol, invite);
        PassUntil(Parse(invite).ExpiresUnixMilliseconds - 1);
        Accept(_bob, invite);
        _world.Pass(TimeSpan.FromMilliseconds(1));
        _world.Add("dave").Refusal(new NodeCommand.AddContact(invite, null)).ShouldBe("This invite has expired: ask for a new one.");
        _world.Link(_bob, _alice);
        _alice.Reader.Contacts().ShouldBeEmpty();
    }

    [Fact]
    public void Who_is_a_contact_already_may_bring_an_expired_invite_which_tells_where_they_are()
    {
        Meet();
        var invite = Create(_alice, ["alice:1"]);
        PassUntil(Parse(invite).ExpiresUnixMilliseconds);
        Accept(_bob, invite).Status.ShouldBe(ContactStatus.Met);
        _bob.Dialled.ShouldBe(["alice:1"]);
    }

    [Fact]
    public void Whose_invite_lapsed_waits_again_with_a_newer_one_and_not_with_one_that_has_expired()
    {
        var invite = Create(_alice);
        Accept(_bob, invite);
        PassUntil(Parse(invite).ExpiresUnixMilliseconds + (long)Limits.InviteGrace.TotalMilliseconds - 1);
        ReadClock(_bob);
        Status(_bob).ShouldBe(ContactStatus.Waiting);
        _world.Pass(TimeSpan.FromMilliseconds(1));
        ReadClock(_bob);
        Status(_bob).ShouldBe(ContactStatus.InviteExpired);
        Accept(_bob, invite).Status.ShouldBe(ContactStatus.InviteExpired);
        Accept(_bob, Create(_alice)).Status.ShouldBe(ContactStatus.Waiting);
    }

    [Fact]
    public void An_invite_does_not_lapse_by_a_clock_that_cannot_be_right()
    {
        Accept(_bob, Create(_alice));
        _bob.Skew = (long)TimeSpan.FromDays(3_650_000).TotalMilliseconds;
        ReadClock(_bob);
        Status(_bob).ShouldBe(ContactStatus.Waiting);
        _bob.Skew = 0;
        ReadClock(_bob);
        _world.Link(_bob, _alice);
        Status(_bob).ShouldBe(ContactStatus.Met);
    }

    [Fact]
    public void An_invite_whose_card_is_not_valid_is_refused()
    {
        var card = DeviceCard.Create(
            TestKeys.Sodium, TestKeys.Certificate("mallory", "phone"), TestKeys.Signing("phone").SecretKey, leafKey: default, 0, "Mallory");
        var invite = Invite.Create(TestKeys.Sodium, card, _world.Wall + 3_600_000, []).ToString();
        _bob.Refusal(new NodeCommand.AddContact(invite, null)).ShouldBe("This invite's certificate is not valid: ask for a new one.");
        _bob.Reader.Contacts().ShouldBeEmpty();
    }

    [Fact]
    public void A_newer_card_in_an_invite_takes_the_place_of_the_older_one()
    {
        Meet();
        var card = DeviceCard.Create(
            TestKeys.Sodium, _alice.Secrets.Certificate, _alice.Secrets.DeviceSecretKey.Span, TestKeys.Agreement("newer leaf").Public, 1, "Alice B.");
        Accept(_bob, Invite.Create(TestKeys.Sodium, card, _world.Wall + 3_600_000, []).ToString()).OwnName.ShouldBe("Alice B.");
        _bob.Reader.Contacts().ShouldHaveSingleItem().Name.ShouldBe("Alice B.");
    }

    [Fact]
    public void Whoever_writes_first_introduces_the_newest_card_of_the_other()
    {
        Meet();
        var card = DeviceCard.Create(
            TestKeys.Sodium, _alice.Secrets.Certificate, _alice.Secrets.DeviceSecretKey.Span, TestKeys.Agreement("newer leaf").Public, 1, "Alice B.");
        Accept(_bob, Invite.Create(TestKeys.Sodium, card, _world.Wall + 3_600_000, []).ToString());
        var direct = _bob.Direct(_alice);
        _bob.Send(direct, "hello");
        _bob.Rows.TryGet(ColumnFamily.Conversations, StoreKeys.Members(_bob.Reader.Describe(direct)!.Number), out var members).ShouldBeTrue();
        MembersRecord.Parser.ParseFrom(members).Members.Select(member => member.Name).ShouldBe(["Alice B.", "bob"], ignoreOrder: true);
    }

    [Fact]
    public void Whoever_knocks_and_whoever_answers_tell_where_they_are()
    {
        var (alice, bob) = (_world.Add("a", At("a:1")), _world.Add("b", At("b:1")));
        Accept(bob, Create(alice, ["elsewhere:1"]));
        bob.Dialled.ShouldBe(["elsewhere:1"]);
        _world.Link(bob, alice);
        _world.Unlink(alice, bob);
        _world.Pass(TimeSpan.FromSeconds(1));
        alice.Dialled.ShouldContain("b:1");
        bob.Dialled.ShouldContain("a:1");

        // Both are dialled after a restart as well.
        foreach (var (node, address) in new[] { (alice, "b:1"), (bob, "a:1") })
        {
            node.Dialled.Clear();
            node.Restart();
            node.ReadClock();
            _world.Run();
            node.Dialled.ShouldContain(address);
        }

        static NodeCoreOptions At(string address) => new() { AdvertisedAddresses = [address] };
    }

    [Fact]
    public void Who_was_admitted_comes_again_though_the_invite_has_no_room()
    {
        var invite = Create(_alice);
        Accept(_bob, invite);
        _bob.HoldWrites = true;
        _world.Link(_bob, _alice);
        _alice.Reader.Contacts().ShouldHaveSingleItem();

        // The power fails before it is durable that Alice has answered.
        _bob.HoldWrites = false;
        _world.Unlink(_bob, _alice);
        _bob.Restart();
        Status(_bob).ShouldBe(ContactStatus.Waiting);
        _world.Link(_bob, _alice);
        Status(_bob).ShouldBe(ContactStatus.Met);
        _alice.Counts.GetValueOrDefault("hinet.invites.refused").ShouldBe(0);
        _bob.Events.OfType<InviteLapsed>().ShouldBeEmpty();
    }

    [Fact]
    public void Whoever_accepted_an_invite_knocks_with_it_after_a_restart_too()
    {
        Accept(_bob, Create(_alice));
        _bob.Restart();
        _world.Link(_bob, _alice);
        Status(_bob).ShouldBe(ContactStatus.Met);
    }

    [Fact]
    public void Each_new_contact_is_told_of_once_by_both()
    {
        Meet();
        _bob.Events.OfType<ContactAdded>().ShouldHaveSingleItem().Contact.Id.ShouldBe(_alice.Identity);
        _bob.Events.OfType<ContactMet>().ShouldHaveSingleItem();
        _alice.Events.OfType<ContactAdded>().ShouldHaveSingleItem().Contact.Id.ShouldBe(_bob.Identity);
        _alice.Events.OfType<ContactMet>().ShouldBeEmpty("he was added as one whom she has met");
        Accept(_bob, Create(_alice)).Status.ShouldBe(ContactStatus.Met, "nobody has to be met twice");
        _bob.Events.OfType<ContactAdded>().ShouldHaveSingleItem();
    }

    [Fact]
    public void An_invite_can_be_for_a_thousand_people() =>
        _alice.Do(new NodeCommand.CreateInvite([], Limits.InviteUses)).ShouldBeOfType<NodeResult.Invited>();

    [Fact]
    public void Of_two_invites_that_were_accepted_before_either_was_durable_only_the_newer_is_used()
    {
        var (older, newer) = (Create(_alice), Create(_alice));
        _world.Link(_bob, _alice);
        _bob.HoldWrites = true;
        _bob.Input(new NodeInput.Commanded(-1, new NodeCommand.AddContact(older, null)));
        _bob.Input(new NodeInput.Commanded(-2, new NodeCommand.AddContact(newer, null)));
        _world.Run();
        _bob.HoldWrites = false;
        _bob.ReleaseWrite();
        _world.Run();
        Status(_bob).ShouldBe(ContactStatus.Met);
        var carol = _world.Add("carol");
        Accept(carol, older);
        _world.Link(carol, _alice);
        Status(carol).ShouldBe(ContactStatus.Met, "the older one has its room still");
    }

    [Fact]
    public void Who_knocks_with_an_invite_of_their_own_is_answered_once_and_takes_nobodys_place()
    {
        var invite = Create(_alice);
        var guest = new HostileGuest(_world, _alice, invite, knocks: true).Link();
        guest.Send(HostileGuest.IntroductionType, guest.Introduce(_alice.Secrets));
        ReadClock(_alice);
        guest.Received.ShouldHaveSingleItem().Type.ShouldBe(HostileGuest.IntroductionType);
        _alice.Reader.Contacts().ShouldBeEmpty();
        guest.Unlink();
        Accept(_bob, invite);
        _world.Link(_bob, _alice);
        _alice.Reader.Contacts().ShouldHaveSingleItem().Name.ShouldBe("bob");
    }

    private void Meet()
    {
        Accept(_bob, Create(_alice));
        _world.Link(_bob, _alice);
        Status(_bob).ShouldBe(ContactStatus.Met);
        _world.Unlink(_bob, _alice);
    }

    private void PassUntil(long unixMilliseconds) => _world.Pass(TimeSpan.FromMilliseconds(unixMilliseconds - _world.Wall));

    private void ReadClock(LoopbackNode node)
    {
        node.ReadClock();
        _world.Run();
    }

    private ContactStatus Status(LoopbackNode node) => node.Reader.Contacts().Single(contact => contact.Id == _alice.Identity).Status;

    private static Contact Accept(LoopbackNode node, string invite) =>
        node.Do(new NodeCommand.AddContact(invite, null)).ShouldBeOfType<NodeResult.Added>().Contact;

    private static string Create(LoopbackNode node, params string[] hints) =>
        node.Do(new NodeCommand.CreateInvite(hints)).ShouldBeOfType<NodeResult.Invited>().Invite;

    private static Invite Parse(string text)
    {
        Invite.TryParse(text, out var invite, out var problem).ShouldBeTrue(problem);
        return invite!;
    }

    private static string[] Addresses(string host, int count) => [.. Enumerable.Range(1, count).Select(i => $"{host}{i}:1")];

    private static int Kept(LoopbackNode node)
    {
        var prefix = "i"u8.ToArray();
        using var rows = node.Store.Scan(ColumnFamily.Contacts, prefix, StoreKeys.After(prefix));
        var count = 0;
        while (rows.MoveNext())
        {
            count++;
        }

        return count;
    }

    [Fact]
    public void Where_a_contact_was_found_they_are_looked_for_in_the_next_life()
    {
        var world = new LoopbackWorld();
        var (alice, bob) = world.Contacts("alice", "bob");
        world.Unlink(alice, bob);
        world.Link(alice, bob, "found:7");
        world.Pass(TimeSpan.FromSeconds(2));
        alice.Dialled.Clear();
        alice.Restart();
        world.Pass(TimeSpan.FromSeconds(2));
        alice.Dialled.ShouldContain("found:7");
        world.Link(alice, bob, "moved:8");
        world.Pass(TimeSpan.FromSeconds(2));
        alice.Dialled.Clear();
        alice.Restart();
        world.Pass(TimeSpan.FromSeconds(2));
        alice.Dialled.ShouldContain("moved:8");
    }

    [Fact]
    public void Where_nobody_answers_for_long_they_are_looked_for_no_more_once_they_were_found_elsewhere()
    {
        var world = new LoopbackWorld();
        var (alice, bob) = world.Contacts("alice", "bob");
        world.Unlink(alice, bob);
        world.Link(alice, bob, "left:1");
        world.Pass(TimeSpan.FromSeconds(2));
        alice.Restart();
        alice.Input(new NodeInput.Commanded(9_999, new NodeCommand.KeepLinked("asked:1")));
        for (var i = 0; i < 60; i++)
        {
            world.Pass(TimeSpan.FromSeconds(20));
            alice.Input(new NodeInput.DialFailed("left:1", "refused"));
            alice.Input(new NodeInput.DialFailed("asked:1", "refused"));
        }

        world.Link(alice, bob, "found:2");
        world.Pass(TimeSpan.FromSeconds(2));
        world.Unlink(alice, bob);
        alice.Dialled.Clear();
        world.Pass(TimeSpan.FromMinutes(20));
        alice.Dialled.ShouldContain("asked:1");
        alice.Dialled.ShouldNotContain("left:1");
        alice.Restart();
        world.Pass(TimeSpan.FromSeconds(20));
        alice.Dialled.ShouldContain("found:2");
        alice.Dialled.ShouldNotContain("left:1");
    }

    [Theory]
    [InlineData("127.0.0.1:22", "203.0.113.5:4000", false)]
    [InlineData("[::1]:22", "203.0.113.5:4000", false)]
    [InlineData("localhost:22", "203.0.113.5:4000", false)]
    [InlineData("LocalHost.:22", "203.0.113.5:4000", false)]
    [InlineData("any.localhost:22", "203.0.113.5:4000", false)]
    [InlineData("[::ffff:127.0.0.1]:22", "203.0.113.5:4000", false)]
    [InlineData("[0:0:0:0:0:0:0:1]:22", "203.0.113.5:4000", false)]
    [InlineData("2130706433:22", "203.0.113.5:4000", false)]
    [InlineData("0x7f.1:22", "203.0.113.5:4000", false)]
    [InlineData("0177.0.0.1:22", "203.0.113.5:4000", false)]
    [InlineData("0.0.0.0:22", "203.0.113.5:4000", false)]
    [InlineData("[::1%lo]:22", "203.0.113.5:4000", false)]
    [InlineData("node.example:22", "203.0.113.5:4000", true)]
    [InlineData("[2001:db8::1]:22", "203.0.113.5:4000", true)]
    [InlineData("127.0.0.1:4001", "127.0.0.1:4000", true)]
    [InlineData("203.0.113.6:4000", "203.0.113.5:4000", true)]
    public void Where_a_neighbour_says_it_is_is_dialled_unless_that_is_this_machine(string address, string own, bool isDialled)
    {
        var world = new LoopbackWorld();
        var alice = world.Add("alice", new NodeCoreOptions { UsesLan = true, AdvertisedAddresses = [own] });
        var bob = world.Add("bob");
        LoopbackScenes.Introduce(bob, alice);
        world.Pass(TimeSpan.FromSeconds(2));
        alice.Input(new NodeInput.NeighbourFound([address], [.. alice.Recognised.Select(secret => secret.Id)]));
        world.Pass(TimeSpan.FromSeconds(2));
        alice.Dialled.Contains(address).ShouldBe(isDialled);
    }
}
