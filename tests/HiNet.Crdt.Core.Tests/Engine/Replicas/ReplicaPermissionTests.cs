using Google.Protobuf;
using HiNet.Crdt.Core.Authority;
using HiNet.Crdt.Core.Encryption;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;
using EntryHeader = HiNet.Crdt.Core.Log.EntryHeader;

namespace HiNet.Crdt.Core.Tests.Engine.Replicas;

/// <summary>An entry is applied if its author might write it as its own past says, and else refused.</summary>
public sealed class ReplicaPermissionTests
{
    private readonly ReplicaDevice _alice = new("alice");
    private readonly ReplicaDevice _bob = new("bob");
    private readonly ReplicaDevice _carol = new("carol");
    private readonly ReplicaDevice _stranger = new("stranger");

    public ReplicaPermissionTests() => ReplicaDevice.Group(_alice, _bob, _carol);

    [Fact]
    public void A_member_introduces_devices_of_members_with_cards_that_hold()
    {
        IsApplied(_bob, EntryKind.Introduce, Introduce(Card(_bob, 1))).ShouldBeTrue("their own");
        IsApplied(_bob, EntryKind.Introduce, Introduce(Card(_carol, 1))).ShouldBeTrue("somebody else's");
        IsApplied(_bob, EntryKind.Introduce, Introduce(Card(_bob, 2), _stranger.Card)).ShouldBeFalse("one of them is a stranger's");
        IsApplied(_bob, EntryKind.Introduce, Introduce(Card(_bob, 2, signedBy: _carol))).ShouldBeFalse("another device signed it");
        IsApplied(_bob, EntryKind.Introduce, Introduce(Claimed())).ShouldBeFalse("Carol's device is not Bob's");
    }

    [Fact]
    public void An_introduction_says_something_new()
    {
        IsApplied(_bob, EntryKind.Introduce, Introduce(_bob.Card)).ShouldBeFalse("it is known");
        IsApplied(_bob, EntryKind.Introduce, Introduce(_bob.Card, Card(_bob, 2))).ShouldBeTrue("half of it is not");
        _alice.Receive(_bob.Control(EntryKind.Introduce, Introduce(Card(_bob, 2))));
        IsApplied(_bob, EntryKind.Introduce, Introduce(Card(_bob, 1))).ShouldBeFalse("a newer key is known");
        IsApplied(_bob, EntryKind.Introduce, Introduce()).ShouldBeFalse("it says nothing");
    }

    [Fact]
    public void A_person_introduces_devices_up_to_a_bound_and_renews_the_keys_of_all()
    {
        for (var count = 1; count < AuthorityState.AuthorizedDevicesOfOnePerson; count++)
        {
            IsApplied(_bob, EntryKind.Introduce, Introduce(Another(_bob, count))).ShouldBeTrue($"they had {count}");
            _alice.Receive(_bob.Control(EntryKind.Introduce, Introduce(Another(_bob, count))));
        }

        IsApplied(_bob, EntryKind.Introduce, Introduce(Another(_bob, 64))).ShouldBeFalse("they have 64");
        IsApplied(_bob, EntryKind.Introduce, Introduce(Card(_bob, 1))).ShouldBeTrue("one of the 64 has another key");
        IsApplied(_carol, EntryKind.Introduce, Introduce(Another(_carol, 1_000))).ShouldBeTrue("she has one");
    }

    [Fact]
    public void A_device_beyond_the_bound_counts_for_nothing()
    {
        // In two entries beside each other, of which neither knows of the other's.
        var other = _carol.Copied();
        _alice.Control(EntryKind.Introduce, Introduce([.. Enumerable.Range(1, 63).Select(number => Another(_bob, number))]));
        _alice.Receive(other.Control(EntryKind.Introduce, Introduce([Another(_bob, 64)])));
        var state = _alice.Replica.Authority;
        state.DevicesOf(_bob.Identity).ShouldBe(64);
        state.AuthorizedDevices.Count(device => device.Identity == _bob.Identity).ShouldBe(64);
        var without = Enumerable.Range(1, 64).Select(number => TestKeys.Device($"{number}")).Where(device => !state.IsAuthorized(device)).ShouldHaveSingleItem();
        state.MayWrite(without).ShouldBeFalse();
        state.TryGetDevice(without, out _).ShouldBeFalse();
        _alice.Replica.HasNoPlaceForThisDevice.ShouldBeFalse();
    }

