using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Engine;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>A node's part in the DHT, as its owner sees it.</summary>
public sealed class NodeCoreDhtTests
{
    private static readonly NodeCoreOptions s_dht = new() { Dht = new DhtOptions() };

    private readonly LoopbackWorld _world = new();

    [Fact]
    public void Who_is_not_part_of_it_cannot_ask_it() =>
        _world.Add("alice").Refusal(new NodeCommand.UseDht(new DhtOperation.Stats()))
            .ShouldBe("This node is not part of the DHT: start it without --no-dht and with an address to listen on.");

    [Fact]
    public void Each_question_of_the_owners_is_answered_for_itself()
    {
        var (alice, bob) = Joined();
        Ask(alice, new DhtOperation.Ping(bob.Endpoint)).ShouldBeOfType<DhtResult.Pinged>().Contact.ShouldNotBeNull().Endpoint.ShouldBe(bob.Endpoint);
        Ask(alice, new DhtOperation.Stats()).ShouldBeOfType<DhtResult.Statistics>();
        Ask(alice, new DhtOperation.FindNode(bob.Secrets.Node.Value)).ShouldBeOfType<DhtResult.FoundNodes>();
    }

    [Fact]
    public void Contacts_outlive_a_restart()
    {
        var (alice, bob) = Joined();
        _world.Pass(TimeSpan.FromMinutes(6));
        alice.Restart();
        _world.Pass(TimeSpan.FromSeconds(5));
        Known(alice).ShouldBe([bob.Secrets.Node.Value]);
    }

    [Fact]
    public void What_it_does_is_counted()
    {
        var alice = _world.Add("alice", s_dht);
        alice.Input(new NodeInput.BootstrapResolved([Endpoint.FromIPv4(0x1500_0001, 4000)]));
        _world.Pass(TimeSpan.FromMinutes(1));
        alice.Counts.GetValueOrDefault(DhtInstruments.BootstrapSilent).ShouldBeGreaterThan(0);
    }

    private (LoopbackNode Alice, LoopbackNode Bob) Joined()
    {
        var (alice, bob) = (_world.Add("alice", s_dht), _world.Add("bob", s_dht));
        alice.Input(new NodeInput.BootstrapResolved([bob.Endpoint]));
        _world.Pass(TimeSpan.FromSeconds(5));
        Known(alice).ShouldBe([bob.Secrets.Node.Value]);
        return (alice, bob);
    }

    private static IEnumerable<Bytes32> Known(LoopbackNode node) =>
        Ask(node, new DhtOperation.FindNode(node.Secrets.Node.Value)).ShouldBeOfType<DhtResult.FoundNodes>().Nearest.Select(contact => contact.NodeKey);

    private static DhtResult Ask(LoopbackNode node, DhtOperation operation) =>
        node.Do(new NodeCommand.UseDht(operation)).ShouldBeOfType<NodeResult.OfDht>().Result;
}
