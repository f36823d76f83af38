using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Dht.Records;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Tests.Engine.Meeting;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>People who are not linked and find each other through the DHT: by what they wrote there, and by what someone else put in its place.</summary>
public sealed class NodeCoreMeetingTests : MeetingScene
{
    [Fact]
    public void Two_who_are_contacts_find_each_other_and_again_when_their_link_has_ended()
    {
        var (alice, bob) = (Add("alice"), Add("bob"));
        Introduce(alice, bob);
        Join(alice);
        Join(bob);
        alice.Dialled.ShouldContain("bob:1");
        bob.Dialled.ShouldContain("alice:1");

        World.Link(alice, bob);
        var found = alice.Hits("meeting.found");
        World.Pass(TimeSpan.FromHours(5));
        var written = alice.Hits("meeting.written");
        alice.Hits("meeting.found").ShouldBe(found, "who is linked is not looked for");
        World.Unlink(alice, bob);
        World.Pass(TimeSpan.FromSeconds(1));
        alice.Hits("meeting.found").ShouldBeGreaterThan(found);
        alice.Hits("meeting.written").ShouldBe(written, "what was written holds still");
    }

    [Fact]
    public void Who_comes_later_is_found_although_everyone_else_has_waited_for_long()
    {
        var (alice, bob) = (Add("alice"), Add("bob"));
        Introduce(alice, bob);
        Join(alice);
        World.Pass(TimeSpan.FromHours(30));
        Join(bob);
        bob.Dialled.ShouldContain("alice:1");
    }

    [Fact]
    public void Who_takes_up_an_invite_finds_its_issuer_and_is_found_by_them()
    {
        var (alice, bob) = (Add("alice"), Add("bob"));
        Join(alice);
        Join(bob);
        var invite = alice.Do(new NodeCommand.CreateInvite(["nowhere:1"])).ShouldBeOfType<NodeResult.Invited>().Invite;
        World.Pass(Soon);
        bob.Do(new NodeCommand.AddContact(invite, null)).ShouldBeOfType<NodeResult.Added>();
        World.Pass(Soon);
        bob.Dialled.ShouldContain("alice:1");
        World.Pass(TimeSpan.FromMinutes(1));
        alice.Dialled.ShouldContain("bob:1");
    }

    [Fact]
    public void Who_has_no_address_finds_others_and_writes_nothing()
    {
        var (alice, bob) = (Add("alice"), World.Add("bob", new NodeCoreOptions { Dht = new DhtOptions() }));
        Introduce(alice, bob);
        Join(alice);
        Join(bob);
        bob.Dialled.ShouldContain("alice:1");
        World.Pass(TimeSpan.FromHours(3));
        bob.Hits("meeting.written").ShouldBe(0);
        alice.Hits("meeting.written").ShouldBeGreaterThan(0);
    }

    [Fact]
    public void What_is_written_is_written_anew_at_the_moment_at_which_the_periods_change()
    {
        var (alice, bob) = (Add("alice"), Add("bob"));
        LoopbackScenes.Introduce(bob, alice);
        World.Link(alice, bob);
        World.Unlink(alice, bob);
        Join(alice);
        var schedule = new RecordSchedule(LoopbackNode.Cryptography, Topics.OfPair(alice, bob));
        for (var i = 0; i < 4; i++)
        {
            var change = schedule.NextChange(World.Wall);
            World.Pass(TimeSpan.FromMilliseconds(change - World.Wall - 1));
            var written = alice.Hits("meeting.written");
            World.Pass(TimeSpan.FromMilliseconds(2));
            alice.Hits("meeting.written").ShouldBe(written + 1);
        }
    }

    [Fact]
    public void What_is_written_by_a_clock_that_was_set_back_still_takes_the_place_of_what_was_written_before()
    {
        var (alice, bob) = (Add("alice"), Add("bob"));
        LoopbackScenes.Introduce(bob, alice);
        World.Link(alice, bob);
        World.Unlink(alice, bob);
        Join(alice);
        alice.Hits("meeting.unwritten").ShouldBe(0);
        var written = alice.Hits("meeting.written");
        alice.Skew = -(long)TimeSpan.FromMinutes(80).TotalMilliseconds;
        alice.ReadClock();
        World.Pass(TimeSpan.FromMinutes(80));
        alice.Hits("meeting.written").ShouldBeGreaterThan(written);
        alice.Hits("meeting.unwritten").ShouldBe(0);
    }

