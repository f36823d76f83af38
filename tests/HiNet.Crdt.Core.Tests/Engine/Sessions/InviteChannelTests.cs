using Google.Protobuf;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine.Sessions;

/// <summary>First contact with somebody who does not keep to the rules: nobody becomes a contact who has not signed for it.</summary>
public sealed class InviteChannelTests
{
    private readonly LoopbackWorld _world = new();
    private readonly LoopbackNode _alice;
    private readonly LoopbackNode _mallory;

    public InviteChannelTests()
    {
        (_alice, _mallory) = (_world.Add("alice"), _world.Add("mallory"));
        _world.Nodes.Remove(_mallory);
    }

    [Fact]
    public void Whoever_introduces_themselves_is_answered_with_a_card_eight_addresses_and_a_signature_for_this_link()
    {
        string[] addresses = [.. Enumerable.Range(0, 9).Select(i => $"alice:{i}")];
        _alice.Options = new NodeCoreOptions { AdvertisedAddresses = addresses };
        _alice.Restart();
        var guest = Knock();
        guest.Received.ShouldBeEmpty();
        guest.Send(HostileGuest.IntroductionType, guest.Introduce(_mallory.Secrets));
        var (type, answer) = guest.Received.ShouldHaveSingleItem();
        type.ShouldBe(HostileGuest.IntroductionType);
        answer.Card.ToByteArray().ShouldBe(_alice.Secrets.Card(LoopbackNode.Cryptography).Encode());
        answer.Addresses.ShouldBe(addresses.Take(8));
        guest.IsSigned(answer, type).ShouldBeTrue();
        ShouldBeContacts("mallory");
    }

    [Fact]
    public void The_answer_comes_when_the_contact_is_durable()
    {
        var guest = Knock();
        _alice.HoldWrites = true;
        guest.Send(HostileGuest.IntroductionType, guest.Introduce(_mallory.Secrets));
        guest.Received.ShouldBeEmpty();
        _alice.HoldWrites = false;
        _alice.ReleaseWrite();
        _world.Run();
        guest.Received.ShouldHaveSingleItem();
    }

    [Fact]
    public void The_first_eight_addresses_that_are_some_are_dialled_when_the_link_has_gone()
    {
        var guest = Knock();
        var introduction = guest.Introduce(_mallory.Secrets);
        introduction.Addresses.AddRange(["no address", "", .. Enumerable.Range(0, 9).Select(i => $"mallory:{i}")]);
        guest.Send(HostileGuest.IntroductionType, introduction);
        _world.Pass(TimeSpan.FromSeconds(5));
        _alice.Dialled.ShouldBeEmpty("she is linked to Mallory");
        guest.Unlink();
        _world.Pass(TimeSpan.FromSeconds(5));
        _alice.Dialled.Distinct().Order().ShouldBe(Enumerable.Range(0, 8).Select(i => $"mallory:{i}"));
    }

    [Fact]
    public void A_link_tells_whose_it_is_once_they_have_introduced_themselves()
    {
        var guest = Knock();
        Links().ShouldHaveSingleItem().Identity.ShouldBeNull();
        guest.Send(HostileGuest.IntroductionType, guest.Introduce(_mallory.Secrets));
        Links().ShouldHaveSingleItem().Identity.ShouldBe(_mallory.Identity);
    }

    [Fact]
    public void An_invites_channel_without_its_secret_costs_the_channel()
    {
        var guest = new HostileGuest(_world, _alice, _alice.Invite(), knocks: true) { Secret = new byte[32] }.Link();
        ShouldCostTheChannel(guest, "bad-invite-proof");
    }

    [Theory]
    [InlineData("garbage", "malformed-message")]
    [InlineData("no card", "bad-card")]
    [InlineData("a card with a flipped bit", "bad-card")]
    [InlineData("a signature with a flipped bit", "bad-signature")]
    [InlineData("a short signature", "bad-signature")]
    [InlineData("a long signature", "bad-signature")]
    [InlineData("a refusal's signature", "bad-signature")]
    [InlineData("someone else's card", "bad-signature")]
    public void An_introduction_that_is_none_costs_the_channel(string forgery, string reason)
    {
        var guest = Knock();
        guest.Send(HostileGuest.IntroductionType, Forge(guest, forgery));
        guest.Received.ShouldBeEmpty();
        ShouldCostTheChannel(guest, reason);
        ShouldBeContacts();
    }

