using HiNet.Crdt.Simulation.Fuzzing;
using HiNet.Crdt.Simulation.Kernel;

namespace HiNet.Crdt.Simulation.Tests.Fuzzing;

public sealed class FuzzerTests
{
    private const int Drawn = 400;

    public static TheoryData<string> Targets() => [.. Fuzzer.Targets];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Cases_of_the_first_seeds_pass_and_run_the_same_twice(string target)
    {
        for (var seed = 1UL; seed <= 12; seed++)
        {
            var report = Fuzzer.Run(target, seed);
            report.Result.ShouldBe(SimulationResult.Pass, $"seed {seed}, {report.Oracle}: {report.Problem}");
            var again = Fuzzer.Run(target, seed);
            again.Hash.ShouldBe(report.Hash);
            again.Kinds.ShouldBe(report.Kinds);
            again.Metrics.ShouldBe(report.Metrics);
        }
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Each_kind_of_operation_is_drawn(string target)
    {
        var drawn = Operations(target).Select(operation => FuzzNames.Of(operation.Kind)).ToHashSet();
        drawn.ShouldBe(Fuzzer.KindsOf(target), ignoreOrder: true);
    }

    [Fact]
    public void Each_kind_twist_and_past_has_a_target_that_draws_it()
    {
        var all = Fuzzer.Targets.SelectMany(Operations).ToList();
        Enum.GetValues<FuzzKind>().Except(all.Select(operation => operation.Kind)).ShouldBeEmpty();
        Enum.GetValues<FuzzTwist>().Except(all.Select(operation => operation.Twist)).ShouldBeEmpty();
        Enum.GetValues<FuzzPast>().Except(all.Select(operation => operation.Past)).ShouldBeEmpty();
    }

    [Fact]
    public void Entries_come_beyond_the_first_check()
    {
        var plain = new FuzzTally(0, 0, 0, 0);
        var twisted = plain;
        for (var seed = 1UL; seed <= 30; seed++)
        {
            foreach (var (name, tally) in Fuzzer.Run("entries", seed).Twists)
            {
                (plain, twisted) = name == "none" ? (plain + tally, twisted) : (plain, twisted + tally);
            }
        }

        // Those with nothing wrong in them are mostly applied; of the others, some are and some are refused.
        plain.Accepted.ShouldBeGreaterThan(plain.Made / 2);
        twisted.Accepted.ShouldBeGreaterThan(twisted.Made / 10);
        twisted.Refused.ShouldBeGreaterThan(twisted.Made / 10);
    }

    [Fact]
    public void What_is_no_target_is_named() =>
        Should.Throw<ArgumentException>(() => Fuzzer.Run("nothing", 1)).Message.ShouldContain("entries, channel, control");

    private static IEnumerable<FuzzOperation> Operations(string target) =>
        Enumerable.Range(1, Drawn).SelectMany(seed => Fuzzer.Find(target).Draw(new KeyedRandom((ulong)seed)));
}
