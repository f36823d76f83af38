using HiNet.Crdt.Simulation.Fuzzing;

namespace HiNet.Crdt.Simulation.Tests.Fuzzing;

/// <summary>Mistakes that are planted into every replica of a case. A fuzzer that finds none of them is blind.</summary>
public sealed class FuzzShrinkerTests
{
    private const int MostSeeds = 120;

    [Theory]
    [InlineData(nameof(Canary.BacklinkUnchecked), "applied-fits-past")]
    [InlineData(nameof(Canary.ParentsAppliedLate), null)]
    [InlineData(nameof(Canary.TimeForgottenInRestart), null)]
    [InlineData(nameof(Canary.ParkedRelayed), "applied-fits-past")]
    [InlineData(nameof(Canary.AbsentForGood), "equal-shown")]
    public void A_planted_bug_is_found_and_shrunk_and_its_file_shows_it_again(string bug, string? oracle)
    {
        var planted = new EntriesTarget { Canary = Enum.Parse<Canary>(bug) };
        var found = First(planted);
        if (oracle is not null)
        {
            found.Oracle.ShouldBe(oracle, found.Problem);
        }

        var failure = Fuzzer.Shrink(planted, found);
        failure.Oracle.ShouldBe(found.Oracle);
        failure.Count.ShouldBeLessThanOrEqualTo(Math.Min(6, found.Operations));

        var read = FuzzFailure.Parse(failure.Write());
        read.Write().ShouldBe(failure.Write());
        read.IsShownBy(Fuzzer.Run(planted, read.Seed, read.Operations)).ShouldBeTrue();
        Fuzzer.Replay(read).Result.ShouldBe(SimulationResult.Pass, "the engine as it is has no such bug");
    }

    [Fact]
    public void The_same_failure_shrinks_to_the_same_one()
    {
        var planted = new EntriesTarget { Canary = Canary.ParkedRelayed };
        var found = First(planted);
        Fuzzer.Shrink(planted, found).Write().ShouldBe(Fuzzer.Shrink(planted, found).Write());
    }

    [Fact]
    public void Shrinking_ends_with_its_runs()
    {
        var planted = new EntriesTarget { Canary = Canary.ParkedRelayed };
        var found = First(planted);
        Fuzzer.Shrink(planted, found, runs: 1).Count.ShouldBeInRange(Fuzzer.Shrink(planted, found).Count, found.Operations);
    }

    [Fact]
    public void A_pass_is_not_shrunk() => Should.Throw<ArgumentException>(() => Fuzzer.Shrink(Fuzzer.Run("control", 1)));

    private static FuzzReport First(EntriesTarget target) => Enumerable.Range(1, MostSeeds)
        .Select(seed => Fuzzer.Run(target, (ulong)seed, null))
        .First(report => report.Result != SimulationResult.Pass);
}