    [Theory]
    [InlineData(HostileGuest.RefusalType)]
    [InlineData(7)]
    public void Whoever_knocks_refuses_nothing(int type)
    {
        var guest = Knock();
        guest.Send(type, guest.Introduce(_mallory.Secrets, type));
        guest.IsShutOut.ShouldBeFalse();
        guest.Received.ShouldBeEmpty();
        ShouldBeContacts();
        guest.Send(HostileGuest.IntroductionType, guest.Introduce(_mallory.Secrets));
        guest.Received.ShouldHaveSingleItem();
        ShouldBeContacts("mallory");
        _alice.Events.OfType<PeerMisbehaved>().ShouldBeEmpty();
    }

    [Fact]
    public void Whoever_finds_no_place_is_told_so_under_another_signature_and_hears_of_no_addresses()
    {
        _alice.Options = new NodeCoreOptions { AdvertisedAddresses = ["alice:1"] };
        _alice.Restart();
        var invite = _alice.Invite();
        var first = new HostileGuest(_world, _alice, invite, knocks: true).Link();
        first.Send(HostileGuest.IntroductionType, first.Introduce(_mallory.Secrets));
        first.Unlink();
        var late = _world.Add("late");
        _world.Nodes.Remove(late);
        var second = new HostileGuest(_world, _alice, invite, knocks: true).Link();
        second.Send(HostileGuest.IntroductionType, second.Introduce(late.Secrets));
        var (type, refusal) = second.Received.ShouldHaveSingleItem();
        type.ShouldBe(HostileGuest.RefusalType);
        refusal.Addresses.ShouldBeEmpty();
        second.IsSigned(refusal, type).ShouldBeTrue();
        second.IsSigned(refusal, HostileGuest.IntroductionType).ShouldBeFalse();
        ShouldBeContacts("mallory");
    }

    [Fact]
    public void The_issuers_answer_ends_the_knock()
    {
        var issuer = KnockedAt();
        var (type, knock) = issuer.Received.ShouldHaveSingleItem();
        type.ShouldBe(HostileGuest.IntroductionType);
        issuer.IsSigned(knock, type).ShouldBeTrue();
        Status().ShouldBe(ContactStatus.Waiting);
        issuer.Send(HostileGuest.IntroductionType, issuer.Introduce(_mallory.Secrets));
        Status().ShouldBe(ContactStatus.Met);
        issuer.IsShutOut.ShouldBeTrue();
        issuer.Received.Count.ShouldBe(1);
        _alice.Events.OfType<PeerMisbehaved>().ShouldBeEmpty();
    }

    [Fact]
    public void The_issuers_refusal_ends_the_knock_until_the_person_takes_the_invite_again()
    {
        var invite = _mallory.Invite();
        Accept(invite);
        var issuer = new HostileGuest(_world, _alice, invite, knocks: false).Link();
        issuer.Knocks.ShouldBe(1);
        issuer.Send(HostileGuest.RefusalType, issuer.Introduce(_mallory.Secrets, HostileGuest.RefusalType));
        Status().ShouldBe(ContactStatus.InviteUsed);
        issuer.IsShutOut.ShouldBeTrue();
        _world.Run();
        issuer.Knocks.ShouldBe(1);

        Accept(invite);
        issuer.Knocks.ShouldBe(2);
        issuer.Received.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(HostileGuest.RefusalType, HostileGuest.IntroductionType)]
    [InlineData(HostileGuest.IntroductionType, HostileGuest.RefusalType)]
    public void An_answer_that_was_signed_as_another_costs_the_channel(int sent, int signed)
    {
        var issuer = KnockedAt();
        issuer.Send(sent, issuer.Introduce(_mallory.Secrets, signed));
        ShouldCostTheChannel(issuer, "bad-signature");
        Status().ShouldBe(ContactStatus.Waiting);
    }

