using System.Diagnostics;
using System.IO.Pipelines;
using HiNet.Crdt.Integration.Tests.Support;
using HiNet.Crdt.Storage.RocksDb.Tests;
using HiNet.Crdt.Transport;

namespace HiNet.Crdt.Integration.Tests;

/// <summary>Links over byte streams that are not sockets of ours.</summary>
public sealed class StreamTests : IAsyncLifetime, IDisposable
{
    private const int Count = 200;
    private readonly TemporaryDirectory _directory = new();
    private HiNetNode _alice = null!;
    private HiNetNode _bob = null!;

    public async Task InitializeAsync()
    {
        _alice = await Nodes.StartAsync(_directory.Combine("alice"), "Alice", listens: true);
        _bob = await Nodes.StartAsync(_directory.Combine("bob"), "Bob");
    }

    public async Task DisposeAsync()
    {
        await _alice.DisposeAsync();
        await _bob.DisposeAsync();
    }

    public void Dispose() => _directory.Dispose();

    [ProgramFact("mkfifo")]
    public async Task Two_nodes_joined_by_two_named_pipes_talk()
    {
        var (there, back) = (_directory.Combine("there"), _directory.Combine("back"));
        using (var mkfifo = Process.Start("mkfifo", [there, back]))
        {
            await mkfifo.WaitForExitAsync().WaitAsync(Until.Patience);
        }

        // Opening one end of a pipe waits for the other.
        var opening = await Task.WhenAll(
            Task.Run(() => Open(there, FileAccess.Read)),
            Task.Run(() => Open(there, FileAccess.Write)),
            Task.Run(() => Open(back, FileAccess.Read)),
            Task.Run(() => Open(back, FileAccess.Write))).WaitAsync(Until.Patience);
        var a = _alice.AttachAsync(new DuplexStream(opening[0], opening[3]), isInitiator: false);
        var b = _bob.AttachAsync(new DuplexStream(opening[2], opening[1]), isInitiator: true);

        await TalkAsync();
        await _bob.DisposeAsync();
        await Task.WhenAll(a, b).WaitAsync(Until.Patience);
    }

    [Fact]
    public async Task Two_nodes_joined_by_a_pair_in_memory_talk()
    {
        var there = new Pipe();
        var back = new Pipe();
        var a = _alice.AttachAsync(new DuplexStream(there.Reader.AsStream(), back.Writer.AsStream()), isInitiator: false);
        var b = _bob.AttachAsync(new DuplexStream(back.Reader.AsStream(), there.Writer.AsStream()), isInitiator: true);

        await TalkAsync();
        await _alice.DisposeAsync();
        await Task.WhenAll(a, b).WaitAsync(Until.Patience);
    }

    [ProgramFact("nc")]
    public async Task Two_nodes_joined_by_netcat_talk()
    {
        var address = _alice.ListenAddress!.Split(':');
        using var netcat = Process.Start(new ProcessStartInfo("nc", [address[0], address[1]])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        try
        {
            var link = _bob.AttachAsync(
                new DuplexStream(netcat.StandardOutput.BaseStream, netcat.StandardInput.BaseStream), isInitiator: true);
            await TalkAsync();
            await _alice.DisposeAsync();
            await link.WaitAsync(Until.Patience);
        }
        finally
        {
            if (!netcat.HasExited)
            {
                netcat.Kill();
            }
        }
    }

    private async Task TalkAsync()
    {
        // An invite without an address that anybody answers at: the stream is the only way.
        await Nodes.MeetAsync(_alice, _bob, "127.0.0.1:1");
        var (hers, his) = await Nodes.OpenDirectAsync(_alice, _bob);
        using var heard = new Listener(his.EventsFrom(EventCursor.Start));
        await Task.WhenAll(Enumerable.Range(0, Count).Select(number => hers.SendAsync($"{number}"))).WaitAsync(Until.Patience);
        await Until.TrueAsync(() => heard.All<MessageAdded>().Count >= Count, "every message has arrived");
        heard.Texts.ShouldBe(Enumerable.Range(0, Count).Select(number => $"{number}"));
        await his.SendAsync("back to you");
        await Nodes.ConvergeAsync(hers, his);
        hers.ReadPage(1)[0].Text.ShouldBe("back to you");
    }

    // Without a buffer of its own: bytes go on as they come.
    private static FileStream Open(string path, FileAccess access) => new(path, FileMode.Open, access, FileShare.ReadWrite, bufferSize: 0);
}