    [Fact]
    public void A_write_that_the_dht_has_no_room_for_is_repeated_soon()
    {
        var alice = Add("alice");
        Join(alice);

        alice.Invite();

        // All the room for questions is taken by some that nobody answers.
        var nobody = Endpoint.FromIPv4(0x1500_0001, 4000);
        for (var i = 0; i < 60 * 512; i++)
        {
            alice.Input(new NodeInput.Commanded(-1 - i, new NodeCommand.UseDht(new DhtOperation.Ping(nobody))));
            if (i % 512 == 0)
            {
                World.Pass(TimeSpan.FromMilliseconds(10));
            }
        }

        alice.Hits("meeting.unwritten").ShouldBe(1);
        alice.Hits("meeting.written").ShouldBe(0);
        World.Pass(TimeSpan.FromSeconds(10));
        alice.Hits("meeting.written").ShouldBe(1);
    }

    [Fact]
    public void A_write_that_no_node_has_a_place_for_is_repeated_soon()
    {
        var narrow = new DhtOptions { SlotsPerTarget = 1 };
        Relay.Options = new NodeCoreOptions { Dht = narrow };
        Relay.Restart();
        var alice = World.Add("alice", new NodeCoreOptions { Dht = narrow, AdvertisedAddresses = ["alice:1"] });
        Join(alice);

        // Mallory's record takes the only place that either of them has.
        Publish(Topics.OfInvite(alice.Invite()), Add("mallory"), "mallory:9");
        World.Pass(TimeSpan.FromSeconds(1));
        (alice.Hits("meeting.written"), alice.Hits("meeting.unwritten")).ShouldBe((0, 1));
        World.Pass(TimeSpan.FromSeconds(5));
        (alice.Hits("meeting.written"), alice.Hits("meeting.unwritten")).ShouldBe((0, 2));
    }

    [Fact]
    public void Who_is_alone_in_the_dht_has_written_in_the_step_in_which_it_was_due()
    {
        var (alice, bob) = (Add("alice"), Add("bob"));
        LoopbackScenes.Introduce(bob, alice);
        World.Link(alice, bob);
        World.Unlink(alice, bob);
        Join(alice);
        World.Nodes.Remove(Relay);
        World.Pass(TimeSpan.FromHours(1));
        alice.Do(new NodeCommand.UseDht(new DhtOperation.Stats())).ShouldBeOfType<NodeResult.OfDht>()
            .Result.ShouldBeOfType<DhtResult.Statistics>().Stats.Contacts.ShouldBe(0);

        // Nobody answers, so that no other step follows soon.
        var change = new RecordSchedule(LoopbackNode.Cryptography, Topics.OfPair(alice, bob)).NextChange(World.Wall);
        World.Pass(TimeSpan.FromMilliseconds(change - World.Wall - 1));
        var written = alice.Hits("meeting.written");
        World.Pass(TimeSpan.FromMilliseconds(2));
        alice.Hits("meeting.written").ShouldBe(written + 1);
    }

    [Fact]
    public void A_record_of_the_wrong_person_is_passed_over()
    {
        var (alice, bob, mallory) = (Add("alice"), Add("bob"), Add("mallory"));
        Introduce(alice, bob);
        Join(alice);
        Publish(Topics.OfPair(alice, bob), mallory, "mallory:9");
        Publish(Topics.OfPair(alice, bob), bob, "bob:9");
        World.Pass(TimeSpan.FromMinutes(5));
        alice.Dialled.ShouldContain("bob:9");
        alice.Dialled.ShouldNotContain("mallory:9");
    }

    [Fact]
    public void A_record_of_the_wrong_person_in_place_of_the_issuer_of_an_invite_is_passed_over()
    {
        var (alice, bob, mallory) = (Add("alice"), Add("bob"), Add("mallory"));
        var invite = bob.Do(new NodeCommand.CreateInvite(["nowhere:1"])).ShouldBeOfType<NodeResult.Invited>().Invite;
        Join(alice);
        alice.Do(new NodeCommand.AddContact(invite, null)).ShouldBeOfType<NodeResult.Added>();
        Publish(Topics.OfInvite(invite), mallory, "mallory:9");
        Publish(Topics.OfInvite(invite), bob, "bob:9");
        World.Pass(TimeSpan.FromMinutes(5));
        alice.Dialled.ShouldContain("bob:9");
        alice.Dialled.ShouldNotContain("mallory:9");
    }

    [Fact]
    public void Under_an_invite_whoever_has_it_is_dialled_but_for_oneself_and_who_is_linked()
    {
        var (alice, bob, carol, dave) = (Add("alice"), Add("bob"), Add("carol"), Add("dave"));
        var own = OtherDevice(alice);
        Introduce(alice, bob);
        World.Link(bob, alice);
        World.Link(dave, alice);
        Join(alice);
        var topic = Topics.OfInvite(alice.Do(new NodeCommand.CreateInvite(["nowhere:1"])).ShouldBeOfType<NodeResult.Invited>().Invite);
        Publish(topic, alice, "alice:9");
        Publish(topic, own, own.Node, "own:9");
        Publish(topic, bob, "bob:9", node: carol);
        Publish(topic, carol, "carol:9");
        Publish(topic, dave, "dave:9");
        World.Pass(TimeSpan.FromMinutes(5));
        alice.Dialled.ShouldContain("carol:9");
        alice.Dialled.ShouldNotContain("alice:9");
        alice.Dialled.ShouldNotContain("own:9", "another device of her own");
        alice.Dialled.ShouldNotContain("bob:9", "this person is linked");
        alice.Dialled.ShouldNotContain("dave:9", "the node is linked, though nothing shows whose it is");
    }

