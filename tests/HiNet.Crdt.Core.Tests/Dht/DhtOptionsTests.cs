using HiNet.Crdt.Core.Dht;

namespace HiNet.Crdt.Core.Tests.Dht;

public sealed class DhtOptionsTests
{
    private static readonly TimeSpan s_instant = TimeSpan.FromTicks(1);

    [Fact]
    public void The_defaults_are_those_of_the_specification()
    {
        var options = new DhtOptions();
        options.Validate();
        options.BucketSize.ShouldBe(20);
        options.Concurrency.ShouldBe(3);
        options.DisjointPaths.ShouldBe(4);
        options.InitialTimeout.ShouldBe(TimeSpan.FromSeconds(1));
        options.MinTimeout.ShouldBe(TimeSpan.FromSeconds(0.2));
        options.MaxTimeout.ShouldBe(TimeSpan.FromSeconds(3));
        options.QuestionableAfter.ShouldBe(TimeSpan.FromMinutes(10));
        options.MaxFailures.ShouldBe(2);
        options.RefreshAfter.ShouldBe(TimeSpan.FromHours(1));
        options.KeepEvery.ShouldBe(TimeSpan.FromMinutes(5));
        options.KeepPause.ShouldBe(TimeSpan.FromSeconds(10));
        options.RepublishEvery.ShouldBe(TimeSpan.FromHours(1));
        options.MaxLifetime.ShouldBe(TimeSpan.FromHours(29));
        options.NetworkPerBucket.ShouldBe(2);
        options.NetworkPerTable.ShouldBe(8);
        options.SlotsPerTarget.ShouldBe(64);
        options.SlotsPerSource.ShouldBe(256);
        options.MaxSlots.ShouldBe(8_192);
        options.QueriesPerSecond.ShouldBe(40);
        options.QueryBurst.ShouldBe(120);
        options.AgreementsPerSecond.ShouldBe(2_000);
        options.ExemptRanges.ShouldBe([AddressRange.LoopbackIPv4, AddressRange.LoopbackIPv6]);
    }

    [Fact]
    public void The_smallest_and_the_largest_of_each_are_allowed()
    {
        new DhtOptions
        {
            BucketSize = 1,
            Concurrency = 1,
            DisjointPaths = 1,
            MaxFailures = 1,
            SlotsPerTarget = 1,
            SlotsPerSource = 1,
            MaxSlots = 1,
            QueriesPerSecond = 1,
            QueryBurst = 1,
            AgreementsPerSecond = 1,
            InitialTimeout = s_instant,
            MinTimeout = s_instant,
            MaxTimeout = s_instant,
            RefreshAfter = s_instant,
            KeepEvery = s_instant,
            KeepPause = s_instant,
            RepublishEvery = s_instant,
            QuestionableAfter = s_instant,
        }.Validate();
        new DhtOptions { BucketSize = 20, Concurrency = 16, DisjointPaths = 8 }.Validate();
    }

    [Fact]
    public void What_is_out_of_its_range_is_refused()
    {
        var good = new DhtOptions();
        Refused(good with { BucketSize = 0 });
        Refused(good with { BucketSize = 21 });
        Refused(good with { Concurrency = 0 });
        Refused(good with { Concurrency = 17 });
        Refused(good with { DisjointPaths = 0 });
        Refused(good with { DisjointPaths = 9 });
        Refused(good with { InitialTimeout = TimeSpan.Zero });
        Refused(good with { MinTimeout = TimeSpan.Zero });
        Refused(good with { MaxTimeout = good.MinTimeout - s_instant });
        Refused(good with { MaxFailures = 0 });
        Refused(good with { RefreshAfter = TimeSpan.Zero });
        Refused(good with { KeepEvery = TimeSpan.Zero });
        Refused(good with { KeepPause = TimeSpan.Zero });
        Refused(good with { RepublishEvery = TimeSpan.Zero });
        Refused(good with { QuestionableAfter = TimeSpan.Zero });
        Refused(good with { SlotsPerTarget = 0 });
        Refused(good with { SlotsPerSource = 0 });
        Refused(good with { MaxSlots = 0 });
        Refused(good with { QueriesPerSecond = 0 });
        Refused(good with { QueryBurst = 0 });
        Refused(good with { AgreementsPerSecond = 0 });
    }

    private static void Refused(DhtOptions options) => Should.Throw<ArgumentOutOfRangeException>(options.Validate);
}
