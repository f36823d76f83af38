using HiNet.Crdt.Integration.Tests.Support;
using HiNet.Crdt.Storage.RocksDb;
using HiNet.Crdt.Storage.RocksDb.Tests;

namespace HiNet.Crdt.Integration.Tests;

/// <summary>Nodes that know nobody's address find each other: through the DHT on loopback, and on a LAN between two network namespaces.</summary>
public sealed class MeetingTests : IDisposable
{
    /// <summary>Nobody is there: an invite with it leads nowhere by itself.</summary>
    private const string DeadAddress = "127.0.0.1:1";

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task People_who_know_one_bootstrap_node_meet_and_find_each_other_again_on_new_ports_when_it_is_gone()
    {
        await using var others = new NodeGroup();
        var bootstrap = await StartAsync("bootstrap");
        var address = bootstrap.ListenAddress!;
        for (var i = 0; i < 4; i++)
        {
            others.Add(await StartAsync($"other-{i}", address));
        }

        string[] names = ["alice", "bob", "carol"];
        var people = await Task.WhenAll(names.Select(name => StartAsync(name, address)));
        try
        {
            await InviteAsync(people[0], people[1]);
            await InviteAsync(people[0], people[2]);
            var team = await people[0].CreateGroupAsync("team", [people[1].Self.Id, people[2].Self.Id]);
            await team.SendAsync("found you");
            IConversation[] replicas = [team, .. await Task.WhenAll(people.Skip(1).Select(person => Nodes.JoinAsync(person, team.Id)))];
            await Until.TrueAsync(() => replicas.All(replica => replica.ReadAll().Any(message => message.Text == "found you")), "the group has the message");

            // The bootstrap goes, and then everyone's address.
            await bootstrap.DisposeAsync();
            var ports = people.Select(person => person.ListenAddress).ToList();
            await Task.WhenAll(people.Select(person => person.DisposeAsync().AsTask()));
            people = await Task.WhenAll(names.Select(name => StartAsync(name)));
            people.Select(person => person.ListenAddress).ShouldAllBe(port => !ports.Contains(port));
            replicas = await Task.WhenAll(people.Select(person => FindAsync(person, team.Id)));
            foreach (var replica in replicas)
            {
                await replica.SendAsync("and again");
            }

            await Until.TrueAsync(() => replicas.All(replica => replica.ReadAll().Count(message => message.Text == "and again") == 3), "all three hear each other");
            await Nodes.ConvergeAsync(replicas);
        }
        finally
        {
            await Task.WhenAll(people.Select(person => person.DisposeAsync().AsTask()));
            await bootstrap.DisposeAsync();
        }
    }

    [LanFact]
    public async Task Two_nodes_on_one_LAN_meet_by_invite_with_no_bootstrap_and_no_address()
    {
        using var lan = Lan.Create();
        var alice = lan.StartNode(lan.Left, _directory.Combine("alice"), "alice");
        var bob = lan.StartNode(lan.Right, _directory.Combine("bob"), "bob");
        var invite = await alice.LineAsync(line => line.StartsWith("invite ", StringComparison.Ordinal), "an invite");
        await bob.LineAsync(line => line.StartsWith("invite ", StringComparison.Ordinal), "the other is up");
        bob.Say(invite["invite ".Length..]);
        await alice.LineAsync(line => line == "heard hello from bob", "the guest's message");
        await bob.LineAsync(line => line == "heard hello from alice", "the host's message");
        alice.Finish().ShouldBe(0);
        bob.Finish().ShouldBe(0);
    }

    private static async Task InviteAsync(HiNetNode host, HiNetNode guest)
    {
        await guest.AddContactAsync(await host.CreateInviteAsync([DeadAddress]));
        await Until.TrueAsync(() => host.Contacts.Any(contact => contact.Id == guest.Self.Id), "the host knows its guest");
    }

    private static async Task<IConversation> FindAsync(HiNetNode node, ConversationId conversation)
    {
        await Until.TrueAsync(() => node.FindConversation(conversation) is not null, "the conversation is there");
        return node.FindConversation(conversation)!;
    }

    private Task<HiNetNode> StartAsync(string name, params string[] bootstrap) => HiNetNode.StartAsync(new HiNetOptions
    {
        Store = RocksDbStore.At(_directory.Combine(name)),
        Name = name,
        Listen = "127.0.0.1:0",
        Bootstrap = bootstrap,
    });
}
