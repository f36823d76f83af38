using Google.Protobuf;
using HiNet.Crdt.Core.Encryption;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;
using EntryHeader = HiNet.Crdt.Core.Log.EntryHeader;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>Authentic entries of a member that break a rule: refused with their descendants, counted, and without a trace in what others see.</summary>
public sealed class RefusedEntryTests
{
    private readonly HostileScene _scene = new();

    private HostileMember Mallory => _scene.Mallory;

    [Fact]
    public void An_honest_entry_by_hand_is_taken_as_any_other()
    {
        _scene.Mallory.Give(_scene.Alice, Mallory.Sign(Mallory.Say("by hand"), Mallory.Say("and more")));
        _scene.ShouldGoOn("by hand", "and more");
        _scene.Alice.Counts.ShouldNotContainKey("hinet.log.refused");
    }

    [Theory]
    [InlineData(nameof(Refusal.WrongSeq))]
    [InlineData(nameof(Refusal.WrongPrevious))]
    [InlineData(nameof(Refusal.WrongDepth))]
    [InlineData(nameof(Refusal.WrongHlc))]
    [InlineData(nameof(Refusal.WrongAuthority))]
    [InlineData(nameof(Refusal.WrongConversation))]
    [InlineData(nameof(Refusal.MalformedBody))]
    [InlineData(nameof(Refusal.NotPermitted))]
    public void An_entry_that_breaks_a_rule_is_refused_with_its_descendants(string rule)
    {
        var bad = WriteBad(rule);
        var child = Mallory.Say("a child of it");
        var grandchild = Mallory.Say("and a grandchild");
        _scene.Mallory.Give(_scene.Alice, Mallory.Sign(bad), Mallory.Sign(child, grandchild));
        ShouldBeRefused(_scene.Alice, rule, 3);
        _scene.ShouldGoOn();
        _scene.Alice.Reader.Find(_scene.Group, grandchild.Id).ShouldBeNull();
    }

    [Theory]
    [InlineData(nameof(Refusal.WrongDepth))]
    [InlineData(nameof(Refusal.MalformedBody))]
    public void Descendants_that_wait_are_dropped_when_their_ancestor_is_refused(string rule)
    {
        var bad = WriteBad(rule);
        var child = Mallory.Say("a child of it");
        var grandchild = Mallory.Say("and a grandchild");
        var peer = Mallory.Link(_scene.Alice);
        peer.Send(Mallory.Sign(grandchild));
        peer.Send(Mallory.Sign(child));
        _scene.World.Pass(TimeSpan.FromSeconds(1));
        peer.Send(Mallory.Sign(bad));
        peer.Unlink();
        ShouldBeRefused(_scene.Alice, rule, 3);
        _scene.ShouldGoOn();
    }

    [Fact]
    public void A_predecessor_of_a_refused_entry_in_the_same_run_still_reaches_everyone()
    {
        var good = Mallory.Say("good");
        var bad = WriteBad(nameof(Refusal.WrongDepth));

        // One signature, on the bad one, vouches for both. Bob is offline and hears of it from Alice alone.
        _scene.World.Unlink(_scene.Alice, _scene.Bob);
        Mallory.Give(_scene.Alice, Mallory.Sign(good, bad));
        _scene.Alice.Texts(_scene.Group).ShouldContain("good");
        _scene.World.Link(_scene.Alice, _scene.Bob);
        _scene.ShouldGoOn("good");
    }

    [Fact]
    public void A_predecessor_of_a_refused_entry_reaches_everyone_live_and_after_a_restart()
    {
        Mallory.Give(_scene.Alice, Mallory.Sign(Mallory.Say("good"), Mallory.Say("better"), WriteBad(nameof(Refusal.WrongDepth))));
        _scene.World.Pass(TimeSpan.FromSeconds(2));
        _scene.Bob.Texts(_scene.Group).ShouldBe(["I am mallory", "good", "better"]);

        // Bob can prove it too.
        var carol = _scene.World.Befriend(_scene.Alice, "carol");
        _scene.Alice.Do(new Core.Engine.NodeCommand.AddMember(_scene.Group, carol.Identity)).ShouldBeOfType<Core.Engine.NodeResult.Written>();
        _scene.World.Pass(TimeSpan.FromSeconds(2));
        _scene.World.Unlink(_scene.Alice, carol);
        _scene.Bob.Restart();
        _scene.World.Link(carol, _scene.Bob);
        _scene.World.Link(_scene.Alice, _scene.Bob);
        _scene.ShouldGoOn("good", "better");
        LoopbackScenes.ShouldBeEqual(_scene.Group, _scene.Alice, _scene.Bob, carol);
    }

