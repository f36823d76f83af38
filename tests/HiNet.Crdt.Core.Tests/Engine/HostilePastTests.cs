using Google.Protobuf;
using HiNet.Crdt.Core.Encryption;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Engine.Replicas;
using HiNet.Crdt.Core.Tests.Support;
using EntryHeader = HiNet.Crdt.Core.Log.EntryHeader;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>What others have written brings no node to a stop, whatever it would write itself.</summary>
public sealed class HostilePastTests
{
    [Theory]
    [InlineData(62)]
    [InlineData(63)]
    public void A_contact_who_has_filled_their_places_is_answered(int others)
    {
        // None of the devices is the one in the card that Alice has of them.
        var (alice, mallory) = Direct();
        IReadOnlyList<DeviceCard> cards = [alice.Card, Another(mallory, 999)];
        alice.Replica.FounderCards = cards;
        alice.Receive(mallory.Control(EntryKind.Introduce, Introduce([mallory.Card, .. Enumerable.Range(0, others).Select(i => Another(mallory, i))])));
        alice.Receive(mallory.Say("hello"));
        alice.Restart();
        alice.Replica.FounderCards = cards;
        alice.Replica.Compared(alice.Now);
        alice.Replica.ReceiptDeadline.ShouldNotBe(Instant.Never);
        alice.Replica.SendReceipt(alice.Now);
        alice.Say("hi").ShouldNotBeEmpty();
        alice.Replica.Authority.IsAuthorized(alice.Device).ShouldBeTrue();
    }

    [Theory]
    [InlineData(15)]
    [InlineData(17)]
    public void A_device_that_nobody_has_introduced_acknowledges_among_many_heads(int heads)
    {
        var (alice, mallory) = Direct();
        alice.Replica.FounderCards = [alice.Card, mallory.Card];
        alice.Receive(mallory.Control(EntryKind.Introduce, Introduce(mallory.Card)));
        alice.Receive(mallory.Say("hello"));
        for (var i = 0; i < heads; i++)
        {
            var at = i;
            alice.Receive(mallory.Sign(mallory.Forge(
                EntryKind.Merge, [], header => header with { Hlc = HybridTimestamp.FromMilliseconds(mallory.Wall + 1_000 + at) })));
        }

        alice.Replica.Compared(alice.Now);
        alice.Replica.SendReceipt(alice.Now);
        alice.Settle().SelectMany(run => run.Entries).Count(entry => entry.Header.Kind == EntryKind.Receipt).ShouldBe(1);
    }

    [Fact]
    public void What_came_under_two_signatures_and_is_too_long_for_a_message_goes_out_without_some_bodies()
    {
        var scene = new HostileScene();
        var (mallory, alice) = (scene.Mallory, scene.Alice);
        scene.World.Unlink(alice, scene.Bob);

        // To the beginning of a period.
        var lead = new List<Entry>();
        while (mallory.Head is { } head && mallory.HeaderOf(head).Seq % SegmentRule.Period != 0)
        {
            lead.Add(mallory.Say("lead"));
        }

        if (lead.Count > 0)
        {
            mallory.Give(alice, mallory.Sign([.. lead]));
        }

        var big = new byte[BodyCipher.MaxPlaintextBytes];
        var first = new List<Entry>();
        for (var i = 0; i < 38; i++)
        {
            first.Add(mallory.Write(mallory.Draft(77), big));
        }

        var control = mallory.Write(mallory.Draft(78) with { Epoch = null }, big);
        mallory.Give(alice, mallory.Sign([.. first, control.WithBody(null)]));
        var second = new List<Entry> { control };
        second.Add(mallory.Write(mallory.Draft(77) with { Authority = TestKeys.Named("wrong") }, big));
        while (first.Count + second.Count < 64)
        {
            second.Add(mallory.Write(mallory.Draft(77), big));
        }

        mallory.Give(alice, mallory.Sign([.. second]));
        scene.World.Link(alice, scene.Bob);
        scene.World.Pass(TimeSpan.FromSeconds(30));
        alice.Hits("log.tail.kept").ShouldBeGreaterThan(0);
        alice.Send(scene.Group, "still here");
        scene.World.Pass(TimeSpan.FromSeconds(60));
        scene.Bob.Texts(scene.Group).ShouldContain("still here");
        LoopbackScenes.ShouldBeEqual(scene.Group, alice, scene.Bob);
    }

