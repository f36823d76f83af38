using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using HiNet.Crdt.Cli.Output;
using HiNet.Crdt.LocalApi;
using HiNet.Crdt.LocalApi.Client;

namespace HiNet.Crdt.Cli.Demo;

/// <summary>One person's <c>hinet run</c>, in a process of its own.</summary>
internal sealed partial class DemoNode(string name, string home) : IAsyncDisposable
{
    private const int Terminate = 15;
    private static readonly TimeSpan StopBound = TimeSpan.FromSeconds(10);

    private Process? _process;
    private LocalApiClient? _client;

    public string Name { get; } = name;

    public string Identity { get; private set; } = string.Empty;

    public string Listen { get; private set; } = string.Empty;

    /// <summary>The last line on standard error that was more than a warning.</summary>
    public string? LastError { get; private set; }

    public int ProcessId => _process?.Id ?? 0;

    /// <summary>The running node.</summary>
    public LocalApiClient Api => _client ?? throw new InvalidOperationException($"{Name} does not run.");

    /// <summary><c>hinet init</c>.</summary>
    public async Task InitAsync(CancellationToken cancellationToken)
    {
        using var process = Start("init", "--name", Name);
        var line = await process.StandardOutput.ReadLineAsync(cancellationToken).ConfigureAwait(false);
        await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        if (line is null || process.ExitCode != 0)
        {
            throw new HiNetException($"'hinet init' failed for {Name}.");
        }

        Identity = JsonSerializer.Deserialize(line, CliJson.Shared.CreatedIdentity)!.Identity;
    }

    /// <summary><c>hinet run</c>, until it says that it is ready.</summary>
    public async Task RunAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        _process = Start(["run", .. arguments]);
        var line = await _process.StandardOutput.ReadLineAsync(cancellationToken).ConfigureAwait(false)
            ?? throw new HiNetException($"'hinet run' ended before it was ready for {Name}.");
        Listen = JsonSerializer.Deserialize(line, CliJson.Shared.ReadyLine)!.Listen ?? string.Empty;
        _ = DrainAsync(_process.StandardOutput);
        _client = new LocalApiClient(LocalSocket.PathFor(home));
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _process!.Kill();
        await EndAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>SIGTERM, and the exit code that came of it.</summary>
    public async Task<int> StopAsync(CancellationToken cancellationToken)
    {
        _ = Signal(_process!.Id, Terminate);
        return await EndAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is null)
        {
            return;
        }

        using var bound = new CancellationTokenSource(StopBound);
        _process.Kill();
        await EndAsync(bound.Token).ConfigureAwait(false);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int processId, int signal);

    private static async Task DrainAsync(StreamReader output)
    {
        while (await output.ReadLineAsync().ConfigureAwait(false) is not null)
        {
            // The pipe must not fill up; what happens is read from the API.
        }
    }

    private async Task<int> EndAsync(CancellationToken cancellationToken)
    {
        await _process!.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        var code = _process.ExitCode;
        _process.Dispose();
        _process = null;
        if (_client is not null)
        {
            await _client.DisposeAsync().ConfigureAwait(false);
            _client = null;
        }

        return code;
    }

    private Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo
        {
            FileName = Environment.ProcessPath!,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "hinet.dll"));
        }

        foreach (var argument in (string[])["--home", home, "--json", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Remove("HINET_PASSPHRASE");
        var process = Process.Start(start) ?? throw new HiNetException($"A process for {Name} cannot be started.");
        process.StandardInput.Close();
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { Length: > 0 } text && !text.Contains("warning:", StringComparison.Ordinal))
            {
                LastError = text;
            }
        };
        process.BeginErrorReadLine();
        return process;
    }
}