    [Fact]
    public void An_unknown_message_is_no_answer()
    {
        var issuer = KnockedAt();
        issuer.Send(7, issuer.Introduce(_mallory.Secrets));
        Status().ShouldBe(ContactStatus.Waiting);
        issuer.IsShutOut.ShouldBeFalse();
        _alice.Events.OfType<PeerMisbehaved>().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(HostileGuest.IntroductionType)]
    [InlineData(HostileGuest.RefusalType)]
    public void Somebody_else_than_the_issuer_answers_nothing_and_has_done_nothing_wrong(int type)
    {
        var other = _world.Add("other");
        _world.Nodes.Remove(other);
        var issuer = KnockedAt();
        issuer.Send(type, issuer.Introduce(other.Secrets, type));
        issuer.IsShutOut.ShouldBeTrue();
        Status().ShouldBe(ContactStatus.Waiting);
        ShouldBeContacts("mallory");
        _alice.Events.OfType<PeerMisbehaved>().ShouldBeEmpty();
    }

    [Fact]
    public void One_knock_at_a_time_is_enough()
    {
        var invite = _mallory.Invite();
        Accept(invite);
        var issuer = new HostileGuest(_world, _alice, invite, knocks: false).Link();
        Accept(invite);
        issuer.Knocks.ShouldBe(1);
        issuer.Received.Count.ShouldBe(1);
    }

    [Fact]
    public void An_invite_that_was_forgotten_while_somebody_knocked_has_no_place_for_them()
    {
        _alice.Options = new NodeCoreOptions { Bounds = new EngineBounds { Invites = 1 } };
        _alice.Restart();
        var invite = _alice.Invite();
        _alice.Skew = (long)(Limits.InviteLifetime - TimeSpan.FromMinutes(1)).TotalMilliseconds;
        _alice.ReadClock();
        var guest = new HostileGuest(_world, _alice, invite, knocks: true).Link();
        _alice.Skew += 100_000;
        _alice.ReadClock();
        _alice.Invite();
        guest.Send(HostileGuest.IntroductionType, guest.Introduce(_mallory.Secrets));
        guest.Received.ShouldHaveSingleItem().Type.ShouldBe(HostileGuest.RefusalType);
        ShouldBeContacts();
    }

    [Fact]
    public void The_refusal_of_an_older_invite_is_not_one_of_the_newer()
    {
        var issuer = KnockedAt();
        Accept(_mallory.Invite());
        issuer.Send(HostileGuest.RefusalType, issuer.Introduce(_mallory.Secrets, HostileGuest.RefusalType));
        Status().ShouldBe(ContactStatus.Waiting);
        _alice.Events.OfType<InviteLapsed>().ShouldBeEmpty();
    }

    [Fact]
    public void Who_introduces_themselves_again_is_known_by_their_newer_card()
    {
        var invite = _alice.Invite();
        var guest = new HostileGuest(_world, _alice, invite, knocks: true).Link();
        guest.Send(HostileGuest.IntroductionType, guest.Introduce(_mallory.Secrets));
        guest.Unlink();
        guest = new HostileGuest(_world, _alice, invite, knocks: true).Link();
        var card = DeviceCard.Create(
            TestKeys.Sodium, _mallory.Secrets.Certificate, _mallory.Secrets.DeviceSecretKey.Span, TestKeys.Agreement("newer leaf").Public, 1, "Mallory M.");
        var introduction = guest.Introduce(_mallory.Secrets);
        introduction.Card = ByteString.CopyFrom(card.Encode());
        guest.Send(HostileGuest.IntroductionType, introduction);
        ShouldBeContacts("Mallory M.");
    }

    [Fact]
    public void A_second_introduction_on_a_channel_ends_it_and_changes_nothing()
    {
        var other = _world.Add("other");
        _world.Nodes.Remove(other);
        var invite = _alice.Do(new NodeCommand.CreateInvite([], Uses: 2)).ShouldBeOfType<NodeResult.Invited>().Invite;
        var guest = new HostileGuest(_world, _alice, invite, knocks: true).Link();
        guest.Send(HostileGuest.IntroductionType, guest.Introduce(_mallory.Secrets));
        guest.Send(HostileGuest.IntroductionType, guest.Introduce(other.Secrets));
        guest.IsShutOut.ShouldBeTrue();
        Links().ShouldHaveSingleItem().Identity.ShouldBe(_mallory.Identity);
        ShouldBeContacts("mallory");
    }

