using Google.Protobuf;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>Devices cost nothing: whoever has thousands keeps nobody from writing.</summary>
public sealed class HostileDeviceTests
{
    private const int CardsAnEntry = 63;

    private readonly HostileScene _scene = new();

    private HostileMember Mallory => _scene.Mallory;

    [Fact]
    public void However_many_devices_someone_introduces_at_once_others_go_on_writing()
    {
        // Each entry knows of none of the others, so that each may bring some.
        var head = Mallory.Head;
        for (var entry = 0; entry < 40; entry++)
        {
            Mallory.Head = head;
            Mallory.Give(_scene.Alice, Mallory.Sign(Mallory.Write(Mallory.Draft(EntryKind.Introduce), Introduction(entry))));
        }

        _scene.ShouldGoOn();
        Replica.Authority.DevicesOf(Mallory.Secrets.Identity).ShouldBe(64, "however many were introduced beside each other");
        _scene.Alice.Reader.Find(_scene.Group, _scene.Alice.Send(_scene.Group, "once more"))!.Text.ShouldBe("once more");
        _scene.Alice.Restart();
        _scene.Alice.Reader.Find(_scene.Group, _scene.Alice.Send(_scene.Group, "and again"))!.Text.ShouldBe("and again");
    }

    [Fact]
    public void What_a_device_that_found_no_place_has_written_is_shown_as_its_persons()
    {
        var head = Mallory.Head;
        for (var entry = 0; entry < 3; entry++)
        {
            Mallory.Head = head;
            Mallory.Give(_scene.Alice, Mallory.Sign(Mallory.Write(Mallory.Draft(EntryKind.Introduce), Introduction(entry))));
        }

        _scene.ShouldGoOn();
        var view = Replica;
        var lost = Enumerable.Range(0, 3).SelectMany(entry => Enumerable.Range(0, CardsAnEntry).Select(card => TestKeys.AnotherCard(Mallory.Secrets, $"device {entry}.{card}").Device))
            .First(device => !view.Authority.TryGetDevice(device, out _));
        _scene.Alice.Store.TryGet(ColumnFamily.Conversations, StoreKeys.Owner(view.Number, lost), out var owner).ShouldBeTrue();
        new IdentityId(owner!).ShouldBe(Mallory.Secrets.Identity);
    }

    [Fact]
    public void A_deletion_of_many_messages_asks_for_no_state_of_their_pasts()
    {
        // A leaf key is renewed before each message, so that each has another past.
        List<EntryId> said = [];
        for (var i = 0; i < 200; i++)
        {
            var card = DeviceCard.Create(
                TestKeys.Sodium, Mallory.Secrets.Certificate, Mallory.Secrets.DeviceSecretKey.Span, TestKeys.Agreement("leaf").Public, (uint)(i + 10), "M");
            Give(EntryKind.Introduce, new IntroduceBody { Cards = { ByteString.CopyFrom(card.Encode()) } });
            said.Add(Give(EntryKind.Message, new MessageBody { Text = "x" }));
        }

        var before = _scene.Alice.Core.Cost[CostKind.Authority];
        Give(EntryKind.Delete, new DeleteBody { Targets = { said.Select(id => ByteString.CopyFrom(id.ToArray())) } });
        (_scene.Alice.Core.Cost[CostKind.Authority] - before).ShouldBeLessThan(2_000);
        _scene.Alice.Texts(_scene.Group).ShouldNotContain("x");
    }

    private EntryId Give(uint kind, IMessage body)
    {
        var entry = Mallory.Write(Mallory.Draft(kind), body);
        Mallory.Give(_scene.Alice, Mallory.Sign(entry));
        return entry.Id;
    }

    private HiNet.Crdt.Core.Engine.Replicas.Replica Replica =>
        ((HiNet.Crdt.Core.Engine.Sessions.ISessionHost)_scene.Alice.Core).Replicas.Single(replica => replica.Id == _scene.Group);

    private IntroduceBody Introduction(int entry) => new()
    {
        Cards = { Enumerable.Range(0, CardsAnEntry).Select(card => ByteString.CopyFrom(TestKeys.AnotherCard(Mallory.Secrets, $"device {entry}.{card}").Encode())) },
    };
}
