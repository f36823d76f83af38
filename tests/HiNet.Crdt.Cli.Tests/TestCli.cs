using System.Text;
using System.Text.Json;
using HiNet.Crdt.Cli.Home;
using HiNet.Crdt.LocalApi.Tests.Fakes;

namespace HiNet.Crdt.Cli.Tests;

/// <summary>A home in a folder of its own whose node is a fake, and command lines run on it in this process.</summary>
internal sealed class TestCli : IHomeNodes, IDisposable
{
    private FakeNode? _node;

    public string Home { get; init; } = Directory.CreateTempSubdirectory("hinet-test-").FullName;

    public FakeNode Node => _node ??= new FakeNode();

    public FakeLinks Links { get; } = new(1);

    public FakeDht Dht { get; } = new();

    /// <summary>Whether standard output is a terminal.</summary>
    public bool IsTerminal { get; init; }

    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>What the node was last opened with.</summary>
    public NodeOpening? Opening { get; private set; }

    public static TestCli WithIdentity()
    {
        var cli = new TestCli();
        _ = cli.Node;
        return cli;
    }

    public bool HasIdentity(HomeDirectory home) => _node is not null;

    public Task<OpenedNode> OpenAsync(HomeDirectory home, NodeOpening opening, CancellationToken cancellationToken)
    {
        Opening = opening;
        var isNew = _node is null;
        _node ??= new FakeNode(opening.Name!);
        var phrase = isNew ? string.Join(' ', Enumerable.Range(1, 24).Select(i => $"word{i}")) : null;
        return Task.FromResult(new OpenedNode(_node, Links, phrase, opening.Passphrase is null, new Nothing()) { Dht = Dht });
    }

    public Task<Outcome> RunAsync(params string[] arguments) => RunWithInputAsync([], arguments);

    public Task<Outcome> RunWithInputAsync(string input, params string[] arguments) =>
        RunWithInputAsync(Encoding.UTF8.GetBytes(input), arguments);

    public async Task<Outcome> RunWithInputAsync(byte[] input, params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await Application(output, error, new MemoryStream(input))
            .RunAsync(["--home", Home, .. arguments], Bounded.Token());
        return new Outcome(code, output.ToString(), error.ToString());
    }

    public CliApplication Application(TextWriter output, TextWriter error, Stream input) => new(new CliEnvironment
    {
        Out = output,
        Error = error,
        Input = input,
        Output = Stream.Null,
        IsOutputTerminal = IsTerminal,
        Variable = name => Variables.GetValueOrDefault(name),
        Nodes = this,
    });

    /// <summary>The node of this home, running until it is disposed.</summary>
    public async Task<RunningNode> StartAsync(params string[] options)
    {
        var output = new LineWriter();
        var stop = CancellationTokenSource.CreateLinkedTokenSource(Bounded.Token());
        var running = Application(output, TextWriter.Null, Stream.Null).RunAsync(["--home", Home, "--json", "run", .. options], stop.Token);
        await output.NextAsync();
        return new RunningNode(running, stop, output);
    }

    public void Dispose()
    {
        _node?.Dispose();
        if (Directory.Exists(Home))
        {
            Directory.Delete(Home, recursive: true);
        }
    }

    internal sealed record Outcome(int Code, string Out, string Error)
    {
        /// <summary>Standard output as JSON objects: one a line and nothing else.</summary>
        public List<JsonElement> Lines()
        {
            Out.ShouldSatisfyAllConditions(o => (o.Length == 0 || o.EndsWith('\n')).ShouldBeTrue());
            return [.. Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonSerializer.Deserialize<JsonElement>(l))];
        }

        public JsonElement Line() => Lines().ShouldHaveSingleItem();
    }

    internal sealed record RunningNode(Task<int> Running, CancellationTokenSource Stop, LineWriter Output) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Stop.CancelAsync();
            (await Running.WaitAsync(Bounded.Time)).ShouldBe(0);
            Stop.Dispose();
            Output.Dispose();
        }
    }

    private sealed class Nothing : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
