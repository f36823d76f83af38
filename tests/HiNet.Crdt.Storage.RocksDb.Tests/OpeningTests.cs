using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Tests.Storage;

namespace HiNet.Crdt.Storage.RocksDb.Tests;

/// <summary>What stands in the way of opening is one clear sentence.</summary>
public sealed class OpeningTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_home_that_another_process_uses_is_refused_and_the_process_named()
    {
        using (var child = new ChildProcess(StoreChild.Hold, _directory.Path))
        {
            (await child.ReadLineAsync()).ShouldBe("open");

            Should.Throw<StoreException>(RocksDbStore.At(_directory.Path).Open).Message
                .ShouldBe($"The home at {_directory.Path} is in use by another process (pid {child.Id}): stop it or use another home.");
        }

        await using var store = RocksDbStore.At(_directory.Path).Open();
    }

    [Fact]
    public void A_path_that_is_a_file_or_leads_through_one_is_refused()
    {
        var file = _directory.Combine("file");
        File.WriteAllText(file, "text");

        Should.Throw<StoreException>(RocksDbStore.At(file).Open).Message.ShouldContain("is a file");
        Should.Throw<StoreException>(RocksDbStore.At(Path.Combine(file, "below")).Open).Message.ShouldContain(file);
        File.ReadAllText(file).ShouldBe("text");
    }

    [Fact]
    public async Task A_store_without_its_CURRENT_file_is_refused_and_its_tables_are_left_alone()
    {
        await OpenTwiceAsync(_directory.Path);
        File.Delete(_directory.Combine("CURRENT"));
        var tables = Directory.GetFiles(_directory.Path, "*.sst");

        Should.Throw<StoreException>(RocksDbStore.At(_directory.Path).Open).Message.ShouldContain("CURRENT is missing");

        tables.ShouldNotBeEmpty();
        Directory.GetFiles(_directory.Path, "*.sst").ShouldBe(tables, ignoreOrder: true);
    }

    [Theory]
    [InlineData("CURRENT")]
    [InlineData("MANIFEST-*")]
    public async Task A_store_whose_table_of_contents_is_garbage_is_refused_as_damaged(string pattern)
    {
        await OpenTwiceAsync(_directory.Path);
        File.WriteAllText(Directory.GetFiles(_directory.Path, pattern).Single(), "garbage\n");

        Should.Throw<StoreException>(RocksDbStore.At(_directory.Path).Open).Message.ShouldContain(_directory.Path);
    }

    [Fact]
    public async Task A_new_directory_is_readable_by_its_user_alone()
    {
        var path = _directory.Combine("a/b");
        await using var store = RocksDbStore.At(path).Open();

        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public async Task Files_beside_the_store_are_left_alone()
    {
        File.WriteAllText(_directory.Combine("node.log"), "text");
        await OpenTwiceAsync(_directory.Path);
        await using var store = RocksDbStore.At(_directory.Path).Open();
        var erasure = new WriteBatch();
        erasure.Erase(ColumnFamily.Entries, [1], []);
        store.Write(erasure, sync: true);
        store.ReclaimErased();

        File.ReadAllText(_directory.Combine("node.log")).ShouldBe("text");
    }

    [Fact]
    public void Every_column_family_has_a_name_on_disk() =>
        RocksDbFamilies.Names.Count.ShouldBe(Enum.GetValues<ColumnFamily>().Length);

    [Fact]
    public void A_path_is_required()
    {
        Should.Throw<ArgumentException>(() => RocksDbStore.At(" "));
        RocksDbStore.At("alice").Location.ShouldBe(Path.GetFullPath("alice"));
    }

    private static async Task OpenTwiceAsync(string path)
    {
        await using (var store = RocksDbStore.At(path).Open())
        {
            store.Write(new WriteBatch().Put(ColumnFamily.Entries, "k", "value"), sync: true);
        }

        await using (RocksDbStore.At(path).Open())
        {
        }
    }
}