    [Fact]
    public void Of_an_address_list_those_count_that_can_be_dialled_the_first_eight_and_no_own_one()
    {
        var alice = World.Add("alice", new NodeCoreOptions { UsesLan = true, AdvertisedAddresses = ["alice:1"] });
        var topic = Topics.OfInvite(alice.Invite()).Lan().Id;
        string[] addresses = ["not an address", "alice:1", .. Enumerable.Range(1, 9).Select(i => $"a{i}:1")];
        alice.Input(new NodeInput.NeighbourFound(addresses, [topic]));
        World.Run();
        alice.Dialled.ShouldBe(Enumerable.Range(1, 7).Select(i => $"a{i}:1"), ignoreOrder: true);
    }

    [Fact]
    public void What_is_no_record_is_counted()
    {
        var alice = Add("alice");
        Join(alice);
        var topic = Topics.OfInvite(alice.Invite());
        var period = new RecordSchedule(LoopbackNode.Cryptography, topic).PeriodAt(World.Wall);
        var target = RendezvousKeys.Derive(LoopbackNode.Cryptography, topic, period).Target;
        var (writer, secret) = TestKeys.Signing("vandal");
        var text = new byte[500];
        var (sequence, expires) = (1UL, (World.Wall / 1000) + 7_200);
        var signature = new byte[DhtSlot.SignatureSize];
        TestKeys.Sodium.Sign(secret, DhtSlot.SignedBytes(TestKeys.Sodium, target, sequence, expires, text), signature);
        Put(DhtSlot.From(target, writer, sequence, expires, text, signature));
        World.Pass(TimeSpan.FromSeconds(1));
        alice.Counts["hinet.meeting.records.refused"].ShouldBe(alice.Hits("meeting.record.refused"));
        alice.Counts["hinet.meeting.records.refused"].ShouldBe(1);
    }

    [Fact]
    public void In_a_group_only_members_who_are_not_linked_are_dialled_and_only_while_there_are_not_enough()
    {
        var (alice, bob, carol, mallory) = (Add("alice"), Add("bob"), Add("carol"), Add("mallory"));
        foreach (var other in new[] { bob, carol })
        {
            Introduce(alice, other);
            World.Link(alice, other);
        }

        var group = alice.Group("team", bob, carol);
        alice.Send(group, "hello");
        World.Pass(Soon);
        World.Unlink(alice, carol);
        Join(alice);
        var topic = RendezvousSecret.OfEpoch(LoopbackNode.Cryptography, group, Epoch(alice, group), RecordKind.Contact);
        Publish(topic, alice, "alice:9");
        Publish(topic, bob, "bob:9", node: carol);
        Publish(topic, carol, "carol:9");
        Publish(topic, mallory, "mallory:9");
        World.Pass(TimeSpan.FromMinutes(5));
        alice.Dialled.ShouldContain("carol:9");
        alice.Dialled.ShouldNotContain("alice:9");
        alice.Dialled.ShouldNotContain("bob:9");
        alice.Dialled.ShouldNotContain("mallory:9");
    }

    [Fact]
    public void A_member_whose_link_has_ended_is_looked_for_under_the_groups_secret_at_once()
    {
        var alice = Add("alice");
        var (bob, carol) = (Add("bob"), Add("carol"));
        foreach (var other in new[] { bob, carol })
        {
            Introduce(alice, other);
            World.Link(alice, other);
        }

        var group = alice.Group("team", bob, carol);
        alice.Send(group, "hello");
        World.Pass(Soon);
        World.Link(bob, carol);
        Join(bob);
        var topic = RendezvousSecret.OfEpoch(LoopbackNode.Cryptography, group, Epoch(bob, group), RecordKind.Contact);
        Publish(topic, carol, "carol:9");
        var invitees = Topics.OfInvite(bob.Invite());
        World.Pass(TimeSpan.FromMinutes(30));
        bob.Dialled.ShouldNotContain("carol:9", "she is linked");

        // Whoever has an invite of Bob's has nothing to do with it.
        Publish(invitees, Add("dave"), "dave:9");
        World.Unlink(bob, carol);
        World.Pass(TimeSpan.FromSeconds(1));
        bob.Dialled.ShouldContain("carol:9");
        bob.Dialled.ShouldNotContain("dave:9");
    }

