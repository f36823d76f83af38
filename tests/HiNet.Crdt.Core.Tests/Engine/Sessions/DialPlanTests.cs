using HiNet.Crdt.Core.Engine.Sessions;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Tests.Engine.Sessions;

/// <summary>When an address is dialled again, and when it is given up.</summary>
public sealed class DialPlanTests : IRandomSource
{
    private const string Home = "home:1";
    private const int Tried = DialPlan.MostTried;

    private static readonly TimeSpan s_long = TimeSpan.FromHours(1);

    private readonly DialPlan _plan;
    private readonly List<(RandomStream Stream, ulong Counter)> _draws = [];
    private ulong _drawn;
    private Instant _now = new(1_000_000);

    public DialPlanTests() => _plan = new DialPlan(this);

    [Fact]
    public void An_address_that_is_kept_is_dialled_at_once_and_not_again_until_that_has_failed()
    {
        _plan.Deadline.ShouldBe(Instant.Never);
        _plan.Keep(Home, _now);
        _plan.Deadline.ShouldBe(_now);
        Dialled().ShouldBe([Home]);
        _plan.Deadline.ShouldBe(Instant.Never);
        _plan.Due(_now + s_long).ShouldBeEmpty();
        _plan.Keep(Home, _now);
        _plan.Deadline.ShouldBe(Instant.Never);
    }

    [Fact]
    public void Where_nobody_has_answered_for_long_is_given_up_until_somebody_does()
    {
        _plan.Keep(Home, _now);
        Delays(40);
        _plan.IsGivenUp(Home).ShouldBeFalse();
        Delays(1);
        _plan.IsGivenUp(Home).ShouldBeTrue();
        _plan.Succeeded(Home);
        _plan.IsGivenUp(Home).ShouldBeFalse();
        _plan.IsGivenUp("nowhere:1").ShouldBeFalse();
    }

    [Fact]
    public void What_is_forgotten_is_dialled_no_more_and_makes_room_for_another()
    {
        _plan.Keep(Home, _now);
        for (var i = 0; i < Tried; i++)
        {
            _plan.Try($"seen-{i}:1", DialSource.Dht, _now);
        }

        _plan.Forget(Home);
        _plan.Forget("seen-0:1");
        _plan.Forget("nowhere:1");
        _plan.Try("late:1", DialSource.Dht, _now);
        var due = Dialled();
        due.Count.ShouldBe(Tried);
        due.ShouldContain("late:1");
        due.ShouldContain("seen-1:1", "nobody had to give way");
        due.ShouldNotContain(Home);
        due.ShouldNotContain("seen-0:1");
    }

    [Fact]
    public void Delays_begin_at_a_quarter_of_a_second_and_double_up_to_fifteen()
    {
        _plan.Keep(Home, _now);
        Delays(9).ShouldBe(new[] { 250.0, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000 }.Select(delay => delay * 3 / 4));
    }

    [Fact]
    public void After_forty_failures_in_a_row_an_address_is_dialled_only_every_few_minutes()
    {
        _plan.Keep(Home, _now);
        Delays(40)[^1].ShouldBe(15_000.0 * 3 / 4);
        Delays(2).ShouldBe([300_000.0 * 3 / 4, 300_000.0 * 3 / 4]);
    }

    [Theory]
    [InlineData(0, 187.5)]
    [InlineData(1_249_990, 187.5 + 124.999)]
    [InlineData(1_250_000, 187.5)]
    [InlineData(1_250_010, 187.5 + 0.001)]
    public void Delays_are_drawn_from_three_quarters_to_five_quarters(ulong drawn, double milliseconds)
    {
        _drawn = drawn;
        _plan.Keep(Home, _now);
        Delays(1)[0].ShouldBe(milliseconds, 1e-6);
    }

    [Fact]
    public void Each_delay_is_a_draw_of_its_own()
    {
        _plan.Keep(Home, _now);
        Delays(3);
        _draws.ShouldBe([(RandomStream.DialBackoff, 0), (RandomStream.DialBackoff, 1), (RandomStream.DialBackoff, 2)]);
    }

