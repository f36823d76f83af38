using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Tests.Storage;

namespace HiNet.Crdt.Storage.RocksDb.Tests;

/// <summary>A disk that returns other bytes than were written is noticed.</summary>
public sealed class DamageTests : IDisposable
{
    private const int Entries = 400;
    private const int Flips = 24;
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_flipped_bit_in_a_table_is_reported_or_harmless_and_never_changes_a_value()
    {
        await WriteAsync();
        await using (RocksDbStore.At(_directory.Path).Open())
        {
            // Opening turns the log into tables.
        }

        (await FlipEverywhereAsync(Largest("*.sst"))).ShouldBeGreaterThan(Flips / 2);
    }

    [Fact]
    public async Task A_flipped_bit_within_the_log_is_reported_and_drops_no_entry_silently()
    {
        await WriteAsync();

        (await FlipEverywhereAsync(Largest("*.log"))).ShouldBeGreaterThan(Flips / 2);
    }

    [Fact]
    public async Task A_flipped_bit_in_the_table_of_contents_is_reported_or_harmless()
    {
        await WriteAsync();
        await using (RocksDbStore.At(_directory.Path).Open())
        {
            // Opening turns the log into tables, and notes them.
        }

        (await FlipEverywhereAsync(Largest("MANIFEST-*"))).ShouldBeGreaterThan(Flips / 2);
    }

    [Fact]
    public async Task A_log_that_breaks_off_in_a_crash_loses_only_its_last_batch()
    {
        using var crashed = new TemporaryDirectory();
        await WriteAsync(beforeClosing: () => CopyTo(crashed));
        Shorten(crashed.Path);

        await using var store = RocksDbStore.At(crashed.Path).Open();
        StoreChild.Count(store, ColumnFamily.Entries).ShouldBe(Entries - 1);
    }

    [Fact]
    public async Task A_log_that_is_shorter_than_it_was_at_closing_is_reported()
    {
        await WriteAsync();
        Shorten(_directory.Path);

        Should.Throw<StoreException>(RocksDbStore.At(_directory.Path).Open).Message.ShouldContain("damaged");
    }

    /// <returns>How many of the flips were reported.</returns>
    private async Task<int> FlipEverywhereAsync(string file)
    {
        var size = new FileInfo(file).Length;
        var reported = 0;
        for (var flip = 0; flip < Flips; flip++)
        {
            using var copy = new TemporaryDirectory();
            CopyTo(copy);
            Flip(copy.Combine(Path.GetFileName(file)), size * flip / Flips);
            reported += await IsReportedAsync(copy.Path) ? 1 : 0;
        }

        return reported;
    }

    private static async Task<bool> IsReportedAsync(string path)
    {
        try
        {
            await using var store = RocksDbStore.At(path).Open();
            var entries = store.Records(ColumnFamily.Entries, [], []);
            entries.Count.ShouldBe(Entries);
            for (var number = 0; number < Entries; number++)
            {
                store.TryGet(ColumnFamily.Entries, StoreReading.Key(number), out var value).ShouldBeTrue();
                value.ShouldBe(StoreChild.ValueOf(number));
                entries[number].Value.ShouldBe(value);
            }

            return false;
        }
        catch (StoreException e)
        {
            e.Message.ShouldContain(path);
            e.Message.ShouldContain("damaged");
            return true;
        }
    }

    private async Task WriteAsync(Action? beforeClosing = null)
    {
        await using var store = RocksDbStore.At(_directory.Path).Open();
        for (var number = 0; number < Entries; number++)
        {
            store.Write(StoreChild.BatchOf(number), sync: false);
        }

        beforeClosing?.Invoke();
    }

    // Without LOCK: closing any descriptor of it would drop the lock that this process may hold on it.
    private void CopyTo(TemporaryDirectory copy)
    {
        foreach (var source in Directory.EnumerateFiles(_directory.Path).Where(file => Path.GetFileName(file) != "LOCK"))
        {
            File.Copy(source, copy.Combine(Path.GetFileName(source)));
        }
    }

    private static void Shorten(string directory)
    {
        using var log = File.OpenWrite(Directory.EnumerateFiles(directory, "*.log").MaxBy(file => new FileInfo(file).Length)!);
        log.SetLength(log.Length - 10);
    }

    private string Largest(string pattern) =>
        Directory.EnumerateFiles(_directory.Path, pattern).MaxBy(file => new FileInfo(file).Length)!;

    private static void Flip(string path, long position)
    {
        using var file = File.Open(path, FileMode.Open);
        file.Position = position;
        var value = file.ReadByte();
        file.Position = position;
        file.WriteByte((byte)(value ^ 0x10));
    }
}