    [Fact]
    public void Whoever_introduces_a_card_whose_agreement_key_agrees_with_nobody_is_refused()
    {
        var (card, deviceSecret) = AgreesWithNobody();
        var guest = Knock();
        guest.Send(HostileGuest.IntroductionType, guest.Introduce(card, deviceSecret));
        guest.IsShutOut.ShouldBeTrue();
        ShouldBeContacts();
        var invite = Invite.Create(TestKeys.Sodium, card, _world.Wall + 86_400_000, []);
        _alice.Do(new NodeCommand.AddContact(invite.ToString(), null)).ShouldBeOfType<NodeResult.Refused>().Problem.ShouldContain("not valid");
    }

    /// <summary>Everything is signed rightly, and the key is a point of small order.</summary>
    private static (DeviceCard Card, byte[] DeviceSecret) AgreesWithNobody()
    {
        var (root, rootSecret, device, deviceSecret) = (new byte[32], new byte[64], new byte[32], new byte[64]);
        TestKeys.Sodium.Ed25519FromSeed(TestKeys.Named("an identity").ToArray(), root, rootSecret);
        TestKeys.Sodium.Ed25519FromSeed(TestKeys.Named("a device").ToArray(), device, deviceSecret);
        byte[] point = [1, .. new byte[31]];
        var certificate = DeviceCertificate.Issue(TestKeys.Sodium, new IdentityId(root), new Bytes32(point), rootSecret, new DeviceId(device));
        return (DeviceCard.Create(TestKeys.Sodium, certificate, deviceSecret, TestKeys.Agreement("leaf").Public, 0, "nobody"), deviceSecret);
    }

    [Fact]
    public void Whoever_names_the_address_of_another_contact_keeps_nobody_from_dialling_it()
    {
        var bob = _world.Add("bob");
        var invite = bob.Do(new NodeCommand.CreateInvite(["bob:4000"])).ShouldBeOfType<NodeResult.Invited>().Invite;
        _alice.Do(new NodeCommand.AddContact(invite, null)).ShouldBeOfType<NodeResult.Added>();
        _world.Link(_alice, bob, "bob:4000");
        _world.Pass(TimeSpan.FromSeconds(5));
        var guest = Knock();
        var introduction = guest.Introduce(_mallory.Secrets);
        introduction.Addresses.Add("bob:4000");
        guest.Send(HostileGuest.IntroductionType, introduction);
        _world.Pass(TimeSpan.FromSeconds(5));
        _alice.Dialled.Clear();
        _world.Unlink(_alice, bob);
        _world.Pass(TimeSpan.FromSeconds(2));
        guest.IsLinked.ShouldBeTrue();
        _alice.Dialled.ShouldContain("bob:4000");
    }

    [Fact]
    public void Whoever_introduces_themselves_on_link_after_link_has_so_many_as_anybody()
    {
        var invite = _alice.Invite();
        for (var i = 0; i < 20; i++)
        {
            var guest = new HostileGuest(_world, _alice, invite, knocks: true).Link();
            guest.Send(HostileGuest.IntroductionType, guest.Introduce(_mallory.Secrets));
        }

        Links().Count.ShouldBe(Limits.LinksOfOnePerson);
        _alice.Hits("link.of.one.person").ShouldBe(20 - Limits.LinksOfOnePerson);
    }

    [Fact]
    public void Addresses_that_gave_way_to_others_are_dialled_no_more()
    {
        var invite = _alice.Invite();
        for (var i = 0; i < 10; i++)
        {
            var guest = new HostileGuest(_world, _alice, invite, knocks: true).Link();
            var introduction = guest.Introduce(_mallory.Secrets);
            introduction.Addresses.AddRange(Enumerable.Range(0, 8).Select(k => $"203.0.113.{k + 1}:{4_000 + i}").Append("127.0.0.1:22"));
            guest.Send(HostileGuest.IntroductionType, introduction);
            guest.Unlink();
        }

        // However many were named, those are dialled again and again that are kept.
        var dialled = new SortedSet<string>();
        for (var round = 0; round < 60; round++)
        {
            foreach (var address in _alice.Dialled.ToList())
            {
                _alice.Dialled.Remove(address);
                _alice.Input(new NodeInput.DialFailed(address, "nobody there"));
                _ = round >= 10 && dialled.Add(address);
            }

            _world.Pass(TimeSpan.FromSeconds(1));
        }

        dialled.ShouldBe(Enumerable.Range(1, 8).Select(k => $"203.0.113.{k}:4009"));
    }