    [Fact]
    public void A_link_that_came_up_starts_the_delays_anew()
    {
        _plan.Keep(Home, _now);
        Delays(5);
        _now = _plan.Deadline;
        Dialled().ShouldBe([Home]);
        _plan.Succeeded(Home);
        _plan.Failed(Home, _now);
        (_plan.Deadline - _now).TotalMilliseconds.ShouldBe(187.5);
    }

    [Fact]
    public void An_end_that_no_dial_led_to_changes_nothing()
    {
        _plan.Failed("unknown:1", _now);
        _plan.Succeeded("unknown:1");
        _plan.Deadline.ShouldBe(Instant.Never);

        // Two links to one address end, and one dial is due.
        _plan.Keep(Home, _now);
        Delays(1);
        var deadline = _plan.Deadline;
        _plan.Failed(Home, _now + TimeSpan.FromMilliseconds(50));
        _plan.Deadline.ShouldBe(deadline);
    }

    [Fact]
    public void An_address_where_somebody_was_seen_is_dialled_four_times()
    {
        _plan.Try(Home, DialSource.Dht, _now);
        _plan.Deadline.ShouldBe(_now);
        Delays(3).Count.ShouldBe(3);
        FailOnce().ShouldBe(Instant.Never);
        _plan.Due(_now + s_long).ShouldBeEmpty();

        // Somebody is seen there once more.
        _plan.Try(Home, DialSource.Dht, _now);
        _plan.Deadline.ShouldBe(_now);
        Delays(3);
        FailOnce().ShouldBe(Instant.Never);
    }

    [Fact]
    public void Whoever_is_seen_again_is_dialled_at_once_and_four_times_more()
    {
        _plan.Try(Home, DialSource.Dht, _now);
        Delays(3);
        _plan.Try(Home, DialSource.Dht, _now);
        _plan.Deadline.ShouldBe(_now);
        Delays(3).ShouldBe([187.5, 375, 750]);
        FailOnce().ShouldBe(Instant.Never);
    }

    [Fact]
    public void Whoever_is_seen_where_a_link_is_up_is_not_dialled()
    {
        _plan.Keep(Home, _now);
        Dialled().ShouldBe([Home]);
        _plan.Try(Home, DialSource.Dht, _now);
        _plan.Deadline.ShouldBe(Instant.Never);
    }

    [Fact]
    public void An_address_that_is_kept_is_never_given_up_whoever_was_seen_there()
    {
        _plan.Keep(Home, _now);
        Delays(3);
        _plan.Try(Home, DialSource.Dht, _now);
        _plan.Deadline.ShouldBe(_now);
        Delays(6).ShouldBe([187.5, 375, 750, 1_500, 3_000, 6_000]);

        const string Other = "other:1";
        _plan.Try(Other, DialSource.Dht, _now);
        _plan.Keep(Other, _now);
        for (var i = 0; i < 6; i++)
        {
            Dialled().ShouldContain(Other);
            _plan.Failed(Other, _now);
            _now += s_long;
        }
    }

    [Fact]
    public void Of_too_many_addresses_those_that_were_named_first_are_tried_no_more()
    {
        Fill(Tried);

        // Named again is not named first; kept ones do not count.
        _plan.Try(Address(0), DialSource.Dht, _now);
        _plan.Keep(Address(1), _now);
        _plan.Try("instead of the kept one", DialSource.Dht, _now);
        Dialled().Count.ShouldBe(Tried + 1);
        _plan.Try("one too many", DialSource.Dht, _now);
        Dialled().ShouldBe(["one too many"]);
        _plan.Failed(Address(0), _now);
        _now += s_long;
        Dialled().ShouldBeEmpty("it gave way");
        _plan.Failed(Address(2), _now);
        _now += s_long;
        Dialled().ShouldBe([Address(2)]);
    }

    [Fact]
    public void An_address_that_led_to_somebody_who_is_linked_already_makes_room_unless_it_is_kept()
    {
        Fill(Tried);
        _plan.Keep(Home, _now);
        Dialled().Count.ShouldBe(Tried + 1);
        _plan.Found(Address(5));
        _plan.Found(Home);
        _plan.Found("nowhere:1");
        _plan.Try("instead", DialSource.Dht, _now);
        _plan.Failed(Address(0), _now);
        _plan.Failed(Address(5), _now);
        _plan.Failed(Home, _now);
        _now += s_long;
        Dialled().Order().ShouldBe(new[] { Address(0), Home, "instead" }.Order());
    }

