using HiNet.Crdt.Mutation.Mutants;
using HiNet.Crdt.Mutation.Results;

namespace HiNet.Crdt.Mutation.Tests.Results;

public class ReportTests
{
    private static readonly Verdict[] s_verdicts =
    [
        new(Mutant(1, "Log/Entry.cs"), Outcome.KilledByTest, "a test"),
        new(Mutant(2, "Log/Entry.cs"), Outcome.KilledBySeed, "seed 1"),
        new(Mutant(3, "Log/Entry.cs"), Outcome.TimedOut, "a test"),
        new(Mutant(4, "Log/Entry.cs"), Outcome.Survived, Checks: 7),
        new(Mutant(5, "Log/Entry.cs"), Outcome.Survived, Checks: 7, Explanation: "both are the same"),
        new(Mutant(6, "Engine/Reading/Pager.cs"), Outcome.NotReached),
    ];

    [Fact]
    public void The_table_counts_by_folder_and_leaves_out_what_is_explained() =>
        new Report(s_verdicts).Table().Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))).ShouldBe(
        [
            "folder mutants by test by seed timed out survived not reached explained killed",
            "Engine/Reading 1 0 0 0 0 1 0 0.0 %",
            "Log 5 1 1 1 2 0 1 75.0 %",
            "all 6 1 1 1 2 1 1 60.0 %",
        ]);

    [Fact]
    public void Survivors_are_shown_with_the_line_that_could_be_changed()
    {
        var page = new Report(s_verdicts).Page();
        page.ShouldContain("@@ Log/Entry.cs:40 Entry.Id (7 checks)\n- a < b\n+ a <= b");
        page.ShouldContain("@@ Engine/Reading/Pager.cs:60 Entry.Id (not reached)");
        page.ShouldNotContain(":50");
    }

    private static Mutant Mutant(int id, string file) => new(id, $"{id}", file, 10 * id, "Entry.Id", MutantKind.Boundary, "a < b", "a <= b");
}
