using HiNet.Crdt.Cli.Output;
using HiNet.Crdt.LocalApi;
using Spectre.Console;

namespace HiNet.Crdt.Cli.Chat;

/// <summary>A chat over pipes: lines in, lines out.</summary>
internal sealed class PlainScreen(IAnsiConsole console, CliEnvironment environment) : IChatScreen
{
    private const int LongestLine = 1 << 20;

    private readonly Lock _gate = new();

    public void Show(string markup)
    {
        lock (_gate)
        {
            console.Write(new HangingText(markup));
            environment.Out.Flush();
        }
    }

    public IAsyncEnumerable<string> ReadLinesAsync(CancellationToken cancellationToken) =>
        LineReader.ReadLinesAsync(environment.Input, LongestLine, cancellationToken);

    public void Dispose()
    {
    }
}