    public ulong Draw(RandomStream stream, ulong counter)
    {
        _draws.Add((stream, counter));
        return _drawn;
    }

    private static string Address(int number) => $"{number:000}:1";

    private void Fill(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _plan.Try(Address(i), DialSource.Dht, _now);
        }
    }

    /// <summary>Dials when it is time, fails at once, and says how long it then waits.</summary>
    private List<double> Delays(int failures)
    {
        var delays = new List<double>();
        for (var i = 0; i < failures; i++)
        {
            var next = FailOnce();
            next.ShouldNotBe(Instant.Never);
            delays.Add((next - _now).TotalMilliseconds);
        }

        return delays;
    }

    private Instant FailOnce()
    {
        _now = _plan.Deadline;
        Dialled().ShouldBe([Home]);
        _plan.Failed(Home, _now);
        return _plan.Deadline;
    }

    [Fact]
    public void No_more_dials_are_under_way_than_there_is_room_for_and_what_others_name_takes_none_of_what_is_kept()
    {
        Fill(Tried);
        _plan.Due(_now).Count().ShouldBe(DialPlan.MostTriedAtOnce);
        _plan.Due(_now).ShouldBeEmpty();
        _plan.Deadline.ShouldBe(Instant.Never);

        for (var i = 0; i <= DialPlan.MostKeptAtOnce; i++)
        {
            _plan.Keep($"kept:{i}", _now);
        }

        _plan.Deadline.ShouldBe(_now);
        var kept = _plan.Due(_now).ToList();
        kept.Count.ShouldBe(DialPlan.MostKeptAtOnce);
        kept.ShouldAllBe(address => address.StartsWith("kept:", StringComparison.Ordinal));
        _plan.Deadline.ShouldBe(Instant.Never);

        _plan.Ended(kept[0]);
        _plan.Due(_now).ToList().ShouldHaveSingleItem().ShouldStartWith("kept:");
    }

    [Fact]
    public void Whoever_names_addresses_without_end_on_the_LAN_holds_up_neither_what_is_found_in_the_DHT_nor_what_is_kept()
    {
        for (var i = 0; i < 10 * Tried; i++)
        {
            _plan.Try($"lan:{i}", DialSource.Lan, _now);
        }

        _plan.Due(_now).Count().ShouldBe(DialPlan.MostTriedAtOnce);
        _plan.Try(Home, DialSource.Dht, _now);
        for (var i = 0; i < 10 * Tried; i++)
        {
            _plan.Try($"lan:{-i}", DialSource.Lan, _now);
        }

        _plan.Keep("kept:1", _now);
        _plan.Due(_now).ShouldBe([Home, "kept:1"]);
    }

    [Fact]
    public void What_is_to_be_kept_from_later_on_is_dialled_then()
    {
        _plan.Keep(Home, _now + s_long).ShouldBeTrue();
        _plan.Keep(Home, _now).ShouldBeFalse();
        _plan.Due(_now).ShouldBeEmpty();
        _plan.Deadline.ShouldBe(_now + s_long);
    }

    [Fact]
    public void An_address_that_gave_way_counts_until_its_dial_has_ended()
    {
        Fill(Tried);
        var underWay = _plan.Due(_now).ToList();
        for (var i = 0; i < Tried; i++)
        {
            _plan.Try($"newer:{i}", DialSource.Dht, _now);
        }

        _plan.Due(_now).ShouldBeEmpty();
        _plan.Ended(underWay[0]);
        _plan.Ended("never dialled:1");
        _plan.Due(_now).ToList().ShouldHaveSingleItem().ShouldStartWith("newer:");
    }

    /// <summary>Those that are due, whose dials end at once.</summary>
    private List<string> Dialled()
    {
        var all = new List<string>();
        while (_plan.Due(_now).ToList() is { Count: > 0 } due)
        {
            all.AddRange(due);
            due.ForEach(_plan.Ended);
        }

        return all;
    }
}
