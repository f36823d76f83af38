using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Dht.Records;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>Nodes that can be found through a DHT, with a relay that is always in it.</summary>
public abstract class MeetingScene
{
    private protected static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    private protected MeetingScene() => Relay = World.Add("relay", new NodeCoreOptions { Dht = new DhtOptions() });

    private protected LoopbackWorld World { get; } = new();

    private protected LoopbackNode Relay { get; }

    private protected LoopbackNode Add(string name) => World.Add(name, new NodeCoreOptions { Dht = new DhtOptions(), AdvertisedAddresses = [$"{name}:1"] });

    /// <summary>Each holds an invite of the other's, which says nothing of where they are.</summary>
    private protected static void Introduce(LoopbackNode one, LoopbackNode other)
    {
        foreach (var (issuer, accepter) in new[] { (one, other), (other, one) })
        {
            var invite = issuer.Do(new NodeCommand.CreateInvite(["nowhere:1"])).ShouldBeOfType<NodeResult.Invited>().Invite;
            accepter.Do(new NodeCommand.AddContact(invite, null)).ShouldBeOfType<NodeResult.Added>();
        }
    }

    private protected void Join(LoopbackNode node)
    {
        node.Input(new NodeInput.BootstrapResolved([Relay.Endpoint]));
        World.Pass(Soon);
    }

    /// <summary>Says in the DHT that someone is at an address, under a secret.</summary>
    private protected void Publish(RendezvousSecret secret, LoopbackNode who, string address, LoopbackNode? node = null) =>
        Publish(secret, who.Secrets, (node ?? who).Secrets.Node, address);

    private protected void Publish(RendezvousSecret secret, HomeSecrets who, NodeId node, string address)
    {
        var period = new RecordSchedule(LoopbackNode.Cryptography, secret).PeriodAt(World.Wall);
        var keys = RendezvousKeys.Derive(LoopbackNode.Cryptography, secret, period);
        var contact = DeviceContact.Create(who.Certificate, node, [address]);
        Put(RecordWriter.Write(LoopbackNode.Cryptography, keys, who.DeviceSecretKey.Span, contact, World.Wall));
    }

    /// <summary>The home of another device of a person's.</summary>
    private protected HomeSecrets OtherDevice(LoopbackNode node)
    {
        var drawn = new CountedSecrets((ulong)World.Nodes.IndexOf(node) << 32);
        var (identity, agreement) = (new byte[32], new byte[32]);
        drawn.FillSecret(identity);
        drawn.FillSecret(agreement);
        var home = HomeSecrets.Create(new CountedSecrets(7_777), node.Name, identity, agreement);
        home.Identity.ShouldBe(node.Identity);
        home.Device.ShouldNotBe(node.Secrets.Device);
        return home;
    }

    private protected void Put(DhtSlot slot) =>
        Relay.Do(new NodeCommand.UseDht(new DhtOperation.Put(slot))).ShouldBeOfType<NodeResult.OfDht>().Result.ShouldBeOfType<DhtResult.PutSlot>();

    /// <summary>The secret of the only epoch that a node has in a group.</summary>
    private protected Bytes32 Epoch(LoopbackNode node, ConversationId group) => new(new HostileMember(World, node, group).EpochSecret);
}
