using HiNet.Crdt.Cli.Home;

namespace HiNet.Crdt.Cli.Tests.Demo;

public sealed class DemoTests
{
    [Fact]
    public async Task Three_processes_talk_crash_part_and_end_with_equal_state_hashes()
    {
        var (output, story) = (new StringWriter(), new StringWriter());
        var application = new CliApplication(new CliEnvironment
        {
            Out = output,
            Error = story,
            Input = Stream.Null,
            Output = Stream.Null,
            Variable = _ => null,
            Nodes = new HiNetHomeNodes(),
        });
        using var bound = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var code = await application.RunAsync(["--json", "demo"], bound.Token);
        code.ShouldBe(0, story.ToString());
        var lines = new TestCli.Outcome(code, output.ToString(), string.Empty).Lines();
        lines.Count.ShouldBe(5);
        lines.ShouldAllBe(l => l.Fields().SequenceEqual(new[] { "name", "conversation", "entries", "stateHash" }));
        lines.GroupBy(l => l.Text("conversation")).ShouldAllBe(group => group.Select(l => l.Text("stateHash")).Distinct().Count() == 1);
        story.ToString().ShouldContain("killed with -9");
    }
}
