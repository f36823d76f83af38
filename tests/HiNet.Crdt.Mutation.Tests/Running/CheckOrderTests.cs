using HiNet.Crdt.Mutation.Mutants;
using HiNet.Crdt.Mutation.Running;

namespace HiNet.Crdt.Mutation.Tests.Running;

public class CheckOrderTests
{
    private const string Own = "HiNet.Crdt.Core.Tests.Log.FrontierTests.It_holds";
    private const string Quick = "HiNet.Crdt.Core.Tests.Sync.SegmentTests.It_holds";
    private const string Slow = "HiNet.Crdt.Core.Tests.Sync.SegmentTests.It_takes_long";

    private static readonly Mutant s_mutant = new(1, "00", "Log/Frontier.Codec.cs", 1, "Frontier.Encode", MutantKind.Number, "1", "2");

    private static readonly CheckProfile[] s_checks = [Check("seed 2", 20), Check(Slow, 300), Check("seed 1", 30), Check(Own, 40), Check(Quick, 1)];

    [Fact]
    public void The_files_own_tests_come_first_then_the_quick_ones_then_the_seeds() =>
        Names(new CheckOrder(TimeSpan.FromSeconds(9))).ShouldBe([Own, Quick, Slow, "seed 2", "seed 1"]);

    [Fact]
    public void What_noticed_others_of_the_file_comes_before_them()
    {
        var order = new CheckOrder(TimeSpan.FromSeconds(9));
        order.Noticed(s_mutant, Slow);
        order.Noticed(s_mutant, "seed 1");
        order.Noticed(s_mutant with { File = "Log/Entry.cs" }, Quick);
        Names(order).ShouldBe([Slow, Own, Quick, "seed 1", "seed 2"]);
    }

    [Fact]
    public void What_does_not_fit_is_left_out_and_the_nearest_come_first() =>
        Names(new CheckOrder(TimeSpan.FromMilliseconds(100))).ShouldBe([Own, Quick, "seed 2", "seed 1"]);

    [Fact]
    public void The_tests_of_the_files_folder_fit_before_quicker_ones_of_others()
    {
        const string Neighbour = "HiNet.Crdt.Core.Tests.Log.EntryTests.It_holds";
        var order = new CheckOrder(TimeSpan.FromMilliseconds(170));
        order.Order(s_mutant, [.. s_checks, Check(Neighbour, 45), Check(Quick + "_again", 2)]).Select(check => check.Name)
            .ShouldBe([Own, Neighbour, "seed 2", "seed 1"]);
    }

    private static IEnumerable<string> Names(CheckOrder order) => order.Order(s_mutant, s_checks).Select(check => check.Name);

    private static CheckProfile Check(string name, double milliseconds) => new(name, milliseconds, TimeSpan.Zero, 0, [0, 1]);
}
