using HiNet.Crdt.Simulation.Traces;

namespace HiNet.Crdt.Simulation.Tests.Traces;

public sealed class CausalTraceReaderTests
{
    [Fact]
    public void Lines_become_entries_with_parents_before_children()
    {
        var trace = Read(Line(3, "a", 1), Line(1, "b"), Line(2, "a", 1, 3));
        trace.Entries.Select(entry => entry.Id).ShouldBe([1, 3, 2]);
        trace.Entries[2].Parents.ShouldBe([0, 1]);
        trace.Authors.ShouldBe(["b", "a"]);
    }

    [Theory]
    [InlineData("line 2: entry 2 names the parent 9, which is not in the file", new[] { 1L }, new[] { 2L, 9 })]
    [InlineData("is its own ancestor", new[] { 1L }, new[] { 2L, 3 }, new[] { 3L, 2 })]
    [InlineData("entry 2 is its own ancestor", new[] { 1L, 2 }, new[] { 2L, 2 })]
    [InlineData("line 2: the id 1 occurs twice", new[] { 1L }, new[] { 1L })]
    public void Dangling_and_cyclic_parents_are_named(string expected, params long[][] lines) =>
        Should.Throw<TraceFormatException>(() => Read([.. lines.Select(line => Line(line[0], "a", line[1..]))])).Message.ShouldContain(expected);

    [Theory]
    [InlineData("")]
    [InlineData("\n \n")]
    [InlineData("{")]
    [InlineData("[1]")]
    [InlineData("{\"id\": 1}")]
    [InlineData("{\"id\": \"x\", \"parents\": [], \"author\": \"a\", \"text\": \"\"}")]
    [InlineData("{\"id\": 1, \"parents\": [\"x\"], \"author\": \"a\", \"text\": \"\"}")]
    public void What_is_no_trace_is_refused_with_its_line(string text) =>
        Should.Throw<TraceFormatException>(() => CausalTraceReader.Read(new StringReader(text))).Message.ShouldStartWith("line 1: ");

    private static CausalTrace Read(params string[] lines) => CausalTraceReader.Read(new StringReader(string.Join('\n', lines)));

    private static string Line(long id, string author, params long[] parents) =>
        $$"""{"id": {{id}}, "parents": [{{string.Join(", ", parents)}}], "author": "{{author}}", "time": 5, "text": "t{{id}}"}""";
}
