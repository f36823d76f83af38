using FsCheck;
using FsCheck.Fluent;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Log;

public sealed class SegmentRuleTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(63, 1)]
    [InlineData(64, 1)]
    [InlineData(65, 65)]
    [InlineData(127, 65)]
    [InlineData(128, 65)]
    [InlineData(129, 129)]
    [InlineData(ulong.MaxValue, ulong.MaxValue - 62)]
    public void A_signature_reaches_back_to_the_beginning_of_its_segment(ulong seq, ulong first) => SegmentRule.FirstCovered(seq).ShouldBe(first);

    [Fact]
    public void A_path_to_a_signature_never_has_more_than_64_headers() => Prop.ForAll(Generators.UInt64.ToArbitrary(), seq =>
    {
        (seq - SegmentRule.FirstCovered(seq)).ShouldBeLessThan((ulong)SegmentRule.Period);
        SegmentRule.Covers(seq, seq).ShouldBeTrue();
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_obligatory_signatures_cover_every_seq_once()
    {
        ulong[] signed = [.. Enumerable.Range(0, 1_000).Select(i => (ulong)i).Where(SegmentRule.MustSign)];
        for (ulong seq = 0; seq < 900; seq++)
        {
            signed.Count(s => SegmentRule.Covers(s, seq)).ShouldBe(1);
            SegmentRule.Covers(SegmentRule.LastCovering(seq), seq).ShouldBeTrue();
        }
    }

    [Fact]
    public void The_last_covering_seq_saturates() => SegmentRule.LastCovering(ulong.MaxValue - 1).ShouldBe(ulong.MaxValue);
}
