using Google.Protobuf;
using HiNet.Crdt.Core.Encryption;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>A member's lies about keys: nobody stops reading or writing for them, and nobody comes to another state.</summary>
public sealed class HostileEpochTests
{
    private readonly HostileScene _scene = new();

    private HostileMember Mallory => _scene.Mallory;

    [Fact]
    public void An_epoch_that_opens_for_nobody_is_replaced_by_the_next_writer()
    {
        Mallory.Give(_scene.Alice, Mallory.Sign(Mallory.Write(Mallory.Draft(EntryKind.Epoch), Epoch([Mallory.Epoch]))));
        _scene.ShouldGoOn();
        _scene.Alice.Reader.Find(_scene.Group, _scene.Alice.Send(_scene.Group, "once more"))!.Text.ShouldBe("once more");
    }

    [Fact]
    public void An_epoch_that_supersedes_what_it_did_not_see_gives_the_same_in_any_order()
    {
        // Concurrent epochs, of which the second names the first; Alice hears of them in one order, Bob in the other.
        var head = Mallory.Head;
        var seen = Mallory.Write(Mallory.Draft(EntryKind.Epoch), Epoch([]));
        Mallory.Head = head;
        var liar = Mallory.Write(Mallory.Draft(EntryKind.Epoch), Epoch([seen.Id]));
        _scene.World.Unlink(_scene.Alice, _scene.Bob);
        Mallory.Give(_scene.Alice, Mallory.Sign(seen));
        Mallory.Give(_scene.Alice, Mallory.Sign(liar));
        Mallory.Give(_scene.Bob, Mallory.Sign(liar));
        Mallory.Give(_scene.Bob, Mallory.Sign(seen));
        _scene.World.Link(_scene.Alice, _scene.Bob);
        _scene.ShouldGoOn();
    }

    [Fact]
    public void A_wrong_secret_in_an_invitation_does_not_stop_the_right_one()
    {
        // Bob is told of an epoch that he has not got yet, with a secret that is not its.
        _scene.World.Unlink(_scene.Alice, _scene.Bob);
        var carol = _scene.World.Befriend(_scene.Alice, "carol");
        _scene.Alice.Do(new NodeCommand.AddMember(_scene.Group, carol.Identity)).ShouldBeOfType<NodeResult.Written>();
        var sent = _scene.Alice.Send(_scene.Group, "under the new epoch");
        var epoch = new HostileMember(_scene.World, _scene.Alice, _scene.Group).HeaderOf(sent).Epoch!.Value;

        LoopbackScenes.Introduce(_scene.Bob, Mallory.Node);
        LoopbackScenes.Introduce(Mallory.Node, _scene.Bob);
        var direct = Mallory.Node.Direct(_scene.Bob);
        Mallory.Node.Send(direct, "hello bob");
        var member = new HostileMember(_scene.World, Mallory.Node, direct);
        var body = new GroupInvitationBody
        {
            Group = ByteString.CopyFrom(_scene.Group.ToArray()),
            ControlKey = ByteString.CopyFrom(new HostileMember(_scene.World, _scene.Alice, _scene.Group).ControlKey),
            Name = "team",
            Epochs = { new EpochSecretBody { Epoch = ByteString.CopyFrom(epoch.ToArray()), Secret = ByteString.CopyFrom(new byte[32]) } },
        };
        var invitation = member.Write(member.Draft(EntryKind.GroupInvitation), body);
        member.Give(_scene.Bob, [.. member.Everything(), member.Sign(invitation)]);
        _scene.Bob.Texts(direct).ShouldBe(["hello bob"]);

        _scene.World.Link(_scene.Alice, _scene.Bob);
        _scene.World.Pass(TimeSpan.FromSeconds(2));
        _scene.Bob.Texts(_scene.Group).ShouldBe([.. _scene.Before, "under the new epoch"]);
        _scene.Bob.Hits("epoch.secret.wrong").ShouldBe(1);
        _scene.ShouldGoOn("under the new epoch");
    }

