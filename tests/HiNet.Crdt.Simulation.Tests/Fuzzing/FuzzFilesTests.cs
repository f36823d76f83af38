using System.Runtime.CompilerServices;
using HiNet.Crdt.Simulation.Failures;
using HiNet.Crdt.Simulation.Fuzzing;

namespace HiNet.Crdt.Simulation.Tests.Fuzzing;

/// <summary>Every case of <c>sim/fuzz</c>, for ever, and the format of its file.</summary>
public sealed class FuzzFilesTests
{
    public static TheoryData<string> Files() => [.. Names()];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_bug_of_the_past_stays_fixed(string name)
    {
        var report = Fuzzer.Replay(FuzzFailure.Parse(Read(name)));
        report.Result.ShouldBe(SimulationResult.Pass, $"{report.Oracle}: {report.Problem}");
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_is_written_as_it_was_read(string name) => FuzzFailure.Parse(Read(name)).Write().ShouldBe(Read(name));

    [Fact]
    public void Every_file_has_its_row() =>
        Names().Where(name => !File.ReadAllText(Path.Combine(Folder(), "README.md")).Contains($"`{name}.json`", StringComparison.Ordinal)).ShouldBeEmpty();

    [Theory]
    [InlineData("\"fuzz\": 1", "\"fuzz\": 2", "field fuzz")]
    [InlineData("\"entries\"", "\"nothing\"", "field target")]
    [InlineData("\"introduce\"", "\"dance\"", "field operations[0].do")]
    [InlineData("\"size\": 3", "\"size\": -3", "field operations[0].size")]
    [InlineData("\"size\": 3", "\"length\": 3", "\"length\" is unknown here")]
    [InlineData("\"seed\": 40", "\"seed\": 1.5", "field seed")]
    public void What_is_not_allowed_is_named_with_its_line(string text, string other, string expected) =>
        Should.Throw<FailureFormatException>(() => FuzzFailure.Parse(Read("epoch-that-does-not-open").Replace(text, other, StringComparison.Ordinal)))
            .Message.ShouldContain(expected);

    private static IEnumerable<string> Names() =>
        Directory.EnumerateFiles(Folder(), "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);

    private static string Read(string name) => File.ReadAllText(Path.Combine(Folder(), name + ".json"));

    private static string Folder([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", "sim", "fuzz"));
}