    [Fact]
    public void A_good_entry_in_the_place_of_a_refused_one_reaches_everyone()
    {
        var good = Mallory.Say("good");
        var bad = WriteBad(nameof(Refusal.WrongDepth));
        Mallory.Head = good.Id;
        var instead = Mallory.Say("instead");

        // Alice is told of the bad one by Mallory, Bob of the one in its place.
        Mallory.Give(_scene.Alice, Mallory.Sign(good, bad));
        _scene.World.Pass(TimeSpan.FromSeconds(1));
        Mallory.Give(_scene.Bob, Mallory.Sign(good, bad), Mallory.Sign(instead));
        _scene.ShouldGoOn("good", "instead");
    }

    [Fact]
    public void A_device_that_is_nobodys_member_writes_nothing()
    {
        var stranger = Stranger();
        Mallory.Give(_scene.Alice, SignAs(stranger, Mallory.Write(FirstOf(stranger, EntryKind.Message), new MessageBody { Text = "hi" })));
        ShouldBeRefused(_scene.Alice, nameof(Refusal.NotPermitted), 1);
        _scene.ShouldGoOn();
    }

    [Fact]
    public void A_stranger_cannot_introduce_a_device_of_their_own()
    {
        var stranger = Stranger();
        var body = new IntroduceBody { Cards = { ByteString.CopyFrom(stranger.Secrets.Card(LoopbackNode.Cryptography).Encode()) } };
        Mallory.Give(_scene.Alice, SignAs(stranger, Mallory.Write(FirstOf(stranger, EntryKind.Introduce), body)));
        ShouldBeRefused(_scene.Alice, nameof(Refusal.NotPermitted), 1);
        _scene.ShouldGoOn();
    }

    [Fact]
    public void A_member_cannot_introduce_a_strangers_device()
    {
        var body = new IntroduceBody { Cards = { ByteString.CopyFrom(Stranger().Secrets.Card(LoopbackNode.Cryptography).Encode()) } };
        Mallory.Give(_scene.Alice, Mallory.Sign(Mallory.Write(Mallory.Draft(EntryKind.Introduce), body)));
        ShouldBeRefused(_scene.Alice, nameof(Refusal.NotPermitted), 1);
        _scene.ShouldGoOn();
    }

