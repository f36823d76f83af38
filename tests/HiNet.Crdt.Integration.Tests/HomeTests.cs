using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Cryptography;
using HiNet.Crdt.Integration.Tests.Support;
using HiNet.Crdt.Storage.RocksDb;
using HiNet.Crdt.Storage.RocksDb.Tests;

namespace HiNet.Crdt.Integration.Tests;

/// <summary>Homes that are damaged, taken, sealed or full.</summary>
public sealed class HomeTests : IDisposable
{
    private const int Messages = 400;
    private const int Flips = 24;
    private readonly TemporaryDirectory _directory = new();

    private string Home => _directory.Combine("home");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_flipped_bit_in_a_stored_value_is_reported_in_one_sentence_or_harmless()
    {
        var texts = await WriteAsync(Messages);

        // Two openings: each turns the log of the one before into tables.
        await CountAsync(Home);
        await CountAsync(Home);
        var table = Directory.EnumerateFiles(Home, "*.sst").MaxBy(file => new FileInfo(file).Length)!;
        var reported = 0;
        for (var flip = 0; flip < Flips; flip++)
        {
            using var copy = new TemporaryDirectory();
            CopyHome(Home, copy.Path);
            Flip(copy.Combine(Path.GetFileName(table)), new FileInfo(table).Length * flip / Flips);
            reported += await IsReportedAsync(copy.Path, texts) ? 1 : 0;
        }

        reported.ShouldBeGreaterThan(Flips / 2);
    }

    [Fact]
    public async Task A_home_in_use_by_another_process_is_refused_and_names_it()
    {
        using var child = new ChildProcess("child");
        (await child.ReadLineAsync()).ShouldBe("ready");
        await child.WriteLineAsync($"{NodeChild.Hold} {Home}");
        (await child.ReadLineAsync()).ShouldBe("open");

        (await Should.ThrowAsync<StoreException>(() => Nodes.StartAsync(Home))).Message
            .ShouldBe($"The home at {Home} is in use by another process (pid {child.Id}): stop it or use another home.");

        await child.KillAsync();
        await using var node = await Nodes.StartAsync(Home);
    }

    [Fact]
    public async Task A_wrong_passphrase_is_refused_in_one_sentence_and_the_right_one_still_opens()
    {
        var options = new HiNetOptions { Store = RocksDbStore.At(Home), Passphrase = "correct horse" };
        await using (var node = await HiNetNode.StartAsync(options))
        {
            await (await node.OpenDirectAsync(node.Self.Id)).SendAsync("sealed");
        }

        var refusal = await Should.ThrowAsync<WrongPassphraseException>(
            () => HiNetNode.StartAsync(options with { Passphrase = "battery staple" }));
        refusal.Message.ShouldEndWith(".");
        refusal.Message.ShouldNotContain("battery");
        await using var again = await HiNetNode.StartAsync(options);
        again.Conversations[0].ReadPage().ShouldHaveSingleItem().Text.ShouldBe("sealed");
    }

    [SmallDiskFact]
    public async Task A_full_disk_fails_the_send_in_one_sentence_and_everything_acknowledged_is_there_after_a_restart()
    {
        using var small = new TemporaryDirectory();
        SmallDisk.TryMount(small.Path, megabytes: 6, out var mounted).ShouldBeTrue();
        using var disk = mounted;
        var acknowledged = new List<string>();
        await using (var node = await Nodes.StartAsync(small.Path, bootstrap: "127.0.0.1:1"))
        {
            var notes = await node.OpenDirectAsync(node.Self.Id);
            var full = await Should.ThrowAsync<HiNetException>(() => SendUntilItFailsAsync(notes, acknowledged));
            full.Message.ShouldBe($"The disk that holds {small.Path} is full: free some space and start again.");
            acknowledged.Count.ShouldBeGreaterThan(10);

            node.GetStatus().Problem.ShouldBe(full.Message);
            (await Should.ThrowAsync<HiNetException>(() => notes.SendAsync("again"))).Message.ShouldBe(full.Message);
            notes.ReadAll().Select(message => message.Text).ShouldBe(acknowledged);
            await ShouldBeIdleAsync(node);
        }

        disk.Resize(megabytes: 64);
        await using var restarted = await Nodes.StartAsync(small.Path);
        var found = restarted.Conversations.ShouldHaveSingleItem();
        found.ReadAll().Select(message => message.Text).OfType<string>().Take(acknowledged.Count).ShouldBe(acknowledged);
        await found.SendAsync("and on");
        found.ReadPage(1)[0].Text.ShouldBe("and on");
    }

    private static async Task SendUntilItFailsAsync(IConversation notes, List<string> acknowledged)
    {
        for (var number = 0; number < 10_000; number++)
        {
            var text = $"{number} {new string('x', number * 7919 % 9_000)}";
            await notes.SendAsync(text);
            acknowledged.Add(text);
        }
    }

    // A node that stands still must not spin: it would burn a core for as long as nobody looks.
    private static async Task ShouldBeIdleAsync(HiNetNode node)
    {
        var before = node.Rounds;
        await Until.IsTrueAsync(() => false, TimeSpan.FromSeconds(2));
        (node.Rounds - before).ShouldBeLessThan(10);
    }

    private async Task<List<string>> WriteAsync(int count)
    {
        await using var node = await Nodes.StartAsync(Home);
        var notes = await node.OpenDirectAsync(node.Self.Id);
        var texts = Enumerable.Range(0, count).Select(number => $"{number} {new string((char)('a' + (number % 26)), 300)}").ToList();
        await Task.WhenAll(texts.Select(text => notes.SendAsync(text))).WaitAsync(Until.Patience);
        return texts;
    }

    private static async Task<int> CountAsync(string home)
    {
        await using var node = await Nodes.StartAsync(home);
        return node.Conversations[0].ReadAll().Count;
    }

    private static async Task<bool> IsReportedAsync(string home, List<string> texts)
    {
        try
        {
            await using var node = await Nodes.StartAsync(home);
            var notes = node.Conversations.ShouldHaveSingleItem();
            notes.ReadAll().Select(message => message.Text).ShouldBe(texts);
            notes.GetStatus().Entries.ShouldBeGreaterThan(Messages);
            return false;
        }
        catch (StoreException refusal)
        {
            refusal.Message.ShouldContain(home);
            refusal.Message.ShouldContain("damaged");
            return true;
        }
    }

    // Without LOCK: closing any descriptor of it would drop the lock that this process may hold on it.
    internal static void CopyHome(string home, string target)
    {
        Directory.CreateDirectory(target);
        foreach (var source in Directory.EnumerateFiles(home).Where(file => Path.GetFileName(file) != "LOCK"))
        {
            File.Copy(source, Path.Combine(target, Path.GetFileName(source)));
        }
    }

    private static void Flip(string path, long position)
    {
        using var file = File.Open(path, FileMode.Open);
        file.Position = position;
        var value = file.ReadByte();
        file.Position = position;
        file.WriteByte((byte)(value ^ 0x10));
    }
}
