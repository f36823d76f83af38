using Google.Protobuf;
using HiNet.Crdt.Core.Encryption;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>Mallory makes epochs that open for everyone but Bob. What Alice writes under them he reads all the same, once the two have written.</summary>
public sealed class WithheldEpochTests
{
    private static readonly Bytes32 s_secret = TestKeys.Named("a secret that Bob is not given");

    private readonly HostileScene _scene = new();

    private HostileMember Mallory => _scene.Mallory;

    private LoopbackNode Alice => _scene.Alice;

    private LoopbackNode Bob => _scene.Bob;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_was_written_under_one_while_somebody_was_away_they_read_in_the_end(bool restarts)
    {
        _scene.World.Unlink(Alice, Bob);
        Mallory.Give(Alice, Mallory.Sign(Epoch(s_secret, Bob, Mallory.Epoch)));
        var sent = Enumerable.Range(0, 100).Select(i => $"alice {i}").ToList();
        sent.ForEach(text => Alice.Send(_scene.Group, text));
        _scene.World.Link(Alice, Bob);
        Pass();
        Bob.Send(_scene.Group, "bob writes");
        Pass();
        if (restarts)
        {
            Alice.Restart();
            Bob.Restart();
            _scene.World.Link(Alice, Bob);
            Pass();
        }

        Alice.Send(_scene.Group, "alice after");
        Pass();
        Bob.Texts(_scene.Group).ShouldBe([.. _scene.Before, .. sent, "bob writes", "alice after"]);
        LoopbackScenes.ShouldBeEqual(_scene.Group, Alice, Bob);
    }

    [Fact]
    public void One_after_the_other_keeps_nothing_from_them()
    {
        for (var i = 0; i < 5; i++)
        {
            Mallory.Give(Alice, Mallory.Sign(EpochAfterAll(TestKeys.Named($"withheld {i}"))));
            Pass();
            Alice.Send(_scene.Group, $"alice {i}");
            Pass();
            Bob.Send(_scene.Group, $"bob {i}");
            Pass();
        }

        Alice.Send(_scene.Group, "alice after");
        Pass();
        Bob.Texts(_scene.Group).ShouldBe(Alice.Texts(_scene.Group));
        Bob.Texts(_scene.Group).ShouldNotContain((string?)null);
    }

    [Fact]
    public void One_that_all_others_prefer_beside_one_that_opens_is_asked_for_too()
    {
        // Both are usable, and others take that of the lower id.
        while (Epoch(s_secret, Bob) is var epoch)
        {
            if (epoch.Id.CompareTo(Mallory.Epoch) < 0)
            {
                Mallory.Give(Alice, [.. Mallory.Everything(), .. _given.GroupBy(entry => SegmentRule.LastCovering(entry.Header.Seq)).Select(run => Mallory.Sign([.. run]))]);
                break;
            }
        }

        Pass();
        Alice.Send(_scene.Group, "under the lower one");
        Pass();
        Bob.Send(_scene.Group, "bob writes");
        Pass();
        Alice.Send(_scene.Group, "alice after");
        Pass();
        Bob.Texts(_scene.Group).ShouldBe([.. _scene.Before, "under the lower one", "bob writes", "alice after"]);
        LoopbackScenes.ShouldBeEqual(_scene.Group, Alice, Bob);
    }

