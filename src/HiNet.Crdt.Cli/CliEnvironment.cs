using System.Text;
using HiNet.Crdt.Cli.Home;
using Spectre.Console;

namespace HiNet.Crdt.Cli;

/// <summary>What the process is given: streams, variables and the way to nodes. Tests hand in their own.</summary>
internal sealed record CliEnvironment
{
    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    public required Stream Input { get; init; }

    /// <summary>Standard output as bytes, for a link, which closes it.</summary>
    public required Stream Output { get; init; }

    public bool IsOutputTerminal { get; init; }

    public bool IsErrorTerminal { get; init; }

    public bool IsInputTerminal { get; init; }

    public required Func<string, string?> Variable { get; init; }

    public required IHomeNodes Nodes { get; init; }

    public static CliEnvironment OfProcess()
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var output = Console.OpenStandardOutput();
        return new CliEnvironment
        {
            Out = new StreamWriter(output, utf8, 16 << 10) { AutoFlush = false },
            Error = new StreamWriter(Console.OpenStandardError(), utf8) { AutoFlush = true },
            Input = Console.OpenStandardInput(),
            Output = Console.OpenStandardOutput(),
            IsOutputTerminal = !Console.IsOutputRedirected,
            IsErrorTerminal = !Console.IsErrorRedirected,
            IsInputTerminal = !Console.IsInputRedirected,
            Variable = Environment.GetEnvironmentVariable,
            Nodes = new HiNetHomeNodes(),
        };
    }

    /// <summary>Standard output for people: colours on a terminal, whole plain lines elsewhere.</summary>
    public IAnsiConsole ConsoleForPeople() => ConsoleOver(Out, IsOutputTerminal);

    /// <summary>Standard error for people: progress and questions.</summary>
    public IAnsiConsole ConsoleForProgress() => ConsoleOver(Error, IsErrorTerminal);

    private static IAnsiConsole ConsoleOver(TextWriter writer, bool isTerminal)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        console.Profile.Width = isTerminal ? TerminalWidth() : 10_000;
        return console;
    }

    private static int TerminalWidth()
    {
        try
        {
            return Math.Max(40, Console.WindowWidth);
        }
        catch (IOException)
        {
            return 80;
        }
    }
}
