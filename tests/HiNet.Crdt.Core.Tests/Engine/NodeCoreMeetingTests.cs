using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Dht.Records;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Tests.Engine.Meeting;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>People who are not linked and find each other through the DHT: by what they wrote there, and by what someone else put in its place.</summary>
public sealed class NodeCoreMeetingTests
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(5);

    private readonly LoopbackWorld _world = new();
    private readonly LoopbackNode _relay;

    public NodeCoreMeetingTests() => _relay = _world.Add("relay", new NodeCoreOptions { Dht = new DhtOptions() });

    [Fact]
    public void Two_who_are_contacts_find_each_other_and_again_when_their_link_has_ended()
    {
        var (alice, bob) = (Add("alice"), Add("bob"));
        Introduce(alice, bob);
        Join(alice);
        Join(bob);
        alice.Dialled.ShouldContain("bob:1");
        bob.Dialled.ShouldContain("alice:1");

        _world.Link(alice, bob);
        var found = alice.Hits("meeting.found");
        _world.Pass(TimeSpan.FromHours(5));
        var written = alice.Hits("meeting.written");
        alice.Hits("meeting.found").ShouldBe(found, "who is linked is not looked for");
        _world.Unlink(alice, bob);
        _world.Pass(TimeSpan.FromSeconds(1));
        alice.Hits("meeting.found").ShouldBeGreaterThan(found);
        alice.Hits("meeting.written").ShouldBe(written, "what was written holds still");
    }

    [Fact]
    public void Who_comes_later_is_found_although_everyone_else_has_waited_for_long()
    {
        var (alice, bob) = (Add("alice"), Add("bob"));
        Introduce(alice, bob);
        Join(alice);
        _world.Pass(TimeSpan.FromHours(30));
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
        _world.Pass(s_soon);
        bob.Do(new NodeCommand.AddContact(invite, null)).ShouldBeOfType<NodeResult.Added>();
        _world.Pass(s_soon);
        bob.Dialled.ShouldContain("alice:1");
        _world.Pass(TimeSpan.FromMinutes(1));
        alice.Dialled.ShouldContain("bob:1");
    }

    [Fact]
    public void Who_has_no_address_finds_others_and_writes_nothing()
    {
        var (alice, bob) = (Add("alice"), _world.Add("bob", new NodeCoreOptions { Dht = new DhtOptions() }));
        Introduce(alice, bob);
        Join(alice);
        Join(bob);
        bob.Dialled.ShouldContain("alice:1");
        _world.Pass(TimeSpan.FromHours(3));
        bob.Hits("meeting.written").ShouldBe(0);
        alice.Hits("meeting.written").ShouldBeGreaterThan(0);
    }

    [Fact]
    public void What_is_written_is_written_anew_at_the_moment_at_which_the_periods_change()
    {
        var (alice, bob) = (Add("alice"), Add("bob"));
        LoopbackScenes.Introduce(bob, alice);
        _world.Link(alice, bob);
        _world.Unlink(alice, bob);
        Join(alice);
        var schedule = new RecordSchedule(LoopbackNode.Cryptography, Topics.OfPair(alice, bob));
        for (var i = 0; i < 4; i++)
        {
            var change = schedule.NextChange(_world.Wall);
            _world.Pass(TimeSpan.FromMilliseconds(change - _world.Wall - 1));
            var written = alice.Hits("meeting.written");
            _world.Pass(TimeSpan.FromMilliseconds(2));
            alice.Hits("meeting.written").ShouldBe(written + 1);
        }
    }

    [Fact]
    public void What_is_written_by_a_clock_that_was_set_back_still_takes_the_place_of_what_was_written_before()
    {
        var (alice, bob) = (Add("alice"), Add("bob"));
        LoopbackScenes.Introduce(bob, alice);
        _world.Link(alice, bob);
        _world.Unlink(alice, bob);
        Join(alice);
        alice.Hits("meeting.unwritten").ShouldBe(0);
        var written = alice.Hits("meeting.written");
        alice.Skew = -(long)TimeSpan.FromMinutes(80).TotalMilliseconds;
        alice.ReadClock();
        _world.Pass(TimeSpan.FromMinutes(80));
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
                _world.Pass(TimeSpan.FromMilliseconds(10));
            }
        }

        alice.Hits("meeting.unwritten").ShouldBe(1);
        alice.Hits("meeting.written").ShouldBe(0);
        _world.Pass(TimeSpan.FromSeconds(10));
        alice.Hits("meeting.written").ShouldBe(1);
    }

    [Fact]
    public void A_record_of_the_wrong_person_is_passed_over()
    {
        var (alice, bob, mallory) = (Add("alice"), Add("bob"), Add("mallory"));
        Introduce(alice, bob);
        Join(alice);
        Publish(Topics.OfPair(alice, bob), mallory, "mallory:9");
        Publish(Topics.OfPair(alice, bob), bob, "bob:9");
        _world.Pass(TimeSpan.FromMinutes(5));
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
        _world.Pass(TimeSpan.FromMinutes(5));
        alice.Dialled.ShouldContain("bob:9");
        alice.Dialled.ShouldNotContain("mallory:9");
    }

    [Fact]
    public void Under_an_invite_whoever_has_it_is_dialled_but_for_oneself_and_who_is_linked()
    {
        var (alice, bob, carol, dave) = (Add("alice"), Add("bob"), Add("carol"), Add("dave"));
        var own = OtherDevice(alice);
        Introduce(alice, bob);
        _world.Link(bob, alice);
        _world.Link(dave, alice);
        Join(alice);
        var topic = Topics.OfInvite(alice.Do(new NodeCommand.CreateInvite(["nowhere:1"])).ShouldBeOfType<NodeResult.Invited>().Invite);
        Publish(topic, alice, "alice:9");
        Publish(topic, own, own.Node, "own:9");
        Publish(topic, bob, "bob:9", node: carol);
        Publish(topic, carol, "carol:9");
        Publish(topic, dave, "dave:9");
        _world.Pass(TimeSpan.FromMinutes(5));
        alice.Dialled.ShouldContain("carol:9");
        alice.Dialled.ShouldNotContain("alice:9");
        alice.Dialled.ShouldNotContain("own:9", "another device of her own");
        alice.Dialled.ShouldNotContain("bob:9", "this person is linked");
        alice.Dialled.ShouldNotContain("dave:9", "the node is linked, though nothing shows whose it is");
    }

    [Fact]
    public void Of_an_address_list_those_count_that_can_be_dialled_the_first_eight_and_no_own_one()
    {
        var alice = _world.Add("alice", new NodeCoreOptions { UsesLan = true, AdvertisedAddresses = ["alice:1"] });
        var topic = Topics.OfInvite(alice.Invite()).Lan().Id;
        string[] addresses = ["not an address", "alice:1", .. Enumerable.Range(1, 9).Select(i => $"a{i}:1")];
        alice.Input(new NodeInput.NeighbourFound(addresses, [topic]));
        _world.Run();
        alice.Dialled.ShouldBe(Enumerable.Range(1, 7).Select(i => $"a{i}:1"), ignoreOrder: true);
    }

    [Fact]
    public void What_is_no_record_is_counted()
    {
        var alice = Add("alice");
        Join(alice);
        var topic = Topics.OfInvite(alice.Invite());
        var period = new RecordSchedule(LoopbackNode.Cryptography, topic).PeriodAt(_world.Wall);
        var target = RendezvousKeys.Derive(LoopbackNode.Cryptography, topic, period).Target;
        var (writer, secret) = TestKeys.Signing("vandal");
        var text = new byte[500];
        var (sequence, expires) = (1UL, (_world.Wall / 1000) + 7_200);
        var signature = new byte[DhtSlot.SignatureSize];
        TestKeys.Sodium.Sign(secret, DhtSlot.SignedBytes(TestKeys.Sodium, target, sequence, expires, text), signature);
        Put(DhtSlot.From(target, writer, sequence, expires, text, signature));
        _world.Pass(TimeSpan.FromSeconds(1));
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
            _world.Link(alice, other);
        }

        var group = alice.Group("team", bob, carol);
        alice.Send(group, "hello");
        _world.Pass(s_soon);
        _world.Unlink(alice, carol);
        Join(alice);
        var topic = RendezvousSecret.OfEpoch(LoopbackNode.Cryptography, group, Epoch(alice, group), RecordKind.Contact);
        Publish(topic, alice, "alice:9");
        Publish(topic, bob, "bob:9", node: carol);
        Publish(topic, carol, "carol:9");
        Publish(topic, mallory, "mallory:9");
        _world.Pass(TimeSpan.FromMinutes(5));
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
            _world.Link(alice, other);
        }

        var group = alice.Group("team", bob, carol);
        alice.Send(group, "hello");
        _world.Pass(s_soon);
        _world.Link(bob, carol);
        Join(bob);
        var topic = RendezvousSecret.OfEpoch(LoopbackNode.Cryptography, group, Epoch(bob, group), RecordKind.Contact);
        Publish(topic, carol, "carol:9");
        var invitees = Topics.OfInvite(bob.Invite());
        _world.Pass(TimeSpan.FromMinutes(30));
        bob.Dialled.ShouldNotContain("carol:9", "she is linked");

        // Whoever has an invite of Bob's has nothing to do with it.
        Publish(invitees, Add("dave"), "dave:9");
        _world.Unlink(bob, carol);
        _world.Pass(TimeSpan.FromSeconds(1));
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
            _world.Link(alice, other);
        }

        var group = alice.Group("team", bob);
        alice.Send(group, "hello");
        _world.Pass(s_soon);
        _world.Unlink(alice, bob);
        Join(alice);
        _world.Pass(TimeSpan.FromHours(12));
        Publish(RendezvousSecret.OfEpoch(LoopbackNode.Cryptography, group, Epoch(alice, group), RecordKind.Contact), bob, "bob:9");
        _world.Unlink(alice, dave);
        _world.Pass(TimeSpan.FromSeconds(1));
        alice.Dialled.ShouldNotContain("bob:9");
    }

    [Fact]
    public void A_contact_who_is_a_neighbour_in_a_group_too_is_looked_for_once()
    {
        var (alice, bob) = (Add("alice"), Add("bob"));
        var carol = _world.Befriend(alice, "carol");
        Introduce(alice, bob);
        _world.Link(alice, bob);
        var group = alice.Group("team", bob, carol);
        alice.Send(group, "one epoch");
        _world.Pass(s_soon);
        carol.Do(new NodeCommand.Leave(group)).ShouldBeOfType<NodeResult.Written>();
        _world.Pass(s_soon);
        alice.Send(group, "another");
        Join(alice);
        var written = alice.Hits("meeting.written");
        written.ShouldBeGreaterThan(0);
        alice.ReadClock();
        _world.Pass(TimeSpan.FromSeconds(1));
        alice.Hits("meeting.written").ShouldBe(written);
    }

    [Fact]
    public void Who_knows_nobody_in_the_dht_writes_nothing_until_they_do()
    {
        var alice = Add("alice");
        alice.Invite();
        _world.Pass(TimeSpan.FromMinutes(5));
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
        bob.Skew = -_world.Wall;
        bob.ReadClock();
        Join(bob);
        _world.Pass(TimeSpan.FromMinutes(1));
        (bob.Hits("meeting.written"), bob.Hits("meeting.found")).ShouldBe((0, 0));
        bob.Skew = 0;
        bob.ReadClock();
        _world.Pass(s_soon);
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
        _world.Pass(TimeSpan.FromSeconds(1));
        alice.Hits("meeting.written").ShouldBe(written);
    }

    [Fact]
    public void Who_was_away_is_found_under_the_eight_newest_epochs_of_a_group()
    {
        var alice = Add("alice");
        var bob = Add("bob");
        List<LoopbackNode> leaving = [.. Enumerable.Range(0, 8).Select(i => _world.Befriend(alice, $"member {i}"))];
        Introduce(alice, bob);
        var group = alice.Group("team", [bob, .. leaving]);
        List<Bytes32> epochs = [];
        Say();
        foreach (var member in leaving)
        {
            member.Do(new NodeCommand.Leave(group)).ShouldBeOfType<NodeResult.Written>();
            _world.Pass(s_soon);
            Say();
        }

        epochs.Distinct().Count().ShouldBe(9);
        Join(alice);
        Publish(Of(epochs[0]), bob, "first:1");
        Publish(Of(epochs[1]), bob, "second:1");
        _world.Pass(TimeSpan.FromMinutes(10));
        alice.Dialled.ShouldContain("second:1");
        alice.Dialled.ShouldNotContain("first:1");

        void Say()
        {
            alice.Send(group, "hello");
            _world.Pass(s_soon);
            epochs.Add(Epoch(alice, group));
        }

        RendezvousSecret Of(Bytes32 epoch) => RendezvousSecret.OfEpoch(LoopbackNode.Cryptography, group, epoch, RecordKind.Contact);
    }

    [Fact]
    public void When_the_network_is_back_everything_is_looked_for_at_once()
    {
        var (alice, bob) = (Add("alice"), Add("bob"));
        Introduce(alice, bob);
        Join(alice);
        _world.Pass(TimeSpan.FromHours(12));
        Publish(Topics.OfPair(alice, bob), bob, "bob:9");
        _world.Nodes.Remove(_relay);
        _world.Pass(TimeSpan.FromMinutes(10));
        alice.Dialled.ShouldNotContain("bob:9", "the next lookup is due after half an hour");

        // It knows nobody any more, so that it is Alice who finds it.
        _relay.Store.Restore(new MemoryStore());
        _relay.Restart();
        _world.Nodes.Add(_relay);
        _world.Pass(TimeSpan.FromMinutes(7));
        alice.Dialled.ShouldContain("bob:9");
        var written = alice.Hits("meeting.written");
        _world.Pass(TimeSpan.FromMinutes(30));
        alice.Hits("meeting.written").ShouldBeLessThanOrEqualTo(written + 3, "it is back once, and not each minute");
    }

    [Fact]
    public void Who_is_stopped_asks_and_says_nothing_any_more()
    {
        var (alice, bob) = (Add("alice"), Add("bob"));
        Introduce(alice, bob);
        Join(alice);
        Join(bob);
        alice.Do(new NodeCommand.Stop()).ShouldBeOfType<NodeResult.Done>();
        bob.DiskProblem = "The disk is full: make room and start the node again.";
        bob.Do(new NodeCommand.CreateInvite([])).ShouldBeOfType<NodeResult.Refused>();
        _world.Pass(TimeSpan.FromHours(3));
        foreach (var node in new[] { alice, bob })
        {
            var datagrams = node.Datagrams;
            node.ReadClock();
            _world.Run();
            node.Datagrams.ShouldBe(datagrams, node.Name);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Who_is_found_when_enough_members_have_come_meanwhile_is_not_dialled(bool isEnough)
    {
        var alice = Add("alice");
        List<LoopbackNode> others = [.. Enumerable.Range(0, 8).Select(i => _world.Befriend(alice, $"member {i}"))];
        var group = alice.Group("team", [.. others]);
        alice.Send(group, "hello");
        _world.Pass(s_soon);
        foreach (var other in others[5..])
        {
            _world.Unlink(alice, other);
        }

        Publish(RendezvousSecret.OfEpoch(LoopbackNode.Cryptography, group, Epoch(alice, group), RecordKind.Contact), others[7], "member7:9");
        alice.HoldChecks = true;
        Join(alice);
        alice.Dialled.ShouldNotContain("member7:9", "whose record it is was not checked yet");
        if (isEnough)
        {
            _world.Link(alice, others[5]);
        }

        alice.ReleaseChecks();
        _world.Pass(TimeSpan.FromSeconds(1));
        alice.Dialled.Contains("member7:9").ShouldBe(!isEnough);
    }

    [Fact]
    public void The_first_three_lookups_that_bring_nobody_go_over_disjoint_paths_and_ask_more_nodes_than_later_ones()
    {
        var alice = _world.Add("alice", new NodeCoreOptions { Dht = new DhtOptions { BucketSize = 2, DisjointPaths = 8 } });
        for (var i = 0; i < 12; i++)
        {
            Join(Add($"node {i}"));
        }

        Join(alice);
        alice.Invite();
        List<int> asked = [];
        for (var i = 0; i < 1_000; i++)
        {
            var before = alice.Datagrams;
            _world.Pass(TimeSpan.FromMilliseconds(100));
            asked.Add(alice.Datagrams - before);
        }

        List<int> many = [.. Enumerable.Range(0, asked.Count).Where(i => asked[i] > 4)];
        many.Count.ShouldBe(3);
        many[^1].ShouldBeLessThan(60, "within six seconds");
        asked.Skip(60).Count(count => count > 1).ShouldBeGreaterThan(3);
    }

    private LoopbackNode Add(string name) => _world.Add(name, new NodeCoreOptions { Dht = new DhtOptions(), AdvertisedAddresses = [$"{name}:1"] });

    /// <summary>Each holds an invite of the other's, which says nothing of where they are.</summary>
    private static void Introduce(LoopbackNode one, LoopbackNode other)
    {
        foreach (var (issuer, accepter) in new[] { (one, other), (other, one) })
        {
            var invite = issuer.Do(new NodeCommand.CreateInvite(["nowhere:1"])).ShouldBeOfType<NodeResult.Invited>().Invite;
            accepter.Do(new NodeCommand.AddContact(invite, null)).ShouldBeOfType<NodeResult.Added>();
        }
    }

    private void Join(LoopbackNode node)
    {
        node.Input(new NodeInput.BootstrapResolved([_relay.Endpoint]));
        _world.Pass(s_soon);
    }

    /// <summary>Says in the DHT that someone is at an address, under a secret.</summary>
    private void Publish(RendezvousSecret secret, LoopbackNode who, string address, LoopbackNode? node = null) =>
        Publish(secret, who.Secrets, (node ?? who).Secrets.Node, address);

    private void Publish(RendezvousSecret secret, HomeSecrets who, NodeId node, string address)
    {
        var period = new RecordSchedule(LoopbackNode.Cryptography, secret).PeriodAt(_world.Wall);
        var keys = RendezvousKeys.Derive(LoopbackNode.Cryptography, secret, period);
        var contact = DeviceContact.Create(who.Certificate, node, [address]);
        Put(RecordWriter.Write(LoopbackNode.Cryptography, keys, who.DeviceSecretKey.Span, contact, _world.Wall));
    }

    /// <summary>The home of another device of a person's.</summary>
    private HomeSecrets OtherDevice(LoopbackNode node)
    {
        var drawn = new CountedSecrets((ulong)_world.Nodes.IndexOf(node) << 32);
        var (identity, agreement) = (new byte[32], new byte[32]);
        drawn.FillSecret(identity);
        drawn.FillSecret(agreement);
        var home = HomeSecrets.Create(new CountedSecrets(7_777), node.Name, identity, agreement);
        home.Identity.ShouldBe(node.Identity);
        home.Device.ShouldNotBe(node.Secrets.Device);
        return home;
    }

    private void Put(DhtSlot slot) =>
        _relay.Do(new NodeCommand.UseDht(new DhtOperation.Put(slot))).ShouldBeOfType<NodeResult.OfDht>().Result.ShouldBeOfType<DhtResult.PutSlot>();

    /// <summary>The secret of the only epoch that a node has in a group.</summary>
    private Bytes32 Epoch(LoopbackNode node, ConversationId group) => new(new HostileMember(_world, node, group).EpochSecret);
}