    [Fact]
    public void The_end_of_a_link_with_somebody_else_is_no_reason_to_look_for_members()
    {
        var (alice, bob, dave) = (Add("alice"), Add("bob"), Add("dave"));
        foreach (var other in new[] { bob, dave })
        {
            Introduce(alice, other);
            World.Link(alice, other);
        }

        var group = alice.Group("team", bob);
        alice.Send(group, "hello");
        World.Pass(Soon);
        World.Unlink(alice, bob);
        Join(alice);
        World.Pass(TimeSpan.FromHours(12));
        Publish(RendezvousSecret.OfEpoch(LoopbackNode.Cryptography, group, Epoch(alice, group), RecordKind.Contact), bob, "bob:9");
        World.Unlink(alice, dave);
        World.Pass(TimeSpan.FromSeconds(1));
        alice.Dialled.ShouldNotContain("bob:9");
    }

    [Fact]
    public void A_contact_who_is_a_neighbour_in_a_group_too_is_looked_for_once()
    {
        var (alice, bob) = (Add("alice"), Add("bob"));
        var carol = World.Befriend(alice, "carol");
        Introduce(alice, bob);
        World.Link(alice, bob);
        var group = alice.Group("team", bob, carol);
        alice.Send(group, "one epoch");
        World.Pass(Soon);
        carol.Do(new NodeCommand.Leave(group)).ShouldBeOfType<NodeResult.Written>();
        World.Pass(Soon);
        alice.Send(group, "another");
        Join(alice);
        var written = alice.Hits("meeting.written");
        written.ShouldBeGreaterThan(0);
        alice.ReadClock();
        World.Pass(TimeSpan.FromSeconds(1));
        alice.Hits("meeting.written").ShouldBe(written);
    }

    [Fact]
    public void Who_knows_nobody_in_the_dht_writes_nothing_until_they_do()
    {
        var alice = Add("alice");
        alice.Invite();
        World.Pass(TimeSpan.FromMinutes(5));
        (alice.Hits("meeting.written"), alice.Hits("meeting.unwritten"), alice.Datagrams).ShouldBe((0, 0, 0));
        Join(alice);
        alice.Hits("meeting.written").ShouldBe(1);
    }

    [Fact]
    public void Whose_clock_was_never_set_is_not_met_until_it_is()
    {
        var (alice, bob) = (Add("alice"), Add("bob"));
        Introduce(alice, bob);
        Join(alice);
        bob.Skew = -World.Wall;
        bob.ReadClock();
        Join(bob);
        World.Pass(TimeSpan.FromMinutes(1));
        (bob.Hits("meeting.written"), bob.Hits("meeting.found")).ShouldBe((0, 0));
        bob.Skew = 0;
        bob.ReadClock();
        World.Pass(Soon);
        bob.Hits("meeting.written").ShouldBeGreaterThan(0);
        bob.Dialled.ShouldContain("alice:1");
        bob.Hits("meeting.clock.set").ShouldBe(2);
    }

    [Fact]
    public void Reading_the_clock_begins_nothing_anew()
    {
        var alice = Add("alice");
        alice.Invite();
        Join(alice);
        var written = alice.Hits("meeting.written");
        alice.ReadClock();
        World.Pass(TimeSpan.FromSeconds(1));
        alice.Hits("meeting.written").ShouldBe(written);
    }

    [Fact]
    public void Who_was_away_is_found_under_the_eight_newest_epochs_of_a_group()
    {
        var alice = Add("alice");
        var bob = Add("bob");
        List<LoopbackNode> leaving = [.. Enumerable.Range(0, 8).Select(i => World.Befriend(alice, $"member {i}"))];
        Introduce(alice, bob);
        var group = alice.Group("team", [bob, .. leaving]);
        List<Bytes32> epochs = [];
        Say();
        foreach (var member in leaving)
        {
            member.Do(new NodeCommand.Leave(group)).ShouldBeOfType<NodeResult.Written>();
            World.Pass(Soon);
            Say();
        }

        epochs.Distinct().Count().ShouldBe(9);
        Join(alice);
        Publish(Of(epochs[0]), bob, "first:1");
        Publish(Of(epochs[1]), bob, "second:1");
        World.Pass(TimeSpan.FromMinutes(10));
        alice.Dialled.ShouldContain("second:1");
        alice.Dialled.ShouldNotContain("first:1");

        void Say()
        {
            alice.Send(group, "hello");
            World.Pass(Soon);
            epochs.Add(Epoch(alice, group));
        }

        RendezvousSecret Of(Bytes32 epoch) => RendezvousSecret.OfEpoch(LoopbackNode.Cryptography, group, epoch, RecordKind.Contact);
    }
}
