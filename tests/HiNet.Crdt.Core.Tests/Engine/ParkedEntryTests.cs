using Google.Protobuf;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>Entries from the future wait, unseen by anyone, until they are due.</summary>
public sealed class ParkedEntryTests
{
    private static readonly TimeSpan s_tolerance = Limits.FutureTolerance;

    private readonly HostileScene _scene = new();

    private HostileMember Mallory => _scene.Mallory;

    [Fact]
    public void An_entry_from_the_future_is_neither_applied_nor_relayed_nor_referenced_until_it_is_due()
    {
        var early = Write("early", s_tolerance + TimeSpan.FromMinutes(5));
        Mallory.Give(_scene.Alice, Mallory.Sign(early));
        _scene.Alice.Send(_scene.Group, "meanwhile");
        _scene.World.Pass(TimeSpan.FromMinutes(4));

        _scene.Alice.Texts(_scene.Group).ShouldBe([.. _scene.Before, "meanwhile"]);
        _scene.Bob.Texts(_scene.Group).ShouldBe([.. _scene.Before, "meanwhile"]);
        _scene.Alice.Reader.StatusOf(_scene.Group).Parked.ShouldBe(1);
        _scene.Bob.Reader.StatusOf(_scene.Group).Parked.ShouldBe(0);
        LoopbackScenes.ShouldBeEqual(_scene.Group, _scene.Alice, _scene.Bob);
        var parked = _scene.Alice.Events.OfType<EntriesParked>().ShouldHaveSingleItem();
        parked.Conversation.ShouldBe(_scene.Group);
        parked.Device.ShouldBe(Mallory.Secrets.Device);

        _scene.World.Pass(TimeSpan.FromMinutes(2));
        _scene.Alice.Texts(_scene.Group).ShouldBe([.. _scene.Before, "meanwhile", "early"]);
        _scene.Alice.Reader.StatusOf(_scene.Group).Parked.ShouldBe(0);
        _scene.World.Pass(TimeSpan.FromMinutes(10));
        _scene.ShouldGoOn("meanwhile", "early");
    }

    [Fact]
    public void What_waited_is_not_shown_as_waiting_once_a_restart_has_forgotten_it()
    {
        Mallory.Give(_scene.Alice, Mallory.Sign(Write("early", s_tolerance + TimeSpan.FromMinutes(5))));
        _scene.Alice.Reader.StatusOf(_scene.Group).Parked.ShouldBe(1);
        _scene.Alice.Restart();
        _scene.Alice.Reader.StatusOf(_scene.Group).Parked.ShouldBe(0);
    }

    [Fact]
    public void What_is_parked_while_a_batch_is_being_written_is_told_of_with_the_next_one()
    {
        var peer = Mallory.Link(_scene.Alice);
        _scene.Alice.HoldWrites = true;
        peer.Send(Mallory.Sign(Mallory.Say("in flight")));
        peer.Send(Mallory.Sign(Write("early", s_tolerance + TimeSpan.FromMinutes(5))));
        _scene.Alice.ReleaseWrite();
        _scene.World.Run();
        _scene.Alice.Events.OfType<EntriesParked>().ShouldBeEmpty();
        _scene.Alice.ReleaseWrite();
        _scene.World.Run();
        _scene.Alice.Events.OfType<EntriesParked>().ShouldHaveSingleItem();
    }

    [Fact]
    public void Just_within_the_tolerance_is_not_the_future()
    {
        Mallory.Give(_scene.Alice, Mallory.Sign(Write("nearly", s_tolerance - TimeSpan.FromSeconds(1))));
        _scene.Alice.Hits("log.parked").ShouldBe(0);
        _scene.World.Pass(TimeSpan.FromMinutes(10));
        _scene.ShouldGoOn("nearly");
    }