    [Theory]
    [InlineData("mallory", Role.Owner)]
    [InlineData("bob", Role.Admin)]
    [InlineData("bob", Role.None)]
    [InlineData("stranger", Role.Member)]
    public void A_plain_member_sets_nobodys_role(string who, Role role)
    {
        var target = who switch { "mallory" => Mallory.Node, "bob" => _scene.Bob, _ => Stranger() };
        var body = new SetRoleBody { Identity = ByteString.CopyFrom(target.Identity.ToArray()), Role = (uint)role };
        Mallory.Give(_scene.Alice, Mallory.Sign(Mallory.Write(Mallory.Draft(EntryKind.SetRole), body)));
        ShouldBeRefused(_scene.Alice, nameof(Refusal.NotPermitted), 1);
        _scene.ShouldGoOn();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    public void An_epoch_with_another_number_of_boxes_than_devices_is_refused(int boxes)
    {
        Mallory.Give(_scene.Alice, Mallory.Sign(Mallory.Write(Mallory.Draft(EntryKind.Epoch), new EpochBody
        {
            Ephemeral = ByteString.CopyFrom(new byte[32]),
            Boxes = ByteString.CopyFrom(new byte[boxes * EpochBox.Size]),
            Commitment = ByteString.CopyFrom(new byte[32]),
        })));
        ShouldBeRefused(_scene.Alice, nameof(Refusal.NotPermitted), 1);
        _scene.ShouldGoOn();
    }

    [Theory]
    [InlineData(EntryKind.Introduce)]
    [InlineData(EntryKind.SetRole)]
    [InlineData(EntryKind.Epoch)]
    [InlineData(EntryKind.Delete)]
    [InlineData(EntryKind.EquivocationReport)]
    public void A_control_body_of_no_meaning_is_refused(uint kind)
    {
        // Not protobuf; protobuf of another shape; nothing at all (which is an introduction of nobody).
        byte[][] bodies = [[0xff, 0xff, 0xff], new MessageBody { Text = "text" }.ToByteArray(), []];
        var refused = 0;
        foreach (var body in bodies.Take(kind == EntryKind.Introduce ? 2 : 3))
        {
            var before = Mallory.Head;
            Mallory.Give(_scene.Alice, Mallory.Sign(Mallory.Write(Mallory.Draft(kind), body)));
            ShouldBeRefused(_scene.Alice, nameof(Refusal.MalformedBody), ++refused);
            Mallory.Head = before;
        }

        _scene.ShouldGoOn();
    }

    [Fact]
    public void A_second_genesis_is_refused()
    {
        var header = Mallory.Draft(EntryKind.Genesis) with { Conversation = default, Seq = 0, Previous = null, Parents = [], Depth = 0 };
        header = header with { Authority = AuthorityHash.Of(LoopbackNode.Cryptography, []) };
        var member = new GenesisMember { Identity = ByteString.CopyFrom(Mallory.Secrets.Identity.ToArray()), Role = (uint)Role.Owner };
        member.Cards.Add(ByteString.CopyFrom(Mallory.Secrets.Card(LoopbackNode.Cryptography).Encode()));
        Mallory.Give(_scene.Alice, Mallory.Sign(Mallory.Write(header, new GenesisBody { Name = "coup", Members = { member } })));
        ShouldBeRefused(_scene.Alice, nameof(Refusal.WrongConversation), 1);
        _scene.Alice.Reader.NameOf(_scene.Group).ShouldBe("team");
        _scene.ShouldGoOn();
    }

    [Fact]
    public void A_control_entry_without_its_body_waits_for_someone_who_has_it()
    {
        var entry = Mallory.Write(Mallory.Draft(EntryKind.Merge), Array.Empty<byte>());
        Mallory.Give(_scene.Alice, Mallory.Sign(entry.WithBody(null)));
        _scene.Alice.Hits("log.control.bodyless").ShouldBe(1);
        Mallory.Give(_scene.Bob, Mallory.Sign(entry));
        _scene.World.Pass(TimeSpan.FromSeconds(60));
        _scene.ShouldGoOn();
        _scene.Alice.Reader.StatusOf(_scene.Group).Frontier.ShouldContain(head => head.Device == Mallory.Secrets.Device && head.Head == entry.Id);
    }

    [Fact]
    public void Refused_ids_are_remembered_in_bounds_and_cost_no_channel()
    {
        var peer = Mallory.Link(_scene.Alice);
        for (var i = 0; i < 10; i++)
        {
            var head = Mallory.Head;
            peer.Send(Mallory.Sign(WriteBad(nameof(Refusal.WrongDepth))));
            Mallory.Head = head;
        }

        peer.IsShutOut.ShouldBeFalse();
        peer.Unlink();
        ShouldBeRefused(_scene.Alice, nameof(Refusal.WrongDepth), 10);
        _scene.ShouldGoOn();
    }

    private Entry WriteBad(string rule)
    {
        var honest = Mallory.Draft();
        var body = new MessageBody { Text = "bad" };
        return rule switch
        {
            nameof(Refusal.WrongSeq) => Mallory.Write(honest with { Seq = honest.Seq + 1, Depth = honest.Depth + 1 }, body),
            nameof(Refusal.WrongPrevious) => Mallory.Write(Backlinked(honest), body),
            nameof(Refusal.WrongDepth) => Mallory.Write(honest with { Depth = honest.Depth + 1 }, body),
            nameof(Refusal.WrongHlc) => Mallory.Write(honest with { Hlc = Mallory.HeaderOf(honest.Previous!.Value).Hlc }, body),
            nameof(Refusal.WrongAuthority) => Mallory.Write(honest with { Authority = TestKeys.Named("nobody") }, body),
            nameof(Refusal.WrongConversation) => Mallory.Write(Elsewhere(honest), body),
            nameof(Refusal.MalformedBody) => Mallory.WriteSealed(Mallory.Draft(EntryKind.Merge), new byte[40]),
            _ => Mallory.Write(Mallory.Draft(EntryKind.SetRole), new SetRoleBody
            {
                Identity = ByteString.CopyFrom(Mallory.Secrets.Identity.ToArray()),
                Role = (uint)Role.Owner,
            }),
        };
    }

    /// <summary>Its previous entry is another device's.</summary>
    private EntryHeader Backlinked(EntryHeader honest)
    {
        var other = Mallory.Tips.Append(Mallory.Epoch).First(id => Mallory.HeaderOf(id).Device != Mallory.Secrets.Device);
        var seq = Mallory.HeaderOf(other).Seq + 1;
        return honest with { Previous = other, Parents = [honest.Previous!.Value], Seq = seq };
    }

    /// <summary>Only a header that goes as it is can name another conversation: that of a suite that nobody knows.</summary>
    private static EntryHeader Elsewhere(EntryHeader honest) =>
        honest with { Conversation = new ConversationId(TestKeys.Named("elsewhere")), Suite = 7 };

    private LoopbackNode Stranger()
    {
        var stranger = _scene.World.Add("stranger");
        _scene.World.Nodes.Remove(stranger);
        return stranger;
    }

    /// <summary>Right in all but who writes it: the first entry of a device, with the same past as Mallory's next.</summary>
    private EntryHeader FirstOf(LoopbackNode node, uint kind)
    {
        var next = Mallory.Draft(kind);
        return next with { Device = node.Secrets.Device, Seq = 0, Previous = null, Parents = [.. next.Parents.Append(next.Previous!.Value).Order()] };
    }

    private static SignedRun SignAs(LoopbackNode node, Entry entry) => new(
        node.Secrets.Device, [entry], EntrySignature.Sign(LoopbackNode.Cryptography, node.Secrets.DeviceSecretKey.Span, entry.Id));

    private static void ShouldBeRefused(LoopbackNode node, string rule, int count)
    {
        node.Hits("log.refused." + rule).ShouldBeGreaterThan(0);
        node.Counts["hinet.log.refused"].ShouldBe(count);
    }
}
