using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HiNet.Crdt.Interop.Tests;

/// <summary>A child process that runs <c>tests/interop/link-peer.mjs</c>.</summary>
internal sealed class JavaScriptLinkPeer : IAsyncDisposable
{
    private readonly Process _process;

    private JavaScriptLinkPeer(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is { } text)
            {
                Events.Add(JsonNode.Parse(text)!.AsObject());
            }
        };
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { } text)
            {
                Events.Add(new JsonObject { ["event"] = "stderr", ["text"] = text });
            }
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public EventLog<JsonObject> Events { get; } = new();

    public static JavaScriptLinkPeer Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("node", ["link-peer.mjs", .. arguments])
        {
            WorkingDirectory = NodePeers.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new JavaScriptLinkPeer(Process.Start(start)!);
    }

    public static bool Is(JsonObject seen, string name, string? key = null) =>
        (string?)seen["event"] == name && (key is null || (string?)seen["key"] == key);

    public async Task<JsonObject> WaitAsync(string name, string? key = null) => (await Events.WaitAsync(e => Is(e, name, key)))[0];

    public Task<JsonObject[]> WaitAsync(string name, string key, int count) => Events.WaitAsync(e => Is(e, name, key), count);

    /// <summary>From here on the peer accepts channels of a protocol, whatever their id.</summary>
    public async Task PairAsync(string protocol, string handshake = "")
    {
        Command(new { op = "pair", protocol, handshake });
        await WaitAsync("pairing", protocol);
    }

    public void Command(object command)
    {
        _process.StandardInput.WriteLine(JsonSerializer.Serialize(command));
        _process.StandardInput.Flush();
    }

    public async ValueTask DisposeAsync()
    {
        // Its input's end is the script's order to exit.
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
