using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Tests.Engine;

public sealed class ClockTests
{
    [Fact]
    public void Timestamps_rise_also_when_the_wall_clock_steps_back_and_the_node_restarts()
    {
        var world = new LoopbackWorld();
        var (alice, bob) = world.Contacts("alice", "bob");
        var direct = alice.Direct(bob);
        var texts = new List<string?>();
        for (var i = 0; i < 6; i++)
        {
            texts.Add($"message {i}");
            alice.Send(direct, texts[^1]!);
            alice.Skew -= (long)TimeSpan.FromHours(5).TotalMilliseconds;
            if (i % 2 == 0)
            {
                alice.ReadClock();
            }
            else
            {
                alice.Restart();
                world.Link(alice, bob);
            }

            world.Pass(TimeSpan.FromSeconds(1));
        }

        foreach (var node in new[] { alice, bob })
        {
            node.Texts(direct).ShouldBe(texts);
            node.Reader.Page(direct, 10, null).Select(m => m.Time).ShouldBeInOrder();
        }

        // Bob's receipts lie a day in the future for Alice; once her clock is right again they are due.
        alice.Skew = 0;
        alice.ReadClock();
        world.Pass(TimeSpan.FromMinutes(2));
        LoopbackScenes.ShouldBeEqual(direct, alice, bob);
    }

    [Fact]
    public void A_timestamp_at_the_end_of_a_millisecond_goes_on_into_the_next()
    {
        var scene = new HostileScene();
        var draft = scene.Mallory.Draft();
        var last = new HybridTimestamp(draft.Hlc.Value | 0xffff);
        scene.Mallory.Give(scene.Alice, scene.Mallory.Sign(scene.Mallory.Write(draft with { Hlc = last }, new MessageBody { Text = "end" })));
        scene.ShouldGoOn("end");
    }

    [Fact]
    public void A_backdated_message_is_marked_as_late_and_stands_where_its_time_says()
    {
        var scene = new HostileScene();
        scene.World.Pass(TimeSpan.FromMinutes(10));
        scene.Alice.Send(scene.Group, "newest");
        scene.World.Pass(TimeSpan.FromSeconds(1));
        var draft = scene.Mallory.Draft();
        var past = draft.Parents.Append(draft.Previous!.Value).Max(id => scene.Mallory.HeaderOf(id).Hlc);
        var late = scene.Mallory.Write(draft with { Hlc = past.Next() }, new MessageBody { Text = "backdated" });
        scene.Mallory.Give(scene.Alice, scene.Mallory.Sign(late));
        scene.World.Pass(TimeSpan.FromSeconds(2));
        foreach (var node in new[] { scene.Alice, scene.Bob })
        {
            var page = node.Reader.Page(scene.Group, 10, null);
            page.Select(m => m.Text).ShouldBe(["I am mallory", "backdated", "newest"]);
            page.Select(m => m.IsLate).ShouldBe([false, true, false]);
            node.Reader.Events(scene.Group, default, 1000).OfType<MessageAdded>().Select(e => e.Message.Text)
                .ShouldBe(["I am mallory", "newest", "backdated"]);
        }

        LoopbackScenes.ShouldBeEqual(scene.Group, scene.Alice, scene.Bob);
    }

    [Theory]
    [InlineData(-10, -5)]
    [InlineData(-3, 0)]
    [InlineData(10, 0)]
    public void A_node_whose_clock_is_far_from_that_of_two_contacts_says_so_and_writes_with_theirs_or_as_near_as_may_be(int off, int written)
    {
        var world = new LoopbackWorld();
        var (alice, bob) = world.Contacts("alice", "bob");
        var carol = world.Befriend(alice, "carol");
        LoopbackScenes.Introduce(bob, carol);
        world.Unlink(alice, carol);
        carol.Skew = (long)TimeSpan.FromMinutes(off).TotalMilliseconds;
        carol.ReadClock();
        world.Link(carol, alice);
        world.Link(carol, bob);
        world.Pass(TimeSpan.FromSeconds(2));
        carol.Events.OfType<ClockCorrected>().ShouldHaveSingleItem().Offset.TotalMinutes.ShouldBe(-off, 0.1);
        var direct = carol.Direct(alice);
        carol.Send(direct, "on time");
        world.Pass(TimeSpan.FromSeconds(1));
        var expected = world.Wall + (long)TimeSpan.FromMinutes(written).TotalMilliseconds;
        alice.Reader.Page(direct, 1, null)[0].Time.ToUnixTimeMilliseconds().ShouldBeInRange(expected - 5_000, expected + 5_000);
    }

    [Fact]
    public void Clocks_of_members_who_are_no_contacts_count_for_nothing()
    {
        var world = new LoopbackWorld();
        var (alice, bob) = world.Contacts("alice", "bob");
        LoopbackNode[] sybils = [.. Enumerable.Range(0, 3).Select(i => world.Befriend(bob, $"sybil {i}"))];
        var group = bob.Group("team", [alice, .. sybils]);
        world.Pass(TimeSpan.FromSeconds(5));
        foreach (var sybil in sybils)
        {
            sybil.Skew = 50L * 365 * 86_400_000;
            sybil.ReadClock();
            world.Link(sybil, alice);
        }

        world.Pass(TimeSpan.FromSeconds(5));
        alice.Ends.Count.ShouldBeGreaterThan(3, "they are members, and linked");
        alice.Events.OfType<ClockCorrected>().ShouldBeEmpty();
        alice.Send(group, "on time");
        alice.Reader.Page(group, 1, null)[0].Time.ToUnixTimeMilliseconds().ShouldBeInRange(world.Wall - 5_000, world.Wall + 5_000);
    }

    [Fact]
    public void After_a_sleep_in_which_the_monotonic_clock_stood_still_the_first_message_is_on_time()
    {
        var world = new LoopbackWorld();
        var (alice, bob) = world.Contacts("alice", "bob");
        var carol = world.Befriend(alice, "carol");
        world.Pass(TimeSpan.FromSeconds(2));
        alice.Skew = 8 * 3_600_000L;
        alice.ReadClock();
        var direct = alice.Direct(bob);
        alice.Send(direct, "good morning");
        alice.Reader.Page(direct, 1, null)[0].Time.ToUnixTimeMilliseconds().ShouldBeInRange(world.Wall + alice.Skew - 5_000, world.Wall + alice.Skew + 5_000);
        alice.Ends.Count.ShouldBe(0, "on new ones everyone says what time it is");
        alice.Hits("clock.went.forward").ShouldBe(1);
        carol.Identity.ShouldNotBe(bob.Identity);
    }
}
