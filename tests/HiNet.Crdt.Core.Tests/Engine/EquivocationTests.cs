using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>A device with two futures: both are kept and ordered, everyone comes to the same, and the proof is on record.</summary>
public sealed class EquivocationTests
{
    private readonly HostileScene _scene = new();

    private HostileMember Mallory => _scene.Mallory;

    [Fact]
    public void Both_branches_are_kept_and_everyone_agrees()
    {
        var (ours, theirs) = Fork(1, 1);
        Mallory.Give(_scene.Alice, Mallory.Sign(ours));
        Mallory.Give(_scene.Bob, Mallory.Sign(theirs));
        _scene.World.Pass(TimeSpan.FromSeconds(90));
        ShouldBeProven();
        ShouldShow("a0", "b0");
    }

    [Fact]
    public void Branches_that_one_node_receives_are_proven_too()
    {
        var (ours, theirs) = Fork(3, 2);
        Mallory.Give(_scene.Alice, Mallory.Sign(ours), Mallory.Sign(theirs));
        _scene.World.Pass(TimeSpan.FromSeconds(90));
        ShouldBeProven();
        ShouldShow("a0", "a1", "a2", "b0", "b1");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_report_names_the_two_entries_at_the_place_of_the_fork_the_one_of_the_lower_id_first(bool oneFirst)
    {
        var (one, other) = Fork(3, 2);
        Mallory.Give(_scene.Alice, oneFirst ? [Mallory.Sign(one), Mallory.Sign(other)] : [Mallory.Sign(other), Mallory.Sign(one)]);
        _scene.World.Pass(TimeSpan.FromSeconds(90));
        EntryId[] forked = [.. new[] { one[0].Id, other[0].Id }.Order()];
        foreach (var node in new[] { _scene.Alice, _scene.Bob })
        {
            var detected = node.Reader.Events(_scene.Group, default, 10_000).OfType<EquivocationDetected>().ShouldHaveSingleItem();
            (detected.First, detected.Second).ShouldBe((forked[0], forked[1]));
            detected.Seq.ShouldBe(one[0].Header.Seq);
        }
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(5, 1)]
    [InlineData(4, 4)]
    [InlineData(100, 3)]
    public void Forks_that_meet_on_a_new_link_exchange_whatever_their_heights(int ours, int theirs)
    {
        var (one, other) = Fork(ours, theirs);
        _scene.World.Unlink(_scene.Alice, _scene.Bob);
        Mallory.Give(_scene.Alice, Runs(one));
        Mallory.Give(_scene.Bob, Runs(other));
        _scene.World.Link(_scene.Alice, _scene.Bob);
        _scene.World.Pass(TimeSpan.FromSeconds(180));
        ShouldBeProven();
        ShouldShow([.. one.Concat(other).Select(Text)]);
    }

    [Fact]
    public void Branches_whose_entries_came_interleaved_are_passed_on_whole()
    {
        var (one, other) = Fork(4, 4);
        _scene.World.Unlink(_scene.Alice, _scene.Bob);

        // One signature at the end of each branch; each second entry waits for one of the other branch.
        Mallory.Head = one[1].Id;
        var three = Mallory.Write(Mallory.Draft(EntryKind.Message, other[1].Id), new MessageBody { Text = "a joins b" });
        Mallory.Head = other[2].Id;
        var four = Mallory.Write(Mallory.Draft(EntryKind.Message, three.Id), new MessageBody { Text = "b joins a" });
        Mallory.Give(_scene.Alice, Mallory.Sign(one[0], one[1], three), Mallory.Sign(other[0], other[1], other[2], four));
        _scene.World.Link(_scene.Alice, _scene.Bob);
        _scene.World.Pass(TimeSpan.FromSeconds(120));
        ShouldBeProven();
        ShouldShow("a0", "a1", "a joins b", "b0", "b1", "b2", "b joins a");
    }

    [Fact]
    public void A_fork_below_a_refused_entry_is_proven_all_the_same()
    {
        var head = Mallory.Head;
        var one = Mallory.Say("a0");
        var bad = Mallory.Write(Mallory.Draft() with { Depth = 5_000 }, new MessageBody { Text = "bad" });
        Mallory.Head = head;
        var other = Mallory.Say("b0");
        Mallory.Give(_scene.Alice, Mallory.Sign(one, bad), Mallory.Sign(other));
        _scene.World.Pass(TimeSpan.FromSeconds(90));
        ShouldBeProven();
        ShouldShow("a0", "b0");
    }

    [Fact]
    public void Both_branches_go_on_and_reach_everyone()
    {
        var (one, other) = Fork(1, 1);
        Mallory.Give(_scene.Alice, Mallory.Sign(one), Mallory.Sign(other));
        _scene.World.Pass(TimeSpan.FromSeconds(5));
        for (var i = 0; i < 3; i++)
        {
            Mallory.Head = one[^1].Id;
            one = [.. one, Mallory.Say($"a{i + 1}")];
            Mallory.Give(_scene.Alice, Mallory.Sign(one[^1]));
            Mallory.Head = other[^1].Id;
            other = [.. other, Mallory.Say($"b{i + 1}")];
            Mallory.Give(_scene.Bob, Mallory.Sign(other[^1]));
            _scene.World.Pass(TimeSpan.FromSeconds(5));
        }

        _scene.World.Pass(TimeSpan.FromSeconds(180));
        ShouldBeProven();
        ShouldShow([.. one.Concat(other).Select(Text)]);
    }

    [Fact]
    public void A_fork_survives_a_restart()
    {
        var (one, other) = Fork(2, 2);
        Mallory.Give(_scene.Alice, Mallory.Sign(one), Mallory.Sign(other));
        _scene.World.Pass(TimeSpan.FromSeconds(5));
        _scene.Alice.Restart();
        _scene.Bob.Restart();
        _scene.World.Link(_scene.Alice, _scene.Bob);
        _scene.World.Pass(TimeSpan.FromSeconds(90));
        ShouldBeProven();
        ShouldShow("a0", "a1", "b0", "b1");
    }

    [Fact]
    public void A_fork_whose_proof_is_still_being_written_is_reported_once_it_is_durable()
    {
        ForkWhileWriting();
        _scene.Alice.HoldWrites = false;
        _scene.Alice.ReleaseWrite();
        _scene.World.Run();
        _scene.Alice.Hits("log.fork").ShouldBe(1);
        _scene.Alice.Hits("log.fork.reported").ShouldBe(1);
        _scene.World.Link(_scene.Alice, _scene.Bob);
        _scene.World.Pass(TimeSpan.FromSeconds(90));
        ShouldBeProven();
        ShouldShow("in flight", "a0", "b0");
    }

    [Fact]
    public void A_fork_that_could_not_be_proven_yet_is_reported_after_a_restart()
    {
        ForkWhileWriting();
        _scene.Alice.ReleaseWriteAndRestart();
        _scene.Alice.Hits("log.fork.reported").ShouldBe(0);
        _scene.Alice.Send(_scene.Group, "after it");
        _scene.Alice.Hits("log.fork.reported").ShouldBe(1);
        _scene.World.Link(_scene.Alice, _scene.Bob);
        _scene.World.Pass(TimeSpan.FromSeconds(90));
        ShouldBeProven();
        ShouldShow("in flight", "a0", "b0", "after it");
    }

    [Fact]
    public void A_fork_is_reported_with_the_batch_that_it_came_in()
    {
        _scene.World.Unlink(_scene.Alice, _scene.Bob);
        var (one, other) = Fork(1, 1);
        var peer = Mallory.Link(_scene.Alice);
        peer.Send(Mallory.Sign(one));
        _scene.Alice.HoldWrites = true;
        peer.Send(Mallory.Sign(other));
        _scene.Alice.ReleaseWriteAndRestart();
        _scene.Alice.Reader.Events(_scene.Group, default, 10_000).OfType<EquivocationDetected>().ShouldHaveSingleItem();
    }

    [Fact]
    public void Two_devices_that_forked_at_once_are_both_reported()
    {
        var world = new LoopbackWorld();
        var alice = world.Add("alice");
        LoopbackNode[] nodes = [world.Befriend(alice, "mallory"), world.Befriend(alice, "eve")];
        var group = alice.Group("team", nodes);
        world.Pass(TimeSpan.FromSeconds(1));
        foreach (var node in nodes)
        {
            node.Send(group, $"I am {node.Name}");
        }

        world.Pass(TimeSpan.FromSeconds(2));
        foreach (var node in nodes)
        {
            world.Unlink(alice, node);
            world.Nodes.Remove(node);
        }

        var (mallory, eve) = (new HostileMember(world, nodes[0], group), new HostileMember(world, nodes[1], group));
        var (mallorys, eves) = (mallory.Head, eve.Head);
        var missing = mallory.Say("what the second branches wait for");
        eve.Know(missing.Id, missing.Header);
        var first = eve.Say("one branch");
        mallory.Head = mallorys;
        var second = mallory.Write(mallory.Draft(EntryKind.Message, missing.Id), new MessageBody { Text = "another branch" });
        eve.Head = eves;
        var third = eve.Write(eve.Draft(EntryKind.Message, missing.Id), new MessageBody { Text = "another branch" });
        eve.Give(alice, eve.Sign(first), eve.Sign(third));
        mallory.Give(alice, mallory.Sign(second));
        alice.Hits("log.fork").ShouldBe(0);
        mallory.Give(alice, mallory.Sign(missing));
        alice.Hits("log.fork").ShouldBe(2);
        alice.Reader.Events(group, default, 10_000).OfType<EquivocationDetected>().Select(detected => detected.Device)
            .ShouldBe([mallory.Secrets.Device, eve.Secrets.Device], ignoreOrder: true);
    }

    // What proves the first branch is not in the store yet when the second one comes: it is in the write that is held.
    private void ForkWhileWriting()
    {
        _scene.World.Unlink(_scene.Alice, _scene.Bob);
        var peer = Mallory.Link(_scene.Alice);
        _scene.Alice.HoldWrites = true;
        peer.Send(Mallory.Sign(Mallory.Say("in flight")));
        var head = Mallory.Head;
        var one = Mallory.Say("a0");
        var bad = Mallory.Write(Mallory.Draft() with { Depth = 5_000 }, new MessageBody { Text = "bad" });
        Mallory.Head = head;
        peer.Send(Mallory.Sign(one, bad), Mallory.Sign(Mallory.Say("b0")));
        _scene.Alice.ReleaseWrite();
        _scene.World.Run();
        _scene.Alice.Hits("log.fork.reported").ShouldBe(0);
    }

    private (Entry[] One, Entry[] Other) Fork(int one, int other)
    {
        var head = Mallory.Head;
        var a = Enumerable.Range(0, one).Select(i => Mallory.Say($"a{i}")).ToArray();
        Mallory.Head = head;
        var b = Enumerable.Range(0, other).Select(i => Mallory.Say($"b{i}")).ToArray();
        _texts = [.. a.Select((e, i) => (e.Id, $"a{i}")), .. b.Select((e, i) => (e.Id, $"b{i}"))];
        return (a, b);
    }

    private List<(EntryId Id, string Text)> _texts = [];

    private string Text(Entry entry) => _texts.Find(t => t.Id == entry.Id).Text ?? _scene.Alice.Reader.Find(_scene.Group, entry.Id)!.Text!;

    private SignedRun[] Runs(IEnumerable<Entry> entries) =>
        [.. entries.GroupBy(entry => SegmentRule.LastCovering(entry.Header.Seq)).Select(run => Mallory.Sign([.. run]))];

    private void ShouldBeProven()
    {
        foreach (var node in new[] { _scene.Alice, _scene.Bob })
        {
            var events = node.Reader.Events(_scene.Group, default, 10_000).OfType<EquivocationDetected>().ToList();
            var detected = events.ShouldHaveSingleItem(node.Name);
            detected.Device.ShouldBe(Mallory.Secrets.Device);
            detected.Author.Id.ShouldBe(Mallory.Secrets.Identity);
            detected.First.ShouldNotBe(detected.Second);
            node.Hits("log.fork").ShouldBeGreaterThan(0);
        }

        (_scene.Alice.Hits("log.fork.reported") + _scene.Bob.Hits("log.fork.reported")).ShouldBeInRange(1, 2);
    }

    private void ShouldShow(params string?[] branches)
    {
        _scene.World.Pass(TimeSpan.FromSeconds(5));
        LoopbackScenes.ShouldBeEqual(_scene.Group, _scene.Alice, _scene.Bob);
        foreach (var node in new[] { _scene.Alice, _scene.Bob })
        {
            node.Texts(_scene.Group).Order(StringComparer.Ordinal).ShouldBe(branches.Append("I am mallory").Order(StringComparer.Ordinal));
        }

        _scene.Bob.Texts(_scene.Group).ShouldBe(_scene.Alice.Texts(_scene.Group));
        _scene.Alice.Send(_scene.Group, "alice goes on");
        _scene.World.Pass(TimeSpan.FromSeconds(90));
        _scene.Bob.Texts(_scene.Group)[^1].ShouldBe("alice goes on");
        LoopbackScenes.ShouldBeEqual(_scene.Group, _scene.Alice, _scene.Bob);
    }
}