    [Fact]
    public void Whoever_joins_reads_what_was_written_under_one_whose_place_another_took_that_does_not_lead_to_it()
    {
        // The later one says that it leads to the one in use, and does not. Nor does the invitation.
        Alice.Options = new NodeCoreOptions { Bounds = EngineBounds.Default with { InvitationEpochs = 1 } };
        Alice.Restart();
        _scene.World.Link(Alice, Bob);
        var later = Epoch(s_secret, null, Mallory.Epoch, sealsWrongly: true);
        Mallory.Give(Alice, Mallory.Sign(later));
        Alice.Send(_scene.Group, "under a later one");
        var carol = _scene.World.Befriend(Alice, "carol");
        Alice.Do(new NodeCommand.AddMember(_scene.Group, carol.Identity)).ShouldBeOfType<NodeResult.Written>();
        Alice.Send(_scene.Group, "to carol too");
        Pass();
        carol.Texts(_scene.Group).ShouldBe([.. _scene.Before, "under a later one", "to carol too"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whoever_only_reads_asks_unbidden(bool restarts)
    {
        ReadOnly(Bob);
        Mallory.Give(Alice, Mallory.Sign(Epoch(s_secret, Bob, Mallory.Epoch)));
        if (restarts)
        {
            // What Bob cannot read has come, and the power fails before he asks.
            Alice.Send(_scene.Group, "alice writes");
            Bob.Restart();
            _scene.World.Link(Alice, Bob);
        }
        else
        {
            Pass();
            Bob.Hits("epoch.asked.for").ShouldBe(0, "nothing was written under it");
            Alice.Send(_scene.Group, "alice writes");
        }

        Pass();
        Bob.Hits("epoch.asked.for").ShouldBe(1);
        Bob.Texts(_scene.Group)[^1].ShouldBeNull();
        Alice.Send(_scene.Group, "alice after");
        Pass();
        Bob.Texts(_scene.Group).ShouldBe([.. _scene.Before, "alice writes", "alice after"]);
        Bob.Hits("epoch.asked.for").ShouldBe(1);
        LoopbackScenes.ShouldBeEqual(_scene.Group, Alice, Bob);
    }

    [Fact]
    public void Whoever_only_reads_asks_eight_times_for_epochs_of_one_person()
    {
        ReadOnly(Bob);
        for (var i = 0; i < 12; i++)
        {
            Mallory.Give(Alice, Mallory.Sign(EpochAfterAll(TestKeys.Named($"withheld {i}"))));
            Pass();
            Alice.Send(_scene.Group, $"alice {i}");
            Pass();
        }

        (Bob.Hits("epoch.asked.for"), Bob.Hits("bound.epochs.asked.for")).ShouldBe((8, 4));
        Bob.Send(_scene.Group, "bob writes");
        Pass();
        Alice.Send(_scene.Group, "alice after");
        Pass();
        Bob.Texts(_scene.Group).ShouldBe(Alice.Texts(_scene.Group));
        Bob.Texts(_scene.Group).ShouldNotContain((string?)null);
    }

    [Fact]
    public void Handing_one_over_is_done_once()
    {
        _scene.World.Unlink(Alice, Bob);
        Mallory.Give(Alice, Mallory.Sign(Epoch(s_secret, null, Mallory.Epoch, sealsWrongly: true)));
        var before = Alice.Hits("epoch.created");
        for (var i = 0; i < 3; i++)
        {
            Alice.Send(_scene.Group, $"alice {i}");
            Alice.Restart();
        }

        Alice.Hits("epoch.created").ShouldBe(before + 1);
        _scene.World.Link(Alice, Bob);
        _scene.ShouldGoOn("alice 0", "alice 1", "alice 2");
        Alice.Hits("epoch.created").ShouldBe(before + 1);
    }

    private readonly List<Entry> _given = [];

    private void ReadOnly(LoopbackNode node)
    {
        node.Options = new NodeCoreOptions { SendReceipts = false };
        node.Restart();
        _scene.World.Link(Alice, node);
    }

    private void Pass() => _scene.World.Pass(TimeSpan.FromSeconds(30));

    /// <summary>One that takes the place of all that Alice has, and leads to them: so it is what she writes under next.</summary>
    private Entry EpochAfterAll(Bytes32 secret)
    {
        List<(EntryId Epoch, Bytes32 Secret)> held = [];
        var prefix = StoreKeys.Tagged('e', Alice.Reader.Describe(_scene.Group)!.Number);
        using var iterator = Alice.Store.Scan(ColumnFamily.Secrets, prefix, StoreKeys.After(prefix));
        while (iterator.MoveNext())
        {
            SecretSealer.TryOpen(LoopbackNode.Cryptography, Alice.Secrets.StorageKey.Span, _scene.Group.ToArray(), iterator.Value, out var opened).ShouldBeTrue();
            held.Add((new EntryId(iterator.Key[5..]), new Bytes32(opened!)));
        }

        return Epoch(secret, Bob, [.. held]);
    }

    /// <summary>An epoch of Mallory's, with a right box for each member but one, that takes the place of the one she knew.</summary>
    private Entry Epoch(Bytes32 secret, LoopbackNode? without, EntryId older, bool sealsWrongly = false) =>
        Epoch(secret, without, (older, sealsWrongly ? TestKeys.Named("another") : new Bytes32(Mallory.EpochSecret)));

    private Entry Epoch(Bytes32 secret, LoopbackNode? without, params (EntryId Epoch, Bytes32 Secret)[] older)
    {
        var cards = new[] { Alice, Bob, Mallory.Node }.Select(node => node.Secrets.Card(LoopbackNode.Cryptography)).OrderBy(card => card.Device).ToList();
        var sealedBoxes = EpochBox.Seal(LoopbackNode.Cryptography, _scene.Group, secret, [.. cards.Select(card => card.LeafKey)]);
        var boxes = sealedBoxes.Boxes.ToArray();
        if (without is not null)
        {
            boxes.AsSpan(cards.FindIndex(card => card.Identity == without.Identity) * EpochBox.Size, EpochBox.Size).Clear();
        }

        var body = new EpochBody
        {
            Ephemeral = ByteString.CopyFrom(sealedBoxes.Ephemeral.ToArray()),
            Boxes = ByteString.CopyFrom(boxes),
            Commitment = ByteString.CopyFrom(EpochCommitment.Of(LoopbackNode.Cryptography, _scene.Group, secret).ToArray()),
        };
        body.Supersedes.AddRange(older.Select(link => new EpochLinkBody
        {
            Epoch = ByteString.CopyFrom(link.Epoch.ToArray()),
            Sealed = ByteString.CopyFrom(EpochLink.Seal(LoopbackNode.Cryptography, secret, link.Epoch, link.Secret)),
        }));

        var entry = Mallory.Write(Mallory.Draft(EntryKind.Epoch), body);
        _given.Add(entry);
        return entry;
    }
}