    [Theory]
    [InlineData(62)]
    [InlineData(64)]
    public void A_contact_with_as_many_devices_as_count_is_written_to(int devices)
    {
        var world = new LoopbackWorld();
        var (alice, mallory) = world.Contacts("alice", "mallory");
        world.Pass(TimeSpan.FromSeconds(2));
        var direct = alice.Direct(mallory);
        world.Pass(TimeSpan.FromSeconds(2));
        world.Unlink(alice, mallory);
        world.Nodes.Remove(mallory);
        mallory.Store.TryGet(ColumnFamily.Secrets, StoreKeys.ControlKey(mallory.Reader.Describe(direct)!.Number), out var sealedKey).ShouldBeTrue();
        SecretSealer.TryOpen(LoopbackNode.Cryptography, mallory.Secrets.StorageKey.Span, direct.ToArray(), sealedKey!, out var key).ShouldBeTrue();
        var cards = Enumerable.Range(0, devices).Select(i => TestKeys.AnotherCard(mallory.Secrets, $"device {i}")).ToList();
        var header = new EntryHeader
        {
            Conversation = direct,
            Device = cards[0].Device,
            Hlc = HybridTimestamp.FromMilliseconds(world.Wall),
            Authority = AuthorityHash.Of(TestKeys.Sodium, []),
            Kind = EntryKind.Introduce,
        };
        var body = BodyCipher.Seal(TestKeys.Sodium, key!, EntryCodec.EncodePrefix(header), Introduce([.. cards]).ToByteArray());
        var entry = Entry.CreateWithBody(TestKeys.Sodium, header, body);
        var signature = EntrySignature.Sign(TestKeys.Sodium, TestKeys.Signing("device 0").SecretKey, entry.Id);
        var peer = new HostilePeer(world, mallory.Secrets, alice, direct, key!).Link();
        peer.Send(new SignedRun(header.Device, [entry], signature));
        world.Pass(TimeSpan.FromSeconds(2));
        alice.Send(direct, "hi");
    }

    [Fact]
    public void A_contact_whose_device_is_another_members_is_not_added()
    {
        var world = new LoopbackWorld();
        var (alice, m1) = world.Contacts("alice", "m1");
        world.Pass(TimeSpan.FromSeconds(2));
        var group = alice.Group("team", m1);
        world.Pass(TimeSpan.FromSeconds(2));
        var (root, secretKey) = (new byte[32], new byte[64]);
        TestKeys.Sodium.Ed25519FromSeed(TestKeys.Named("m2").ToArray(), root, secretKey);
        var certificate = DeviceCertificate.Issue(TestKeys.Sodium, new IdentityId(root), TestKeys.Agreement("m2").Public, secretKey, m1.Secrets.Device);
        var card = DeviceCard.Create(TestKeys.Sodium, certificate, m1.Secrets.DeviceSecretKey.Span, TestKeys.Agreement("leaf").Public, 0, "m2");
        var invite = Invite.Create(TestKeys.Sodium, card, world.Wall + 3_600_000, []);
        alice.Do(new NodeCommand.AddContact(invite.ToString(), null)).ShouldBeOfType<NodeResult.Added>();
        alice.Do(new NodeCommand.AddMember(group, new IdentityId(root))).ShouldBeOfType<NodeResult.Refused>().Problem.ShouldContain("another member's");
        alice.Send(group, "and on");
    }

    private static (ReplicaDevice Alice, ReplicaDevice Mallory) Direct()
    {
        var (alice, mallory) = (new ReplicaDevice("alice"), new ReplicaDevice("mallory"));
        var id = new ConversationId(TestKeys.Named("direct"));
        var key = TestKeys.Named("control key").ToArray();
        alice.Create(new ConversationDescription(id, 1, ConversationKind.Direct, string.Empty, mallory.Identity, IsVisible: true), key);
        mallory.Create(new ConversationDescription(id, 1, ConversationKind.Direct, string.Empty, alice.Identity, IsVisible: true), key);
        alice.Replica.PutDescription();
        mallory.Replica.PutDescription();
        return (alice, mallory);
    }

    private static DeviceCard Another(ReplicaDevice person, int number) =>
        TestKeys.AnotherCard(person.Secrets, number.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private static IntroduceBody Introduce(params DeviceCard[] cards) => new() { Cards = { cards.Select(card => ReplicaDevice.Bytes(card.Encode())) } };
}
