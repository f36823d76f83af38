using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace HiNet.Crdt.Simulation.Tests;

public sealed partial class KnownMarksTests
{
    [Fact]
    public void The_list_is_what_the_engine_marks()
    {
        var found = Directory.EnumerateFiles(Path.Combine(Root(), "src", "HiNet.Crdt.Core"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(file => Hit().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups[1].Value + (match.Groups[2].Value == ")" ? string.Empty : "*"))
            .Distinct().Order(StringComparer.Ordinal);
        KnownMarks.All.ShouldBe(found);
    }

    [Fact]
    public void A_mark_with_a_computed_end_is_reached_by_any_end() =>
        KnownMarks.Missed(new SortedDictionary<string, long> { ["log.refused.WrongHlc"] = 1, ["log.fork"] = 2 })
            .ShouldBe(KnownMarks.All.Except(["log.refused.*", "log.fork"]));

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));

    [GeneratedRegex("""Marks\.Hit\("([^"]+)"\s*(\)|\+)""")]
    private static partial Regex Hit();
}