    [Fact]
    public void A_reader_introduces_too_and_is_introduced()
    {
        StepDown(_bob, Role.Reader);
        IsApplied(_bob, EntryKind.Introduce, Introduce(Card(_bob, 1))).ShouldBeTrue();
        IsApplied(_carol, EntryKind.Introduce, Introduce(Card(_bob, 2))).ShouldBeTrue();
    }

    [Theory]
    [InlineData(Role.Reader, true)]
    [InlineData(Role.None, false)]
    public void Whoever_may_not_write_makes_no_epoch_and_whoever_left_nothing_at_all(Role role, bool isReader)
    {
        var (one, other) = (_carol.Copied().Say("one"), _carol.Copied().Say("other"));
        _alice.Receive([.. one, .. other]);
        EquivocationReportBody report = new() { Proof = ReplicaDevice.Bytes(Proof(one[^1], other[^1])) };
        StepDown(_bob, role);
        IsApplied(_bob, EntryKind.Epoch, _alice.Epoch(TestKeys.Named("secret"))).ShouldBeFalse();
        IsApplied(_bob, EntryKind.Message, new MessageBody()).ShouldBeFalse();
        IsApplied(_bob, EntryKind.Introduce, Introduce(Card(_carol, 1))).ShouldBe(isReader);
        IsApplied(_bob, EntryKind.Receipt, new ReceiptBody()).ShouldBe(isReader);
        IsApplied(_bob, EntryKind.EquivocationReport, report).ShouldBe(isReader);
    }

    [Fact]
    public void A_report_proves_a_fork_in_this_conversation()
    {
        var (one, other) = (_carol.Copied().Say("one")[^1], _carol.Copied().Say("other")[^1]);
        IsApplied(_bob, EntryKind.EquivocationReport, new EquivocationReportBody { Proof = ReplicaDevice.Bytes(Proof(one, other)) }).ShouldBeTrue();
        var forged = Equivocation.Parser.ParseFrom(Proof(one, other));
        forged.First.Signature = forged.Second.Signature;
        IsApplied(_bob, EntryKind.EquivocationReport, new EquivocationReportBody { Proof = ReplicaDevice.Bytes(forged.ToByteArray()) }).ShouldBeFalse();

        ReplicaDevice.Group(_stranger, _carol);
        var elsewhere = Proof(_carol.Copied().Say("one")[^1], _carol.Copied().Say("other")[^1]);
        IsApplied(_bob, EntryKind.EquivocationReport, new EquivocationReportBody { Proof = ReplicaDevice.Bytes(elsewhere) }).ShouldBeFalse();
    }