    [Fact]
    public void The_end_of_one_of_two_links_with_a_contact_is_no_reason_to_dial_them()
    {
        var invite = _alice.Invite();
        var guests = Enumerable.Range(0, 2).Select(_ => new HostileGuest(_world, _alice, invite, knocks: true).Link()).ToList();
        foreach (var guest in guests)
        {
            var introduction = guest.Introduce(_mallory.Secrets);
            introduction.Addresses.Add("mallory:1");
            guest.Send(HostileGuest.IntroductionType, introduction);
        }

        guests[1].Unlink();
        _world.Pass(TimeSpan.FromSeconds(2));
        _alice.Dialled.ShouldBeEmpty();

        // As if it were the first time: after five quarters of 250 ms at the latest.
        guests[0].Unlink();
        _world.Pass(TimeSpan.FromMilliseconds(313));
        _alice.Dialled.ShouldBe(["mallory:1"]);
    }

    private HostileGuest Knock()
    {
        var guest = new HostileGuest(_world, _alice, _alice.Invite(), knocks: true).Link();
        guest.IsOpen.ShouldBeTrue();
        return guest;
    }

    /// <summary>Alice has accepted an invite of Mallory's, and knocks.</summary>
    private HostileGuest KnockedAt()
    {
        var invite = _mallory.Invite();
        Accept(invite);
        var issuer = new HostileGuest(_world, _alice, invite, knocks: false).Link();
        issuer.IsOpen.ShouldBeTrue();
        return issuer;
    }

    private void Accept(string invite) => _alice.Do(new NodeCommand.AddContact(invite, null)).ShouldBeOfType<NodeResult.Added>();

    private ContactStatus Status() => _alice.Reader.Contacts().Single(contact => contact.Id == _mallory.Identity).Status;

    private IReadOnlyList<LinkSummary> Links() => _alice.Do(new NodeCommand.ListLinks()).ShouldBeOfType<NodeResult.Linked>().Links;

    private byte[] Forge(HostileGuest guest, string forgery)
    {
        var introduction = guest.Introduce(_mallory.Secrets);
        switch (forgery)
        {
            case "garbage":
                return [0xff, 0xff, 0xff];
            case "no card":
                introduction.Card = ByteString.Empty;
                break;
            case "a card with a flipped bit":
                introduction.Card = Flipped(introduction.Card);
                break;
            case "a signature with a flipped bit":
                introduction.Signature = Flipped(introduction.Signature);
                break;
            case "a short signature":
                introduction.Signature = ByteString.CopyFrom(introduction.Signature.Span[..63]);
                break;
            case "a long signature":
                introduction.Signature = ByteString.CopyFrom([.. introduction.Signature.ToByteArray(), 0]);
                break;
            case "a refusal's signature":
                introduction.Signature = guest.Introduce(_mallory.Secrets, HostileGuest.RefusalType).Signature;
                break;
            default:
                introduction.Card = ByteString.CopyFrom(_alice.Secrets.Card(LoopbackNode.Cryptography).Encode());
                break;
        }

        return introduction.ToByteArray();
    }

    private static ByteString Flipped(ByteString bytes)
    {
        var flipped = bytes.ToByteArray();
        flipped[^1] ^= 1;
        return ByteString.CopyFrom(flipped);
    }

    private void ShouldCostTheChannel(HostileGuest guest, string reason)
    {
        guest.IsShutOut.ShouldBeTrue();
        guest.IsOpen.ShouldBeFalse();
        guest.IsLinked.ShouldBeTrue("one channel's trouble is not the link's");
        var misbehaved = _alice.Events.OfType<PeerMisbehaved>().ShouldHaveSingleItem();
        misbehaved.Reason.ShouldBe(reason);
        misbehaved.Detail.ShouldNotBeEmpty();
    }

    private void ShouldBeContacts(params string[] names) => _alice.Reader.Contacts().Select(contact => contact.Name).ShouldBe(names);
}
