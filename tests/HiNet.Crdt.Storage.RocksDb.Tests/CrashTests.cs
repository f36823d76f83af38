using System.Globalization;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Tests.Storage;

namespace HiNet.Crdt.Storage.RocksDb.Tests;

/// <summary>The writer's process is killed, again and again, wherever it happens to be.</summary>
public sealed class CrashTests : IDisposable
{
    private const int Kills = 20;
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task After_kill_9_every_acknowledged_batch_is_there_and_every_batch_is_whole()
    {
        var random = new Random(1);
        long last = -1;
        for (var kill = 0; kill < Kills; kill++)
        {
            last = Math.Max(last, await WriteAndKillAsync(acknowledgements: random.Next(0, 300)));
            last = await CheckAsync(last);
        }

        last.ShouldBeGreaterThan(Kills);
    }

    private async Task<long> WriteAndKillAsync(int acknowledgements)
    {
        using var child = new ChildProcess(StoreChild.WriteForEver, _directory.Path);
        (await child.ReadLineAsync()).ShouldBe("open");
        long last = -1;
        for (var i = 0; i < acknowledgements; i++)
        {
            last = long.Parse(await child.ReadLineAsync(), CultureInfo.InvariantCulture);
        }

        // The last piece may be a line that the kill cut short: it is not an acknowledgement.
        foreach (var line in (await child.KillAsync())[..^1])
        {
            last = long.Parse(line, CultureInfo.InvariantCulture);
        }

        return last;
    }

    private async Task<long> CheckAsync(long acknowledged)
    {
        await using var store = RocksDbStore.At(_directory.Path).Open();
        var entries = store.Records(ColumnFamily.Entries, [], []);
        entries.Count.ShouldBeGreaterThan((int)acknowledged);
        for (var number = 0; number < entries.Count; number++)
        {
            entries[number].Key.ShouldBe(StoreReading.Key(number));
            entries[number].Value.AsSpan().SequenceEqual(StoreChild.ValueOf(number)).ShouldBeTrue();
        }

        StoreChild.Count(store, ColumnFamily.Timeline).ShouldBe(entries.Count);
        store.TryGet(ColumnFamily.Meta, "last"u8, out var last).ShouldBe(entries.Count > 0);
        last.ShouldBe(entries.Count > 0 ? StoreReading.Key(entries.Count - 1) : null);
        return entries.Count - 1;
    }
}