    [Fact]
    public void Roles_of_others_only_rise_and_with_devices_that_are_theirs()
    {
        IsApplied(_alice, EntryKind.SetRole, SetRole(_bob, Role.Member)).ShouldBeFalse("Bob is one");
        IsApplied(_alice, EntryKind.SetRole, SetRole(_bob, Role.Reader)).ShouldBeFalse("he would fall");
        IsApplied(_alice, EntryKind.SetRole, SetRole(_bob, Role.Admin, Card(_bob, 1, signedBy: _carol))).ShouldBeFalse();
        IsApplied(_alice, EntryKind.SetRole, SetRole(_bob, Role.Admin, Claimed())).ShouldBeFalse();
        IsApplied(_alice, EntryKind.SetRole, SetRole(_bob, Role.Admin, Card(_bob, 1))).ShouldBeTrue();
        IsApplied(_alice, EntryKind.SetRole, SetRole(_stranger, Role.Member, _stranger.Card)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("its clock stands at zero", true)]
    [InlineData("the creator is no owner", false)]
    [InlineData("the writer's device is not there", false)]
    [InlineData("the writer is another member", false)]
    [InlineData("one card does not hold", false)]
    public void A_genesis_makes_its_writer_the_owner(string fault, bool isApplied)
    {
        var owner = new GenesisMember { Identity = ReplicaDevice.Bytes(_alice.Identity.ToArray()), Role = (uint)Role.Owner };
        var member = new GenesisMember { Identity = ReplicaDevice.Bytes(_bob.Identity.ToArray()), Role = (uint)Role.Member };
        owner.Cards.Add(ReplicaDevice.Bytes(_alice.Card.Encode()));
        member.Cards.Add(ReplicaDevice.Bytes((fault == "one card does not hold" ? Card(_bob, 0, signedBy: _carol) : _bob.Card).Encode()));
        if (fault == "the creator is no owner")
        {
            owner.Role = (uint)Role.Admin;
        }
        else if (fault == "the writer's device is not there")
        {
            owner.Cards.Clear();
        }

        var key = TestKeys.Named("control key").ToArray();
        var header = new EntryHeader
        {
            Device = fault == "the writer is another member" ? _bob.Device : _alice.Device,
            Hlc = fault == "its clock stands at zero" ? default : HybridTimestamp.FromMilliseconds(_alice.Wall),
            Authority = AuthorityHash.Of(TestKeys.Sodium, []),
            Kind = EntryKind.Genesis,
        };
        var body = BodyCipher.Seal(
            TestKeys.Sodium, key, EntryCodec.EncodePrefix(header), new GenesisBody { Name = "team", Members = { owner, member } }.ToByteArray());
        var genesis = Entry.CreateWithBody(TestKeys.Sodium, header, body);
        var dave = new ReplicaDevice("dave");
        dave.Create(
            new ConversationDescription(ConversationIds.Group(genesis.Id), 1, ConversationKind.Group, "team", default, IsVisible: true), key);
        dave.Offer(new SignedRun(header.Device, [genesis], new byte[64]));
        dave.Replica.Knows(genesis.Id).ShouldBe(isApplied, fault);
    }

    [Fact]
    public void Whoever_introduces_a_device_of_two_people_with_it_is_the_first_of_them()
    {
        var (bobs, carols) = (Shared("bob"), Shared("carol"));
        foreach (var cards in (DeviceCard[][])[[bobs, carols], [carols, bobs]])
        {
            var header = _alice.Forge(EntryKind.Merge, []).Header;
            EntryId[] past = [.. header.Parents, header.Previous!.Value];
            header = header with { Kind = EntryKind.Introduce, Device = bobs.Device, Seq = 0, Previous = null, Parents = [.. past.Order()] };
            var body = BodyCipher.Seal(
                TestKeys.Sodium, _alice.Replica.ControlKey, EntryCodec.EncodePrefix(header), Introduce(cards).ToByteArray());
            var entry = Entry.CreateWithBody(TestKeys.Sodium, header, body);
            var receiver = _alice.Copied();
            receiver.Offer(new SignedRun(header.Device, [entry], new byte[64]));
            receiver.Replica.Devices.Single(log => log.Device == header.Device).Identity.ShouldBe(cards[0].Identity);
        }

        static DeviceCard Shared(string person)
        {
            var (root, secretKey) = (new byte[32], new byte[64]);
            TestKeys.Sodium.Ed25519FromSeed(TestKeys.Named($"{person}'s identity").ToArray(), root, secretKey);
            var certificate = DeviceCertificate.Issue(
                TestKeys.Sodium, new IdentityId(root), TestKeys.Agreement($"{person}'s agreement").Public, secretKey, TestKeys.Device("shared"));
            return DeviceCard.Create(
                TestKeys.Sodium, certificate, TestKeys.Signing("shared").SecretKey, TestKeys.Agreement("leaf").Public, 0, person);
        }
    }

    /// <summary>Whether Alice applies what a device writes next.</summary>
    private bool IsApplied(ReplicaDevice by, uint kind, IMessage body)
    {
        by.Receive(_alice.Everything());
        var carrier = by.Replica.Authority.RoleOf(by.Identity) >= Role.Member ? by : _carol;
        carrier.Receive(_alice.Everything());
        var entry = carrier.Forge(kind, body, header => carrier == by ? header : Next(by, header));
        var receiver = _alice.Copied();
        receiver.Offer(by.Sign(entry));
        (receiver.Replica.Knows(entry.Id) ^ receiver.Replica.IsRefused(entry.Id)).ShouldBeTrue();
        return receiver.Replica.Knows(entry.Id);
    }

    /// <summary>The same past, and another device.</summary>
    private static EntryHeader Next(ReplicaDevice device, EntryHeader header)
    {
        device.Replica.TryGetDevice(device.Device, out var log).ShouldBeTrue();
        var (seq, head) = log!.Branches.Single();
        EntryId[] past = header.Previous is { } previous ? [.. header.Parents, previous] : [.. header.Parents];
        return header with { Device = device.Device, Seq = seq + 1, Previous = head, Parents = [.. past.Where(id => id != head).Order()] };
    }

    private void StepDown(ReplicaDevice who, Role role)
    {
        _alice.Receive(who.Control(
            EntryKind.SetRole, new SetRoleBody { Identity = ReplicaDevice.Bytes(who.Identity.ToArray()), Role = (uint)role }));
        _carol.Receive(_alice.Everything());
    }

    private static IntroduceBody Introduce(params DeviceCard[] cards) => new() { Cards = { cards.Select(card => ReplicaDevice.Bytes(card.Encode())) } };

    private static SetRoleBody SetRole(ReplicaDevice who, Role role, params DeviceCard[] cards) => new()
    {
        Identity = ReplicaDevice.Bytes(who.Identity.ToArray()),
        Role = (uint)role,
        Cards = { cards.Select(card => ReplicaDevice.Bytes(card.Encode())) },
    };

    private static DeviceCard Card(ReplicaDevice device, uint leafIndex, ReplicaDevice? signedBy = null) => DeviceCard.Create(
        TestKeys.Sodium, device.Card.Certificate, (signedBy ?? device).Secrets.DeviceSecretKey.Span,
        TestKeys.Agreement($"leaf {leafIndex}").Public, leafIndex, device.Secrets.Name);

    private static DeviceCard Another(ReplicaDevice person, int number) =>
        TestKeys.AnotherCard(person.Secrets, number.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Bob's identity says of Carol's device that it is his, and her device says so too.</summary>
    private DeviceCard Claimed()
    {
        var (root, secretKey) = (new byte[32], new byte[64]);
        TestKeys.Sodium.Ed25519FromSeed(TestKeys.Named("bob's identity").ToArray(), root, secretKey);
        var certificate = DeviceCertificate.Issue(
            TestKeys.Sodium, new IdentityId(root), TestKeys.Agreement("bob's agreement").Public, secretKey, _carol.Device);
        certificate.Identity.ShouldBe(_bob.Identity);
        return DeviceCard.Create(
            TestKeys.Sodium, certificate, _carol.Secrets.DeviceSecretKey.Span, _carol.Card.LeafKey, 0, "bob");
    }

    private static byte[] Proof(SignedRun one, SignedRun other)
    {
        EquivocationProof.TryCreate(
            TestKeys.Sodium, new SignedPath([one.Last.HeaderBytes], one.Signature), new SignedPath([other.Last.HeaderBytes], other.Signature), out var proof)
            .ShouldBeTrue();
        return proof!.Encode();
    }
}
