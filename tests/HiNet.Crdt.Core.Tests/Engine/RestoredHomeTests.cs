using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>A device whose home was restored from an older copy: it takes back from others what it wrote since, before it writes again.</summary>
public sealed class RestoredHomeTests
{
    private readonly LoopbackWorld _world = new();
    private readonly LoopbackNode _alice;
    private readonly LoopbackNode _bob;
    private readonly ConversationId _direct;

    public RestoredHomeTests()
    {
        (_alice, _bob) = _world.Contacts("alice", "bob");
        _direct = _alice.Direct(_bob);
        _alice.Send(_direct, "before the copy");
        _bob.Send(_direct, "answer");
        _world.Pass(TimeSpan.FromMilliseconds(100));
        var copy = _alice.Store.Copy();
        _alice.Send(_direct, "after the copy");
        _world.Pass(TimeSpan.FromSeconds(5));
        _world.Unlink(_alice, _bob);
        _alice.Store.Restore(copy);
        _alice.Restart();
        _alice.Texts(_direct).ShouldBe(["before the copy", "answer"]);
    }

    [Fact]
    public void It_writes_nothing_until_it_has_its_own_newer_entries_and_then_goes_on_from_them()
    {
        _alice.HoldChecks = true;
        _world.Link(_alice, _bob);
        foreach (var command in new NodeCommand[]
                 {
                     new NodeCommand.SendText(_direct, "too early", null),
                     new NodeCommand.MarkRead(_direct, _alice.Reader.Page(_direct, 1, null)[0].Id),
                     new NodeCommand.CreateGroup("team", [_bob.Identity]),
                 })
        {
            _alice.Refusal(command).ShouldContain("as after a restore of an older copy: try again in a few seconds.");
        }

        // Receipts wait too.
        _world.Pass(TimeSpan.FromSeconds(4));
        _alice.ReleaseChecks();
        _world.Run();
        _alice.Send(_direct, "in time");
        _world.Pass(TimeSpan.FromSeconds(30));
        ShouldAgree("before the copy", "answer", "after the copy", "in time");
        (_alice.Hits("log.fork") + _bob.Hits("log.fork")).ShouldBe(0);
    }

    [Fact]
    public void It_acknowledges_nothing_by_itself_while_nobody_is_linked()
    {
        var before = _alice.Reader.StatusOf(_direct).Frontier;
        _world.Pass(TimeSpan.FromMinutes(5));
        _alice.Reader.StatusOf(_direct).Frontier.ShouldBe(before);
        _world.Link(_alice, _bob);
        _world.Pass(TimeSpan.FromMinutes(1));
        ShouldAgree("before the copy", "answer", "after the copy");
        (_alice.Hits("log.fork") + _bob.Hits("log.fork")).ShouldBe(0);
    }

    [Fact]
    public void What_it_wrote_before_it_could_know_is_a_fork_that_is_proven_to_everyone_and_loses_nothing()
    {
        _alice.Send(_direct, "offline");
        _world.Link(_alice, _bob);
        _world.Pass(TimeSpan.FromMinutes(2));
        ShouldAgree("before the copy", "answer", "after the copy", "offline");
        foreach (var node in new[] { _alice, _bob })
        {
            var detected = node.Reader.Events(_direct, default, 1000).OfType<EquivocationDetected>().ShouldHaveSingleItem(node.Name);
            detected.Device.ShouldBe(_alice.Secrets.Device);
        }

        _alice.Send(_direct, "goes on");
        _world.Pass(TimeSpan.FromSeconds(30));
        ShouldAgree("before the copy", "answer", "after the copy", "offline", "goes on");
    }

    [Fact]
    public void After_a_fork_and_a_restart_what_it_writes_next_has_both_branches_in_its_past()
    {
        var world = new LoopbackWorld();
        var (alice, bob) = world.Contacts("alice", "bob");
        var direct = alice.Direct(bob);
        alice.Send(direct, "before the copy");
        world.Pass(TimeSpan.FromSeconds(5));
        var copy = alice.Store.Copy();
        alice.Send(direct, "one");
        alice.Send(direct, "two");
        world.Unlink(alice, bob);
        alice.Store.Restore(copy);
        alice.Restart();
        world.Pass(TimeSpan.FromSeconds(1));
        alice.Send(direct, "offline");

        // Bob writes nothing that would join the two branches.
        bob.HoldWrites = true;
        world.Link(alice, bob);
        world.Unlink(alice, bob);
        alice.Texts(direct).ShouldBe(["before the copy", "one", "two", "offline"]);
        var branches = alice.Reader.StatusOf(direct).Frontier.Where(head => head.Device == alice.Secrets.Device).Select(head => head.Head).ToList();
        branches.Count.ShouldBe(2);
        alice.Restart();
        var next = HeaderOf(alice, alice.Send(direct, "next"));
        branches.ShouldBeSubsetOf(next.Parents.Append(next.Previous!.Value));
    }

    private static EntryHeader HeaderOf(LoopbackNode node, EntryId id)
    {
        using var rows = node.Store.Scan(ColumnFamily.Entries, [], []);
        while (rows.MoveNext())
        {
            var bytes = new EntryRecord(rows.Value).Header.ToArray();
            if (Entry.IdOf(LoopbackNode.Cryptography, bytes) == id && EntryCodec.TryDecode(bytes, out var header, out _))
            {
                return header;
            }
        }

        throw new InvalidOperationException($"{node.Name} does not hold {id}.");
    }

    [Fact]
    public void A_liar_delays_a_devices_first_entry_for_a_bounded_time_and_none_after_it()
    {
        var scene = new HostileScene();
        var alice = scene.Alice.Secrets.Device;
        scene.Alice.Restart();
        var refused = 0;
        for (var i = 0; i < 10; i++)
        {
            var peer = scene.Mallory.Link(scene.Alice);
            var lie = Frontier.From([new FrontierHead(alice, 1_000, TestKeys.Entry($"never was {i}"))]);
            peer.Send(HostilePeer.FrontierType, lie.Encode());
            var result = scene.Alice.Do(new NodeCommand.MarkRead(scene.Group, scene.Alice.Reader.Page(scene.Group, 1, null)[0].Id));
            refused += result is NodeResult.Refused ? 1 : 0;
            scene.World.Pass(Limits.OwnHeadPatience);
            peer.Unlink();
        }

        refused.ShouldBe(Limits.OwnHeadClaims);
        scene.World.Link(scene.Alice, scene.Bob);
        scene.ShouldGoOn();
    }

    private void ShouldAgree(params string?[] texts)
    {
        _alice.Texts(_direct).Order(StringComparer.Ordinal).ShouldBe(texts.Order(StringComparer.Ordinal));
        _bob.Texts(_direct).ShouldBe(_alice.Texts(_direct));
        LoopbackScenes.ShouldBeEqual(_direct, _alice, _bob);
    }
}
