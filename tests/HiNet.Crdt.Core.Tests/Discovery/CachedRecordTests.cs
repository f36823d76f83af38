using HiNet.Crdt.Core.Discovery;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Tests.Discovery;

public sealed class CachedRecordTests
{
    private readonly LinkBench _bench = new();

    [Fact]
    public void A_record_is_asked_for_again_at_80_85_90_and_95_percent_of_its_time_each_plus_up_to_2()
    {
        foreach (var (draw, thousandths) in LinkBench.EndsOf(0, 20))
        {
            _bench.Drawn = draw;
            var record = Record(1000);
            foreach (var thousandth in new[] { 800, 850, 900, 950 })
            {
                var due = At(thousandth + thousandths);
                record.NextRefresh.ShouldBe(due);
                record.Next.ShouldBe(due);
                record.TryRefresh(new Instant(due.Microseconds - 1)).ShouldBeFalse();
                record.TryRefresh(due).ShouldBeTrue();
            }

            record.NextRefresh.ShouldBe(Instant.Never);
            record.Next.ShouldBe(At(1000));
            record.TryRefresh(At(1000)).ShouldBeFalse();
        }
    }

    [Theory]
    [InlineData(1u, 10)]
    [InlineData(10u, 10)]
    [InlineData(11u, 11)]
    [InlineData(4500u, 4500)]
    [InlineData(4501u, 4500)]
    [InlineData(uint.MaxValue, 4500)]
    public void A_time_to_live_of_10_to_4500_seconds_is_believed(uint seconds, int believed) => Record(seconds).Expires.ShouldBe(At(believed));

    [Fact]
    public void What_is_said_to_be_over_has_a_second_left_and_is_not_asked_for()
    {
        var record = Record(1000);
        record.ExpireSoon(At(100));
        record.Expires.ShouldBe(At(101));
        record.NextRefresh.ShouldBe(Instant.Never);
        record.TryRefresh(At(900)).ShouldBeFalse();
        record.IsExpired(At(100.9)).ShouldBeFalse();
        record.IsExpired(At(101)).ShouldBeTrue();
        record.ExpireSoon(At(100.5));
        record.Expires.ShouldBe(At(101));
    }

    [Theory]
    [InlineData(0, 1000u)]
    [InlineData(499.5, 500u)]
    [InlineData(500, 0u)]
    [InlineData(600, 0u)]
    [InlineData(1000, 0u)]
    [InlineData(1001, 0u)]
    public void A_record_is_a_known_answer_while_more_than_half_of_its_time_is_left(double after, uint seconds) =>
        Record(1000).KnownSeconds(At(after)).ShouldBe(seconds);

    private CachedRecord Record(uint seconds) => new(new DnsData.Text(new byte[1]), seconds, _bench.Context, _bench.Now);

    private Instant At(double seconds) => _bench.Now + TimeSpan.FromSeconds(seconds);
}