    [Fact]
    public void A_part_of_a_run_from_the_future_parks_and_what_comes_before_it_reaches_everyone_now()
    {
        var now = Mallory.Say("now");
        var never = Write("in a hundred years", TimeSpan.FromDays(36_500));
        Mallory.Give(_scene.Alice, Mallory.Sign(now, never));
        _scene.Alice.Restart();
        _scene.World.Link(_scene.Alice, _scene.Bob);
        _scene.ShouldGoOn("now");
    }

    [Fact]
    public void Parking_is_bounded_and_what_gave_way_comes_again_later()
    {
        var head = Mallory.Head;
        var entries = Enumerable.Range(0, Limits.ParkedEntries + 200)
            .Select(i => Write($"{i}", s_tolerance + TimeSpan.FromMinutes(5))).ToList();
        Mallory.Head = head;
        var runs = Runs(entries);
        Mallory.Give(_scene.Alice, [.. runs.AsEnumerable().Reverse()]);
        _scene.Alice.Reader.StatusOf(_scene.Group).Parked.ShouldBe(Limits.ParkedEntries);

        _scene.World.Pass(TimeSpan.FromMinutes(8));
        _scene.Alice.Reader.StatusOf(_scene.Group).Parked.ShouldBe(0);
        Mallory.Give(_scene.Alice, runs);
        _scene.World.Pass(TimeSpan.FromMinutes(3));
        _scene.ShouldGoOn([.. Enumerable.Range(0, entries.Count).Select(i => $"{i}")]);
    }

    [Fact]
    public void An_invitation_to_a_group_that_comes_due_adds_the_group()
    {
        var direct = _scene.Alice.Direct(Mallory.Node);
        var member = new HostileMember(_scene.World, Mallory.Node, direct);
        var body = new GroupInvitationBody
        {
            Group = ByteString.CopyFrom(Support.TestKeys.Named("a group").ToArray()),
            ControlKey = ByteString.CopyFrom(new byte[32]),
            Name = "from the future",
        };
        var draft = member.Draft(EntryKind.GroupInvitation);
        var hlc = HybridTimestamp.FromMilliseconds(_scene.World.Wall + (long)TimeSpan.FromMinutes(6).TotalMilliseconds);
        member.Give(_scene.Alice, member.Sign(member.Write(draft with { Hlc = hlc }, body)));
        _scene.Alice.Hits("log.parked").ShouldBe(1);

        _scene.World.Pass(TimeSpan.FromMinutes(3));
        _scene.Alice.Events.OfType<ConversationAdded>().ShouldContain(e => e.Name == "from the future");
        _scene.ShouldGoOn();
    }

    [Fact]
    public void Two_honest_nodes_whose_clocks_are_far_apart_converge()
    {
        var world = new LoopbackWorld();
        var (alice, bob) = world.Contacts("alice", "bob");
        bob.Skew = (long)TimeSpan.FromMinutes(20).TotalMilliseconds;
        bob.ReadClock();
        world.Link(alice, bob);
        var direct = alice.Direct(bob);
        bob.Send(direct, "from ahead");
        alice.Send(direct, "from behind");
        world.Pass(TimeSpan.FromSeconds(5));
        alice.Texts(direct).ShouldBe(["from behind"]);
        world.Pass(TimeSpan.FromMinutes(30));
        alice.Texts(direct).Count.ShouldBe(2);
        LoopbackScenes.ShouldBeEqual(direct, alice, bob);
    }

    private SignedRun[] Runs(IEnumerable<Entry> entries) =>
        [.. entries.GroupBy(entry => SegmentRule.LastCovering(entry.Header.Seq)).Select(run => Mallory.Sign([.. run]))];

    private Entry Write(string text, TimeSpan ahead)
    {
        var draft = Mallory.Draft();
        var hlc = HybridTimestamp.FromMilliseconds(_scene.World.Wall + (long)ahead.TotalMilliseconds);
        return Mallory.Write(draft with { Hlc = draft.Hlc > hlc ? draft.Hlc : hlc }, new MessageBody { Text = text });
    }
}
