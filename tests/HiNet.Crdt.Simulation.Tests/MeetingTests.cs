using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Tests;

/// <summary>People whose nodes know one address meet through the DHT, in virtual time.</summary>
public sealed class MeetingTests
{
    private const string LeftAddress = "left:1";
    private readonly SimulatedWorld _world = new(seed: 11, new WorldOptions { UseDht = true, LinkEveryone = false });

    [Fact]
    public async Task An_invite_whose_address_leads_nowhere_brings_two_together()
    {
        var (_, alice, bob) = (_world.AddNode("first"), _world.AddNode("alice"), _world.AddNode("bob"));
        await MeetAsync(alice, bob);
        var conversation = await alice.OpenDirectAsync(bob.Self.Id);
        await conversation.SendAsync("found you");
        _world.RunUntilQuiet();
        (await bob.OpenDirectAsync(alice.Self.Id)).ReadPage(1).Single().Text.ShouldBe("found you");
        _world.Marks.Hits.ContainsKey("meeting.found").ShouldBeTrue();
    }

    [Fact]
    public async Task Members_who_are_no_contacts_find_each_other_when_the_one_between_them_is_gone()
    {
        var (alice, bob, carol, team) = await TeamAsync();

        _world.Crash(alice);
        _world.Crash(bob);
        _world.Restart(bob);
        await bob.FindConversation(team.Id)!.SendAsync("without her");
        _world.RunUntil(() => carol.FindConversation(team.Id)!.ReadPage(10).Any(message => message.Text == "without her"), TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task Members_who_each_made_an_epoch_before_they_ever_met_find_each_other()
    {
        var (alice, bob, carol, team) = await TeamAsync();
        _world.CutLink(bob, carol);
        _world.CutLink(carol, bob);
        await team.LeaveAsync();
        _world.RunUntil(() => Count(bob) == 2 && Count(carol) == 2, TimeSpan.FromMinutes(5));
        await bob.FindConversation(team.Id)!.SendAsync("from bob");
        await carol.FindConversation(team.Id)!.SendAsync("from carol");
        foreach (var node in (SimulatedNode[])[alice, bob, carol])
        {
            _world.Crash(node);
        }

        _world.Heal();
        _world.Restart(bob);
        _world.Restart(carol);
        _world.RunUntil(() => HasRead(bob, "from carol") && HasRead(carol, "from bob"), TimeSpan.FromMinutes(5));

        int Count(SimulatedNode node) => node.FindConversation(team.Id)!.Members.Count;
        bool HasRead(SimulatedNode node, string text) => node.FindConversation(team.Id)!.ReadPage(10).Any(message => message.Text == text);
    }

    [Fact]
    public async Task Whoever_leaves_while_alone_lets_a_member_know_after_a_restart_and_then_looks_no_more()
    {
        var (alice, bob, carol, team) = await TeamAsync();
        _world.Crash(alice);
        _world.Crash(carol);
        await bob.FindConversation(team.Id)!.LeaveAsync();
        _world.Crash(bob);
        _world.Restart(carol);
        _world.Restart(bob);
        _world.RunUntil(() => carol.FindConversation(team.Id)!.Members.All(member => member.Person.Id != bob.Self.Id), TimeSpan.FromMinutes(5));
        _world.RunFor(TimeSpan.FromSeconds(1));
        _world.Marks.Hits.GetValueOrDefault("group.leave.known").ShouldBe(1);
    }

    [Fact]
    public async Task A_restarted_node_is_found_although_the_first_one_is_gone()
    {
        var nodes = Enumerable.Range(0, 5).Select(i => _world.AddNode($"node {i}")).ToList();
        var (alice, bob) = (nodes[1], nodes[2]);
        await MeetAsync(alice, bob);
        _world.RunFor(TimeSpan.FromMinutes(1));
        _world.Crash(nodes[0], losePower: true);
        _world.Crash(alice);
        _world.Crash(bob);
        _world.RunFor(TimeSpan.FromMinutes(1));
        _world.Restart(alice);
        _world.Restart(bob);
        await (await alice.OpenDirectAsync(bob.Self.Id)).SendAsync("again");
        _world.RunUntil(() => bob.Conversations.Any(conversation => conversation.ReadPage(10).Any(message => message.Text == "again")), TimeSpan.FromMinutes(5));
    }

    [Theory]
    [InlineData(-60.0)]
    [InlineData(9_000.0)]
    public async Task A_clock_that_cannot_be_right_keeps_a_node_from_meeting_until_it_is_set_and_breaks_nothing(double years)
    {
        var (_, alice, bob) = (_world.AddNode("first"), _world.AddNode("alice"), _world.AddNode("bob"));
        var error = TimeSpan.FromDays(365.25 * years);
        await bob.AddContactAsync(await alice.CreateInviteAsync([LeftAddress]));
        _world.StepClock(bob, error);
        _world.RunFor(TimeSpan.FromMinutes(3));
        bob.Contacts.Single().Status.ShouldBe(ContactStatus.Waiting);
        _world.StepClock(bob, -error);
        _world.RunUntil(() => bob.Contacts.Single().Status == ContactStatus.Met, TimeSpan.FromMinutes(5));
        _world.Marks.Hits["meeting.clock.set"].ShouldBe(2);
    }

    [Fact]
    public void A_bootstrap_node_that_comes_back_to_full_tables_is_left_in_peace()
    {
        var world = new SimulatedWorld(seed: 4, new WorldOptions { UseDht = true, LinkEveryone = false, DhtBucket = 2 });
        var nodes = Enumerable.Range(0, 16).Select(i => world.AddNode($"node {i}")).ToList();
        world.RunFor(TimeSpan.FromMinutes(10));
        world.Crash(nodes[0], losePower: true);
        world.RunFor(TimeSpan.FromMinutes(40));
        world.Restart(nodes[0]);
        world.RunFor(TimeSpan.FromMinutes(20));
        var before = world.BytesSent;
        world.RunFor(TimeSpan.FromMinutes(30));
        (world.BytesSent - before).ShouldBeLessThan(16 * 30 * 2_000);
    }

    /// <summary>Three of a group, all by one invite each of Alice's, and a fourth node that was there first.</summary>
    private async Task<(SimulatedNode Alice, SimulatedNode Bob, SimulatedNode Carol, IConversation Team)> TeamAsync()
    {
        var nodes = Enumerable.Range(0, 4).Select(i => _world.AddNode($"node {i}")).ToList();
        var (alice, bob, carol) = (nodes[1], nodes[2], nodes[3]);
        await MeetAsync(alice, bob);
        await MeetAsync(alice, carol);
        var team = await alice.CreateGroupAsync("team", [bob.Self.Id, carol.Self.Id]);
        await team.SendAsync("hello");
        _world.RunUntil(() => bob.FindConversation(team.Id) is { } there && there.ReadPage(10).Count == 1
            && carol.FindConversation(team.Id) is { } too && too.ReadPage(10).Count == 1, TimeSpan.FromMinutes(5));
        return (alice, bob, carol, team);
    }

    private async Task MeetAsync(SimulatedNode host, SimulatedNode guest)
    {
        await guest.AddContactAsync(await host.CreateInviteAsync([LeftAddress]));
        _world.RunUntil(() => host.Contacts.Any(contact => contact.Id == guest.Self.Id), TimeSpan.FromMinutes(5));
    }
}
