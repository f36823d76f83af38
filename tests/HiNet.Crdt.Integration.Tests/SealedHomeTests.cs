using System.Text;
using HiNet.Crdt.Core.Encryption;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Cryptography;
using HiNet.Crdt.Storage;
using HiNet.Crdt.Storage.RocksDb;
using HiNet.Crdt.Storage.RocksDb.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace HiNet.Crdt.Integration.Tests;

/// <summary>What the files of a home with a passphrase hold: all of them, also what RocksDB has not thrown away yet.</summary>
public sealed class SealedHomeTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Random _random = new(11);
    private readonly List<(string What, byte[] Bytes)> _secrets = [];

    private HiNetOptions Options => new() { Store = RocksDbStore.At(_directory.Path), Passphrase = "correct horse", Name = "somebody" };

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task No_file_holds_a_name_an_address_or_an_invite()
    {
        await LiveAsync();
        Held().ShouldBeEmpty();
    }

    [Fact]
    public async Task No_file_of_a_home_from_before_holds_them_any_more_once_the_home_was_started()
    {
        await LiveAsync();

        // Twice: the older rows lie in a table by then, and the newer ones in the log.
        await WriteClearAsync();
        await WriteClearAsync();
        Held().ShouldBe(_secrets.Select(secret => secret.What));
        await using (var node = await HiNetNode.StartAsync(Options))
        {
            node.Contacts.ShouldHaveSingleItem();
            node.Conversations.ShouldHaveSingleItem();
        }

        Held().ShouldBeEmpty();
    }

    private async Task LiveAsync()
    {
        await using var node = await HiNetNode.StartAsync(Options);
        await using var friend = await HiNetNode.StartAsync(new HiNetOptions { Store = new InMemoryStore(), Name = Named("the friend's name") });
        var accepted = await friend.CreateInviteAsync([Named("the friend's address") + ".example.org:4711"]);
        Know("the friend's invite", accepted);
        await node.AddContactAsync(accepted, Named("the name chosen for the friend"));
        Know("the own invite", await node.CreateInviteAsync([Named("the own address") + ".example.org:4711"]));
        await node.CreateGroupAsync(Named("the group's name"), [friend.Self.Id]);
    }

    // Drawn letters, which no compression changes.
    private string Named(string what)
    {
        var name = string.Concat(Enumerable.Range(0, 32).Select(_ => (char)('a' + _random.Next(26))));
        _secrets.Add((what, Encoding.ASCII.GetBytes(name)));
        return name;
    }

    private void Know(string what, string text)
    {
        Invite.TryParse(text, out var invite, out _).ShouldBeTrue();
        _secrets.Add((what, invite!.Secret.ToArray()[..16]));
    }

    // LOCK is left alone: closing any descriptor of it would drop the lock that this process holds on it.
    private List<string> Held()
    {
        var files = Directory.EnumerateFiles(_directory.Path).Where(file => Path.GetFileName(file) != "LOCK").Select(File.ReadAllBytes).ToList();
        return [.. _secrets.Where(secret => files.Exists(file => file.AsSpan().IndexOf(secret.Bytes.AsSpan(2, 12)) >= 0)).Select(secret => secret.What)];
    }

    /// <summary>Makes the rows what they were before they were sealed, by what the specification says of them.</summary>
    private async Task WriteClearAsync()
    {
        await using var store = Options.Store!.Open();
        var home = NodeHome.Open(store, Options, SodiumCryptography.Instance, NullLogger.Instance).Secrets;
        var batch = new WriteBatch();
        foreach (var (family, tag) in new[] { (ColumnFamily.Contacts, 'c'), (ColumnFamily.Contacts, 'i'), (ColumnFamily.Conversations, 'c'), (ColumnFamily.Conversations, 'm') })
        {
            byte[] prefix = [(byte)tag];
            using var rows = store.Scan(family, prefix, StoreKeys.After(prefix));
            while (rows.MoveNext())
            {
                var record = rows.Value.ToArray();
                if (record[0] == 0)
                {
                    SecretSealer.TryOpen(SodiumCryptography.Instance, home.StorageKey.Span, [(byte)family, .. rows.Key], rows.Value[1..], out record).ShouldBeTrue();
                }

                batch.Put(family, rows.Key.ToArray(), record!);
            }
        }

        store.Write(batch, sync: true);
    }
}
