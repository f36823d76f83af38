using Google.Protobuf;
using HiNet.Crdt.Core.Encryption;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>Some members hold an epoch's secret and others do not yet: it is handed over, and what was written under it is told then, once.</summary>
public sealed class LateEpochTests
{
    private static readonly Bytes32 s_early = Secret(7);
    private static readonly Bytes32 s_later = Secret(8);

    private readonly HostileScene _scene = new();

    private HostileMember Mallory => _scene.Mallory;

    private LoopbackNode Alice => _scene.Alice;

    [Fact]
    public void What_comes_ahead_of_its_secret_is_told_where_the_secret_came_and_once()
    {
        var seen = LastPosition();
        var early = GiveEarly();
        LastPosition().ShouldBe(seen + 3);
        Told(seen).ShouldBeEmpty();
        Alice.Texts(_scene.Group).ShouldBe([.. _scene.Before, null]);

        Alice.Send(_scene.Group, "meanwhile");
        var before = LastPosition();
        Told(seen).ShouldBe(["meanwhile"]);

        // One arrival, the later epoch, and a place for each of the two that it opens.
        GiveLater(early);
        LastPosition().ShouldBe(before + 3);
        Told(seen).ShouldBe(["meanwhile", "early", "👍"]);
        Told(before).ShouldBe(["early", "👍"]);
        _scene.Bob.Send(_scene.Group, "afterwards");
        Told(seen).ShouldBe(["meanwhile", "early", "👍", "afterwards"]);
        Alice.Texts(_scene.Group).ShouldBe([.. _scene.Before, "early", "meanwhile", "afterwards"], ignoreOrder: true);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(100)]
    public void Reading_goes_on_from_every_cursor_with_the_rest_exactly_once(int limit)
    {
        var early = GiveEarly();
        Alice.Send(_scene.Group, "meanwhile");
        GiveLater(early);
        Alice.Send(_scene.Group, "afterwards");
        var last = LastPosition();
        var all = Alice.Reader.Events(_scene.Group, default, int.MaxValue);
        all.Select(happened => happened.Cursor.Position).ShouldBe(all.Select(happened => happened.Cursor.Position).Distinct().Order());
        all[^1].Cursor.Position.ShouldBeLessThanOrEqualTo(last);
        for (var from = 0UL; from <= last; from++)
        {
            var rest = new List<ConversationEvent>();
            for (var cursor = new EventCursor(from); rest.Count <= all.Count; cursor = rest[^1].Cursor)
            {
                var some = Alice.Reader.Events(_scene.Group, cursor, limit);
                some.Count.ShouldBeLessThanOrEqualTo(limit);
                rest.AddRange(some);
                if (some.Count == 0)
                {
                    break;
                }
            }

            rest.Select(happened => (happened.Cursor, happened.GetType())).ShouldBe(
                all.Where(happened => happened.Cursor.Position > from).Select(happened => (happened.Cursor, happened.GetType())), $"from {from}");
        }
    }

    [Fact]
    public void Places_go_on_after_a_restart_where_they_were()
    {
        var seen = LastPosition();
        GiveLater(GiveEarly());
        var before = LastPosition();
        Alice.Restart();
        LastPosition().ShouldBe(before);
        Alice.Send(_scene.Group, "afterwards");
        Told(seen).ShouldBe(["early", "👍", "afterwards"]);
        Told(before).ShouldBe(["afterwards"]);
    }

    [Fact]
    public void An_epoch_for_others_that_does_not_open_here_is_left_to_those_who_hold_it_to_hand_over()
    {
        // Bob's box opens, Alice's does not; then a new member comes, so that the epoch is not for today's recipients.
        var epoch = Epoch(s_early, isForAll: false);
        var message = Seal(epoch, s_early, EntryKind.Message, new MessageBody { Text = "for bob" });
        Mallory.Give(_scene.Bob, Mallory.Sign(epoch, message));
        _scene.World.Pass(TimeSpan.FromSeconds(1));
        _scene.Bob.Texts(_scene.Group).ShouldContain("for bob");
        Alice.Texts(_scene.Group).ShouldNotContain("for bob");

        var carol = _scene.World.Befriend(Alice, "carol");
        Alice.Do(new NodeCommand.AddMember(_scene.Group, carol.Identity)).ShouldBeOfType<NodeResult.Written>();
        Alice.Send(_scene.Group, "under an epoch of today");
        Alice.Texts(_scene.Group).ShouldNotContain("for bob");
        _scene.Bob.Send(_scene.Group, "whoever holds it goes on");
        Alice.Texts(_scene.Group).ShouldContain("for bob");
        carol.Texts(_scene.Group).ShouldContain("for bob");
    }