    [Fact]
    public void Of_one_invitation_one_secret_of_an_epoch_is_looked_at_and_compared_before_the_epoch_is_read()
    {
        var epoch = Mallory.Write(Mallory.Draft(EntryKind.Epoch), Epoch([]));
        Mallory.Give(_scene.Alice, Mallory.Sign(epoch));
        var direct = Mallory.Node.Direct(_scene.Alice);
        Mallory.Node.Send(direct, "hello alice");
        var member = new HostileMember(_scene.World, Mallory.Node, direct);
        var peer = member.Link(_scene.Alice);
        peer.Send(member.Everything());
        Rows(Invite(epoch.Id, 1));
        var one = Rows(Invite(epoch.Id, 1));
        Rows(Invite(epoch.Id, 1_024)).ShouldBe(one);
        _scene.Alice.Hits("epoch.secret.wrong").ShouldBe(3);
        Rows(Invite(Mallory.Epoch, 1)).ShouldBe(one, "whether it is held makes no difference");
        peer.IsOpen.ShouldBeTrue();

        SignedRun Invite(EntryId id, int secrets) => member.Sign(member.Write(member.Draft(EntryKind.GroupInvitation), new GroupInvitationBody
        {
            Group = ByteString.CopyFrom(_scene.Group.ToArray()),
            ControlKey = ByteString.CopyFrom(Mallory.ControlKey),
            Name = "team",
            Grant = ByteString.CopyFrom(_scene.Group.ToArray()),
            Epochs =
            {
                Enumerable.Range(0, secrets).Select(i => new EpochSecretBody
                {
                    Epoch = ByteString.CopyFrom(id.ToArray()), Secret = ByteString.CopyFrom(Support.TestKeys.Named($"secret {i}").ToArray()),
                }),
            },
        }));

        long Rows(SignedRun invitation)
        {
            var before = _scene.Alice.Core.Cost[CostKind.Row];
            peer.Send(invitation);
            return _scene.Alice.Core.Cost[CostKind.Row] - before;
        }
    }

    [Fact]
    public void Two_thousand_concurrent_epochs_are_taken_over_in_bounds()
    {
        // None opens for anyone, so each writer makes one of its own, which cannot name them all.
        var epochs = Enumerable.Range(0, 2_000).Select(i => Mallory.Write(Mallory.Draft(EntryKind.Epoch), Epoch([]))).ToArray();
        Mallory.Give(_scene.Alice, [.. epochs.GroupBy(entry => SegmentRule.LastCovering(entry.Header.Seq)).Select(run => Mallory.Sign([.. run]))]);
        var carol = _scene.World.Befriend(_scene.Alice, "carol");
        _scene.Alice.Do(new NodeCommand.AddMember(_scene.Group, carol.Identity)).ShouldBeOfType<NodeResult.Written>();
        _scene.ShouldGoOn();
        carol.Texts(_scene.Group).ShouldBe(_scene.Alice.Texts(_scene.Group));
    }

    [Fact]
    public void Whoever_joined_meanwhile_reads_what_was_written_under_an_epoch_that_had_not_heard_of_them()
    {
        var members = new[] { _scene.Alice, _scene.Bob, Mallory.Node }.Select(node => node.Secrets.Card(LoopbackNode.Cryptography));
        var secret = new Bytes32([.. Enumerable.Repeat((byte)7, 32)]);
        var boxes = EpochBox.Seal(
            LoopbackNode.Cryptography, _scene.Group, secret, [.. members.OrderBy(card => card.Device).Select(card => card.LeafKey)]);
        var epoch = Mallory.Write(Mallory.Draft(EntryKind.Epoch), new EpochBody
        {
            Ephemeral = ByteString.CopyFrom(boxes.Ephemeral.ToArray()),
            Boxes = ByteString.CopyFrom(boxes.Boxes.Span),
            Commitment = ByteString.CopyFrom(EpochCommitment.Of(LoopbackNode.Cryptography, _scene.Group, secret).ToArray()),
        });
        var draft = Mallory.Draft() with { Epoch = epoch.Id };
        var message = Mallory.WriteSealed(draft, BodyCipher.Seal(
            LoopbackNode.Cryptography, secret.ToArray(), EntryCodec.EncodePrefix(draft), new MessageBody { Text = "meanwhile" }.ToByteArray()));

        var carol = _scene.World.Befriend(_scene.Alice, "carol");
        _scene.Alice.Do(new NodeCommand.AddMember(_scene.Group, carol.Identity)).ShouldBeOfType<NodeResult.Written>();
        Mallory.Give(_scene.Alice, Mallory.Sign(epoch, message));
        _scene.ShouldGoOn("meanwhile");
        carol.Texts(_scene.Group).ShouldBe(_scene.Alice.Texts(_scene.Group));
    }

    [Fact]
    public void A_message_under_an_epoch_that_never_was_is_kept_unread()
    {
        var draft = Mallory.Draft() with { Epoch = Support.TestKeys.Entry("no epoch") };
        Mallory.Give(_scene.Alice, Mallory.Sign(Mallory.WriteSealed(draft, new byte[60])));
        _scene.Alice.Hits("content.unreadable").ShouldBe(1);
        _scene.ShouldGoOn((string?)null);
    }

    private static EpochBody Epoch(EntryId[] supersedes)
    {
        var body = new EpochBody
        {
            Ephemeral = ByteString.CopyFrom(Support.TestKeys.Agreement("ephemeral").Public.ToArray()),
            Boxes = ByteString.CopyFrom(new byte[3 * EpochBox.Size]),
            Commitment = ByteString.CopyFrom(new byte[32]),
        };
        body.Supersedes.AddRange(supersedes.Select(id => new EpochLinkBody { Epoch = ByteString.CopyFrom(id.ToArray()) }));
        return body;
    }
}
