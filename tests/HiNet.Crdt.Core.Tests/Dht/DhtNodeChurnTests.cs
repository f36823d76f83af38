using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Dht;

/// <summary>What silences make a node do, round by round; <see cref="DhtChurnTests"/> has what comes of it in a network.</summary>
public sealed class DhtNodeChurnTests
{
    [Fact]
    public void Of_sixteen_queries_five_silences_halve_the_time_and_one_at_most_doubles_it()
    {
        // A table that is full asks each earlier contact once. Hardly any time passes, so that nothing else is asked.
        var wait = TimeSpan.FromMilliseconds(1);
        var node = new LoneNode(new DhtOptions { BucketSize = 1, InitialTimeout = wait, MinTimeout = wait, MaxTimeout = wait });
        node.Known(node.IdIn(0, "somebody"));
        Round(silent: 4).ShouldBe(600);
        Round(silent: 5).ShouldBe(300);
        Round(silent: 4).ShouldBe(300);
        Round(silent: 2).ShouldBe(300);
        Round(silent: 5).ShouldBe(150);
        Round(silent: 16).ShouldBe(75);
        Round(silent: 16).ShouldBe(75, "an eighth is the least");
        Round(silent: 4).ShouldBe(75);
        Round(silent: 1).ShouldBe(150);
        Round(silent: 0).ShouldBe(300);
        Round(silent: 1).ShouldBe(600);
        Round(silent: 0).ShouldBe(600, "ten minutes is the most");

        double Round(int silent)
        {
            var before = node.Machine.Table.QuestionableAfter;
            for (var i = 0; i < 16; i++)
            {
                node.Machine.Table.QuestionableAfter.ShouldBe(before, "fewer than sixteen do not tell");
                node.Remember(node.Other(isSilent: i < silent));
                node.Run(wait);
            }

            return node.Machine.Table.QuestionableAfter.TotalSeconds;
        }
    }

    [Fact]
    public void A_silent_contact_is_asked_again_at_once_only_if_others_were_heard_after_it_was_asked()
    {
        // One after the other is asked, so that the second is asked at the moment at which the first answers.
        var node = new LoneNode(new DhtOptions { Concurrency = 1, MaxFailures = 3 });
        var target = new DhtId(TestKeys.Named("target"));
        var (first, silent) = (node.Known(target), node.Known(node.IdIn(0, "far"), isSilent: true));
        node.Command(new DhtOperation.FindNode(target.Value));
        node.RunTo(TimeSpan.FromSeconds(5));
        node.Asked(silent, DatagramKind.FindNode).ShouldBe([0]);
        node.Asked(silent).ShouldBeEmpty("nobody was heard since");

        node.Command(new DhtOperation.FindNode(target.Value));
        node.Run(TimeSpan.FromSeconds(0.1));
        node.Command(new DhtOperation.Ping(first.Endpoint));
        node.RunTo(TimeSpan.FromSeconds(10));
        node.Asked(silent, DatagramKind.FindNode).ShouldBe([0, 5]);
        node.Asked(silent).ShouldBe([5.2]);
    }

    [Fact]
    public void A_contact_that_has_moved_is_not_asked_for_what_it_missed_at_the_old_place()
    {
        var node = new LoneNode();
        var target = new DhtId(TestKeys.Named("target"));
        var (silent, other) = (node.Known(target, isSilent: true), node.Other());
        node.Command(new DhtOperation.FindNode(target.Value));
        node.Run(TimeSpan.FromSeconds(0.1));
        node.Command(new DhtOperation.Ping(other.Endpoint));
        var entry = node.Machine.Table.Entry(target)!;
        (entry.Peer, entry.Failures) = (new DhtPeer(silent.Contact with { Endpoint = TestNetwork.EndpointOf(900) }, target), 1);
        node.RunTo(TimeSpan.FromSeconds(1.1));
        node.Counted(DhtInstruments.TimedOut).ShouldBe(1);
        node.Queries.ShouldNotContain(sent => sent.To == entry.Peer.Endpoint && sent.Kind == DatagramKind.Ping);
        entry.Failures.ShouldBe(1);
    }

    [Fact]
    public void With_few_contacts_a_node_comes_in_again_twice_as_long_after_each_time()
    {
        var node = new LoneNode(new DhtOptions { RefreshAfter = TimeSpan.FromSeconds(80) });
        node.Run(TimeSpan.FromMinutes(10));
        node.Bootstrap(node.Other());
        node.Run(TimeSpan.FromSeconds(500));

        // After 30, 60 and then 80 seconds, at the next round of 30.
        node.LookedUp().ShouldBe([600, 630, 660, 720, 810, 900, 990, 1_080]);
    }

    [Fact]
    public void At_the_most_an_hour_passes_until_a_node_comes_in_again()
    {
        var node = new LoneNode();
        node.Bootstrap(node.Other());
        node.Run(TimeSpan.FromHours(3.1));
        node.LookedUp().ShouldBe([0, 30, 60, 120, 240, 480, 960, 1_920, 3_840, 7_440, 11_040]);
    }

    [Fact]
    public void While_it_comes_in_a_node_does_not_begin_again_and_waits_no_longer_for_that()
    {
        // The first lookup takes longer than the round of 30 seconds.
        var wait = TimeSpan.FromSeconds(40);
        var node = new LoneNode(new DhtOptions { InitialTimeout = wait, MinTimeout = wait, MaxTimeout = wait });
        var other = node.Other();
        other.Answers = sent => sent.Kind == DatagramKind.Ping || sent.At > TimeSpan.Zero ? new DhtAnswer() : null;
        node.Bootstrap(other);
        node.RunTo(TimeSpan.FromSeconds(160));
        node.LookedUp().ShouldBe([0, 60, 90, 150]);
    }

    [Fact]
    public void Ten_contacts_lost_are_reason_to_look_around_and_nine_are_not()
    {
        var node = new LoneNode(new DhtOptions { BucketSize = 4, MaxFailures = 1 });
        var names = 0;
        foreach (var bucket in new[] { 1, 2, 3 })
        {
            node.Known(node.IdIn(bucket, "lives"));
        }

        node.RunTo(TimeSpan.FromSeconds(121));
        Lose(10);
        node.RunTo(TimeSpan.FromSeconds(200));
        Lose(9);
        node.RunTo(TimeSpan.FromSeconds(280));
        Lose(9);
        node.RunTo(TimeSpan.FromSeconds(359));

        // 30 to 120 and 240 because there are few, and then from the beginning again: the ten lost at 121 were reason to look around at 150. The nine
        // behind it were none, and counted no more when nine others were lost behind 270.
        node.LookedUp().ShouldBe([30, 60, 120, 150, 240, 270, 330]);
        node.Counted(DhtInstruments.TableDropped).ShouldBe(28);

        void Lose(int count)
        {
            // Fewer than four answer, so all that are known are asked.
            for (var i = 0; i < count; i++)
            {
                node.Known(node.IdIn(10 + i, $"lost {names++}"), isSilent: true);
            }

            node.Command(new DhtOperation.FindNode(TestKeys.Named("target")));
        }
    }
}