    private ulong LastPosition() => Alice.Reader.LastCursor(_scene.Group).Position;

    /// <summary>What Alice is told of what people say, behind a place.</summary>
    private IEnumerable<string?> Told(ulong after) => Alice.Reader.Events(_scene.Group, new EventCursor(after), int.MaxValue)
        .Select(happened => happened switch
        {
            MessageAdded added => added.Message.Text,
            ReactionAdded reaction => reaction.Emoji,
            _ => null,
        })
        .Where(text => text is not null);

    /// <summary>An epoch that does not open for Alice, a message under it, and a reaction to that.</summary>
    private Entry GiveEarly()
    {
        var epoch = Epoch(s_early, isForAll: false);
        var message = Seal(epoch, s_early, EntryKind.Message, new MessageBody { Text = "early" });
        var reaction = Seal(
            epoch, s_early, EntryKind.Reaction, new ReactionBody { Target = ByteString.CopyFrom(message.Id.ToArray()), Emoji = "👍" });
        _scene.World.Unlink(Alice, _scene.Bob);
        Mallory.Give(Alice, Mallory.Sign(epoch, message, reaction));
        return epoch;
    }

    /// <summary>An epoch that opens for everyone, with a link to the early one.</summary>
    private void GiveLater(Entry early)
    {
        Mallory.Give(Alice, Mallory.Sign(Epoch(s_later, isForAll: true, early.Id)));
        _scene.World.Link(Alice, _scene.Bob);
    }

    private Entry Epoch(Bytes32 secret, bool isForAll, params EntryId[] older)
    {
        var cards = new[] { Alice, _scene.Bob, Mallory.Node }
            .Select(node => node.Secrets.Card(LoopbackNode.Cryptography)).OrderBy(card => card.Device).ToList();
        var sealedBoxes = EpochBox.Seal(LoopbackNode.Cryptography, _scene.Group, secret, [.. cards.Select(card => card.LeafKey)]);
        var boxes = sealedBoxes.Boxes.ToArray();
        if (!isForAll)
        {
            boxes.AsSpan(cards.FindIndex(card => card.Identity == Alice.Identity) * EpochBox.Size, EpochBox.Size).Clear();
        }

        var body = new EpochBody
        {
            Ephemeral = ByteString.CopyFrom(sealedBoxes.Ephemeral.ToArray()),
            Boxes = ByteString.CopyFrom(boxes),
            Commitment = ByteString.CopyFrom(EpochCommitment.Of(LoopbackNode.Cryptography, _scene.Group, secret).ToArray()),
        };
        body.Supersedes.AddRange(older.Select(id => new EpochLinkBody
        {
            Epoch = ByteString.CopyFrom(id.ToArray()),
            Sealed = ByteString.CopyFrom(EpochLink.Seal(LoopbackNode.Cryptography, secret, id, s_early)),
        }));
        return Mallory.Write(Mallory.Draft(EntryKind.Epoch), body);
    }

    private Entry Seal(Entry epoch, Bytes32 secret, uint kind, IMessage body)
    {
        var draft = Mallory.Draft(kind) with { Epoch = epoch.Id };
        return Mallory.WriteSealed(
            draft, BodyCipher.Seal(LoopbackNode.Cryptography, secret.ToArray(), EntryCodec.EncodePrefix(draft), body.ToByteArray()));
    }

    private static Bytes32 Secret(byte value) => new([.. Enumerable.Repeat(value, Bytes32.Size)]);
}
