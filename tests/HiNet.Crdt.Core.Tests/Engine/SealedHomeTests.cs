using System.Text;
using Google.Protobuf;
using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Storage;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>Whoever has a home's store and not its keys reads no name, address, card or invite in it.</summary>
public sealed class SealedHomeTests
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(2);

    private readonly LoopbackWorld _world = new();
    private readonly LoopbackNode _alice;
    private readonly LoopbackNode _bob;
    private readonly LoopbackNode _carol;
    private readonly ConversationId _group;

    /// <summary>What nobody is to read in Alice's store, each with what it is.</summary>
    private readonly List<(string What, byte[] Bytes)> _secrets = [];

    public SealedHomeTests()
    {
        _alice = Add("Alice of the mill");
        _bob = Add("Bob of the bridge");
        _carol = Add("Carol of the castle");
        var dave = Add("Dave of the dale");
        Accept(_alice, _bob, "my dear neighbour");
        _world.Link(_alice, _bob);
        _world.Unlink(_alice, _bob);
        _world.Link(_alice, _bob, "bridge.example.org:4711");
        Know("an invite of her own that was used", Accept(_carol, _alice, null));
        _world.Link(_carol, _alice);
        Accept(_bob, dave, null);
        _world.Link(_bob, dave);

        // Dave is a member of the group, and no contact of Alice's.
        _group = _alice.Group("plans for the winter", _bob, _carol);
        _world.Pass(s_soon);
        _alice.Do(new NodeCommand.SendText(_group, "when does the snow come?", null)).ShouldBeOfType<NodeResult.Written>();
        _bob.Group("plans of Bob's for the summer", _alice, dave);
        Know("an invite of her own that nobody used", _alice.Do(new NodeCommand.CreateInvite(["mill.example.org:4712"])));
        var eve = Add("Eve of the eyrie");
        Know("an invite that was not answered yet", Accept(_alice, eve, "a stranger on the way"));
        _alice.Input(new NodeInput.BootstrapResolved([_bob.Endpoint]));
        _world.Pass(TimeSpan.FromMinutes(6));

        Know("name", "Bob of the bridge", "Carol of the castle", "Dave of the dale", "Eve of the eyrie", "Alice of the mill");
        Know("name of her own choice", "my dear neighbour", "a stranger on the way");
        Know("name of a group", "plans for the winter", "plans of Bob's for the summer");
        Know("address", "bridge.example.org:4711", "mill.example.org:4712", "bob.example.org:1");
        _secrets.Add(("text", Encoding.UTF8.GetBytes("when does the snow come?")));
        _secrets.AddRange(new[] { _bob, _carol, eve }.Select(node => ($"card of {node.Name}", Card(node).LeafKey.ToArray())));
        _secrets.Add(("node in the routing table", _bob.Secrets.Node.Value.ToArray()));
    }

    [Fact]
    public void No_row_shows_a_name_an_address_a_card_or_an_invite() => Shown().ShouldBeEmpty();

    [Fact]
    public void A_home_from_before_shows_them_until_it_is_started_and_loses_nothing()
    {
        var before = Known();
        WriteClear();
        Shown().Distinct().Order().ShouldBe(_secrets.Select(secret => secret.What).Where(what => what != "text").Distinct().Order());
        Known().ShouldBe(before);
        _alice.Restart();
        _world.Run();
        Shown().ShouldBeEmpty();
        Known().ShouldBe(before);
        _world.Link(_alice, _bob);
        _alice.Send(_group, "it is here");
        _world.Pass(s_soon);
        _bob.Texts(_group).ShouldContain("it is here");
        new ClearRows(_alice.Store).Left.ShouldBe(0);
    }

    [Fact]
    public void A_home_that_dies_before_it_is_sealed_is_sealed_by_its_next_life()
    {
        var before = Known();
        WriteClear();
        var left = new ClearRows(_alice.Store).Left;
        _alice.HoldWrites = true;
        _alice.Restart();
        _world.Run();
        new ClearRows(_alice.Store).Left.ShouldBe(left);
        _alice.Restart();
        Known().ShouldBe(before);
        _alice.ReleaseWriteAndRestart();
        _world.Run();
        Shown().ShouldBeEmpty();
        Known().ShouldBe(before);
    }

    [Fact]
    public void A_home_of_many_rows_that_dies_between_two_batches_is_sealed_by_its_next_life()
    {
        WriteClear();
        var batch = new WriteBatch();
        for (var i = 0; i < ClearRows.RowsOfOneBatch; i++)
        {
            var secret = TestKeys.Named($"{i}");
            batch.Put(ColumnFamily.Contacts, StoreKeys.Invite(secret), new InviteRecord { Secret = ByteString.CopyFrom(secret.ToArray()), Expires = 1 }.ToByteArray());
        }

        _alice.Store.Write(batch);
        var before = Known();
        var left = new ClearRows(_alice.Store).Left;
        left.ShouldBeGreaterThan(ClearRows.RowsOfOneBatch);
        _alice.HoldWrites = true;
        _alice.Restart();
        _world.Run();
        _alice.ReleaseWrite();
        _world.Run();
        new ClearRows(_alice.Store).Left.ShouldBe(left - ClearRows.RowsOfOneBatch);
        _alice.Restart();
        Known().ShouldBe(before);
        _alice.HoldWrites = false;
        _alice.Restart();
        _world.Run();
        new ClearRows(_alice.Store).Left.ShouldBe(0);
        Shown().ShouldBeEmpty();
        Known().ShouldBe(before);
    }

    [Fact]
    public void A_row_that_another_home_has_sealed_refuses_the_start()
    {
        _bob.Store.TryGet(ColumnFamily.Contacts, StoreKeys.Contact(_alice.Identity), out var row).ShouldBeTrue();
        var batch = new WriteBatch();
        batch.Put(ColumnFamily.Contacts, StoreKeys.Contact(_bob.Identity), row!);
        _alice.Store.Write(batch);
        Should.Throw<StoreException>(_alice.Restart).Message.ShouldBe("A stored row of Contacts is damaged: restore the home from a backup.");
    }

    private LoopbackNode Add(string name) => _world.Add(name, new NodeCoreOptions
    {
        Dht = new DhtOptions(),
        AdvertisedAddresses = [$"{name.Split(' ')[0].ToLowerInvariant()}.example.org:1"],
    });

    private static NodeResult Accept(LoopbackNode accepter, LoopbackNode issuer, string? name)
    {
        var invite = issuer.Do(new NodeCommand.CreateInvite([]));
        accepter.Do(new NodeCommand.AddContact(((NodeResult.Invited)invite).Invite, name)).ShouldBeOfType<NodeResult.Added>();
        return invite;
    }

    private void Know(string what, NodeResult invited)
    {
        Invite.TryParse(invited.ShouldBeOfType<NodeResult.Invited>().Invite, out var invite, out _).ShouldBeTrue();
        _secrets.Add((what, invite!.Secret.ToArray()));
    }

    private void Know(string what, params string[] texts) =>
        _secrets.AddRange(texts.Select(text => ($"{what}: {text}", Encoding.UTF8.GetBytes(text))));

    private static DeviceCard Card(LoopbackNode node) => node.Secrets.Card(LoopbackNode.Cryptography);

    /// <summary>What whoever reads the rows of Alice's store finds.</summary>
    private List<string> Shown() =>
        [.. _secrets.Where(secret => _alice.Store.Values.Any(row => row.AsSpan().IndexOf(secret.Bytes) >= 0)).Select(secret => secret.What)];

    /// <summary>What Alice sees of people and conversations.</summary>
    private List<string> Known() =>
    [
        .. _alice.Reader.Contacts().Select(contact => contact.ToString()),
        .. _alice.Reader.Conversations().Select(conversation => $"{_alice.Reader.NameOf(conversation)}: {string.Join(", ", _alice.Reader.MembersOf(conversation))}"),
        .. _alice.Texts(_group).OfType<string>(),
    ];

    /// <summary>Makes the rows what they were before they were sealed.</summary>
    private void WriteClear()
    {
        var batch = new WriteBatch();
        foreach (var (family, tag) in SealedRows.Kinds)
        {
            foreach (var (key, record) in _alice.Rows.All(family, tag))
            {
                batch.Put(family, key, record);
            }
        }

        _alice.Store.Write(batch);
    }
}
