using HiNet.Crdt.Cli.Output;
using Spectre.Console;

namespace HiNet.Crdt.Cli.Tests.Output;

public sealed class HangingTextTests
{
    [Fact]
    public void What_is_too_long_for_the_terminal_goes_on_below_and_set_in() =>
        Lines("10:00:00 Mallory: " + new string('x', 25) + " 10:00:01 Alice: I owe Mallory money", 44)
            .ShouldAllBe(line => line.StartsWith("10:00:00 Mallory", StringComparison.Ordinal) || line.StartsWith("    ", StringComparison.Ordinal));

    [Fact]
    public void So_does_a_line_that_its_writer_broke() =>
        Lines("Mallory: hello\nAlice: I owe Mallory money", 80).ShouldBe(["Mallory: hello", "    Alice: I owe Mallory money"]);

    [Fact]
    public void What_fits_stays_as_it_is() => Lines("[bold]Alice[/]: hello", 80).ShouldBe(["Alice: hello"]);

    private static string[] Lines(string markup, int width)
    {
        var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
        console.Profile.Width = width;
        console.Write(new HangingText(markup));
        var text = output.ToString();
        text.ShouldEndWith("\n");
        return text[..^1].Split('\n');
    }
}
