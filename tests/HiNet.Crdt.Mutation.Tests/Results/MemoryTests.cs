using HiNet.Crdt.Mutation.Mutants;
using HiNet.Crdt.Mutation.Results;

namespace HiNet.Crdt.Mutation.Tests.Results;

public sealed class MemoryTests : IDisposable
{
    private const string Test = "HiNet.Crdt.Core.Tests.Log.EntryTests.It_holds";

    private static readonly Mutant s_mutant = new(1, "0011", "Log/Entry.cs", 1, "Entry.Id", MutantKind.Number, "1", "2");

    private readonly string _folder = Directory.CreateTempSubdirectory("hinet-mutation").FullName;

    public MemoryTests()
    {
        Write("core/Log/Entry.cs", "one");
        Write("tests/Log/EntryTests.cs", "one");
        Write("tests/Log/FrontierTests.cs", "one");
        Write("tests/Log/Chain.cs", "one");
        Write("simulation/World.cs", "one");
    }

    [Fact]
    public void A_kill_is_believed_until_its_file_or_its_test_changes()
    {
        Keep(new Verdict(s_mutant, Outcome.KilledByTest, Test, "1 should be 2", 3));
        Write("tests/Log/FrontierTests.cs", "two");
        Write("simulation/World.cs", "two");
        Find().ShouldBe(new Verdict(s_mutant, Outcome.KilledByTest, Test, "1 should be 2", 3, IsOld: true));
        Write("tests/Log/EntryTests.cs", "two");
        Find().ShouldBeNull();
        Write("tests/Log/EntryTests.cs", "one");
        Find().ShouldNotBeNull();
        Write("core/Log/Entry.cs", "two");
        Find().ShouldBeNull();
    }

    [Fact]
    public void A_kill_is_believed_until_what_tests_share_changes()
    {
        Keep(new Verdict(s_mutant, Outcome.KilledByTest, Test, "1 should be 2", 3));
        Write("tests/Log/Chain.cs", "two");
        Find().ShouldBeNull();
        Write("tests/Log/Chain.cs", "one");
        Find().ShouldNotBeNull();
        Write("tests/Support/Hex.cs", "new");
        Find().ShouldBeNull();
    }

    [Fact]
    public void A_survivor_is_believed_until_anything_changes()
    {
        Keep(new Verdict(s_mutant, Outcome.Survived, Checks: 9));
        Find()!.Outcome.ShouldBe(Outcome.Survived);
        Write("tests/Log/FrontierTests.cs", "two");
        Find().ShouldBeNull();
    }

    [Fact]
    public void A_kill_by_a_seed_is_believed_until_the_simulator_changes()
    {
        Keep(new Verdict(s_mutant, Outcome.KilledBySeed, "seed 4", "convergence: no", 3));
        Write("tests/Log/EntryTests.cs", "two");
        Find().ShouldNotBeNull();
        Write("simulation/World.cs", "two");
        Find().ShouldBeNull();
    }

    [Fact]
    public void Half_a_line_is_no_line()
    {
        Keep(new Verdict(s_mutant, Outcome.KilledByTest, Test, "no", 3));
        File.AppendAllText(Results, "{\"Key\":\"00");
        Find().ShouldNotBeNull();
    }

    [Fact]
    public void What_is_to_be_forgotten_is()
    {
        Keep(new Verdict(s_mutant, Outcome.KilledByTest, Test, "no", 3));
        using var memory = new Memory(Results, Fingerprints, isForgotten: true);
        memory.Find(s_mutant).ShouldBeNull();
    }

    [Fact]
    public void What_a_run_that_believes_nothing_does_not_run_is_kept_for_later_ones()
    {
        Keep(new Verdict(s_mutant, Outcome.KilledByTest, Test, "no", 3));
        new Memory(Results, Fingerprints, isForgotten: true).Dispose();
        Find().ShouldNotBeNull();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Results => Path.Combine(_folder, "results.jsonl");

    private Fingerprints Fingerprints => new(Path.Combine(_folder, "core"), Path.Combine(_folder, "tests"), Path.Combine(_folder, "simulation"), "settings");

    private void Keep(Verdict verdict)
    {
        using var memory = new Memory(Results, Fingerprints, isForgotten: false);
        memory.Keep(verdict);
    }

    private Verdict? Find()
    {
        using var memory = new Memory(Results, Fingerprints, isForgotten: false);
        return memory.Find(s_mutant);
    }

    private void Write(string file, string text)
    {
        var path = Path.Combine(_folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
