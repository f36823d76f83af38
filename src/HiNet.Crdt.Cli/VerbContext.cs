using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using HiNet.Crdt.Cli.Home;
using HiNet.Crdt.Cli.Output;
using HiNet.Crdt.LocalApi;
using HiNet.Crdt.LocalApi.Client;
using Spectre.Console;

namespace HiNet.Crdt.Cli;

/// <summary>One verb's run: its arguments, its home and its output.</summary>
internal sealed class VerbContext
{
    private readonly ParseResult _parse;
    private readonly GlobalOptions _options;
    private readonly Lazy<IAnsiConsole> _console;

    public VerbContext(ParseResult parse, CliEnvironment environment, GlobalOptions options)
    {
        _parse = parse;
        _options = options;
        Environment = environment;
        IsJson = parse.GetValue(options.Json);
        _console = new Lazy<IAnsiConsole>(environment.ConsoleForPeople);
    }

    public CliEnvironment Environment { get; }

    public bool IsJson { get; }

    /// <summary>Standard output for people.</summary>
    public IAnsiConsole Console => _console.Value;

    public HomeDirectory Home => HomeDirectory.Resolve(_parse.GetValue(_options.Home), Environment.Variable);

    public T? Value<T>(Option<T> option) => _parse.GetValue(option);

    public T Value<T>(Argument<T> argument) => _parse.GetValue(argument)!;

    /// <summary>The passphrase, or null for an unsealed home.</summary>
    public string? Passphrase() => HiNet.Crdt.Cli.Home.Passphrase.Read(_parse.GetValue(_options.PassphraseFile), Environment.Variable);

    /// <summary>The running node of the home, or the home opened for this verb.</summary>
    public Task<NodeSession> OpenAsync(CancellationToken cancellationToken) =>
        NodeAccess.OpenAsync(Home, Environment.Nodes, Passphrase, cancellationToken);

    /// <summary>The running node of the home, for what only a running one can tell.</summary>
    /// <exception cref="HiNetException">None runs.</exception>
    public async Task<INodeApi> ConnectAsync(CancellationToken cancellationToken) =>
        await LocalApiClient.TryConnectAsync(Home.Path, cancellationToken).ConfigureAwait(false)
            ?? throw new HiNetException($"No node runs on the home {Home.Path}; start it with 'hinet --home {Home.Path} run'.");

    /// <summary>Prints a result: a line of JSON, or what people read.</summary>
    public void Print<T>(T value, JsonTypeInfo<T> type, Func<T, string> markup)
    {
        if (IsJson)
        {
            Environment.Out.Write(JsonSerializer.Serialize(value, type));
            Environment.Out.Write('\n');
        }
        else
        {
            Console.Write(new HangingText(markup(value)));
        }
    }

    /// <summary>Says something to a person, beside the result.</summary>
    public void Note(string sentence) => Environment.Error.WriteLine($"hinet: {TerminalText.Clean(sentence)}");

    public void Flush() => Environment.Out.Flush();
}
