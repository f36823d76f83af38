using Google.Protobuf;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>What its author deletes is gone from every disk, whatever came first; nothing else is.</summary>
public sealed class DeletionTests
{
    private readonly HostileScene _scene = new();

    private HostileMember Mallory => _scene.Mallory;

    [Fact]
    public void The_body_is_gone_from_every_store_and_the_header_still_verifies()
    {
        var id = _scene.Alice.Send(_scene.Group, "a secret that is regretted");
        _scene.World.Pass(TimeSpan.FromSeconds(2));
        var body = Stored(_scene.Alice, id).Body;
        Holds(_scene.Alice, body).ShouldBeTrue();
        Holds(_scene.Bob, body).ShouldBeTrue();

        _scene.Alice.Do(new NodeCommand.Delete(_scene.Group, id)).ShouldBeOfType<NodeResult.Written>();
        _scene.World.Pass(TimeSpan.FromSeconds(2));
        foreach (var node in new[] { _scene.Alice, _scene.Bob })
        {
            Holds(node, body).ShouldBeFalse(node.Name);
            var stored = Stored(node, id);
            Entry.IdOf(LoopbackNode.Cryptography, stored.Header).ShouldBe(id);
            stored.Flags.ShouldBe(EntryFlags.Deleted | EntryFlags.Erased | (stored.Flags & EntryFlags.Signed));
            var shown = node.Reader.Find(_scene.Group, id)!;
            shown.IsDeleted.ShouldBeTrue();
            shown.Text.ShouldBeNull();
        }

        _scene.ShouldGoOn((string?)null);
    }

    [Fact]
    public void Whoever_comes_later_gets_the_header_without_the_body_and_passes_it_on()
    {
        var id = _scene.Alice.Send(_scene.Group, "a secret that is regretted");
        _scene.Alice.Do(new NodeCommand.Delete(_scene.Group, id)).ShouldBeOfType<NodeResult.Written>();
        var carol = _scene.World.Befriend(_scene.Alice, "carol");
        _scene.Alice.Do(new NodeCommand.AddMember(_scene.Group, carol.Identity)).ShouldBeOfType<NodeResult.Written>();
        _scene.World.Pass(TimeSpan.FromSeconds(3));
        LoopbackScenes.ShouldBeEqual(_scene.Group, _scene.Alice, carol);
        carol.Texts(_scene.Group).ShouldBe([.. _scene.Before, null]);
        carol.Events.OfType<PeerMisbehaved>().ShouldBeEmpty();

        var dave = _scene.World.Befriend(_scene.Alice, "dave");
        LoopbackScenes.Introduce(carol, dave);
        _scene.Alice.Do(new NodeCommand.AddMember(_scene.Group, dave.Identity)).ShouldBeOfType<NodeResult.Written>();
        _scene.World.Unlink(_scene.Alice, dave);
        dave.Reader.StatusOf(_scene.Group).Frontier.Count.ShouldBeLessThan(5);
        _scene.World.Link(dave, carol);
        _scene.World.Pass(TimeSpan.FromSeconds(3));
        LoopbackScenes.ShouldBeEqual(_scene.Group, _scene.Alice, carol, dave);
        dave.Texts(_scene.Group).ShouldBe([.. _scene.Before, null]);
    }

    [Fact]
    public void An_edit_that_is_concurrent_and_comes_later_does_not_bring_it_back()
    {
        var message = Mallory.Say("first words");
        var edit = Mallory.Write(Mallory.Draft(EntryKind.Edit), new EditBody { Target = Bytes(message.Id), Text = "second words" });
        Mallory.Head = message.Id;
        var deletion = Delete(message.Id);

        // A forked chain is the only way for one author's edit and deletion to be concurrent with one device each.
        Mallory.Give(_scene.Alice, Mallory.Sign(message), Mallory.Sign(deletion));
        _scene.World.Pass(TimeSpan.FromSeconds(2));
        Mallory.Give(_scene.Alice, Mallory.Sign(edit));
        _scene.World.Pass(TimeSpan.FromSeconds(90));
        foreach (var node in new[] { _scene.Alice, _scene.Bob })
        {
            node.Reader.Find(_scene.Group, message.Id)!.Text.ShouldBeNull();
            Holds(node, edit.Body!.Value.ToArray()).ShouldBeFalse(node.Name);
            Holds(node, message.Body!.Value.ToArray()).ShouldBeFalse(node.Name);
        }

        _scene.ShouldGoOn((string?)null);
    }

    [Fact]
    public void A_deletion_that_comes_before_its_target_is_remembered_also_across_a_restart()
    {
        var head = Mallory.Head;
        var message = Mallory.Say("deleted before it was seen");
        Mallory.Head = head;
        var deletion = Mallory.Write(Mallory.Draft(EntryKind.Delete), new DeleteBody { Targets = { Bytes(message.Id) } });
        Mallory.Give(_scene.Alice, Mallory.Sign(deletion));
        Mallory.Give(_scene.Bob, Mallory.Sign(message));
        _scene.World.Pass(TimeSpan.FromSeconds(1));
        _scene.World.Pass(TimeSpan.FromSeconds(90));
        foreach (var node in new[] { _scene.Alice, _scene.Bob })
        {
            node.Reader.Find(_scene.Group, message.Id)!.IsDeleted.ShouldBeTrue(node.Name);
            Holds(node, message.Body!.Value.ToArray()).ShouldBeFalse(node.Name);
        }

        _scene.ShouldGoOn((string?)null);
    }

    [Fact]
    public void A_deletion_of_what_never_comes_is_kept_across_a_restart()
    {
        var head = Mallory.Head;
        var message = Mallory.Say("deleted before it was seen");
        Mallory.Head = head;
        var deletion = Mallory.Write(Mallory.Draft(EntryKind.Delete), new DeleteBody { Targets = { Bytes(message.Id) } });
        Mallory.Give(_scene.Alice, Mallory.Sign(deletion));
        _scene.World.Pass(TimeSpan.FromSeconds(1));
        _scene.Alice.Restart();
        _scene.World.Link(_scene.Alice, _scene.Bob);
        Mallory.Give(_scene.Alice, Mallory.Sign(message));
        _scene.World.Pass(TimeSpan.FromSeconds(90));
        _scene.Alice.Reader.Find(_scene.Group, message.Id)!.IsDeleted.ShouldBeTrue();
        Holds(_scene.Alice, message.Body!.Value.ToArray()).ShouldBeFalse();
        _scene.ShouldGoOn((string?)null);
    }

    [Fact]
    public void A_deletion_of_someone_elses_message_counts_for_nothing_before_and_after_it()
    {
        var seen = _scene.Alice.Send(_scene.Group, "hers");
        _scene.World.Pass(TimeSpan.FromSeconds(2));
        Mallory.Give(_scene.Alice, Mallory.Sign(Delete(seen)));

        // And one that is not there yet: it is durable at Bob's, and Alice is told of the deletion first.
        _scene.World.Unlink(_scene.Alice, _scene.Bob);
        var unseen = _scene.Bob.Send(_scene.Group, "his");
        Mallory.Give(_scene.Alice, Mallory.Sign(Delete(unseen)));
        _scene.Alice.Hits("content.deletion.awaited").ShouldBe(1);
        _scene.World.Link(_scene.Alice, _scene.Bob);
        _scene.ShouldGoOn("hers", "his");
        foreach (var node in new[] { _scene.Alice, _scene.Bob })
        {
            node.Reader.Events(_scene.Group, default, 1000).OfType<MessageDeleted>().ShouldBeEmpty(node.Name);
        }

        // Of several targets the event names one that counts.
        var own = Mallory.Say("her own");
        var both = Mallory.Write(Mallory.Draft(EntryKind.Delete), new DeleteBody { Targets = { Bytes(seen), Bytes(own.Id) } });
        Mallory.Give(_scene.Alice, Mallory.Sign(own, both));
        _scene.Alice.Reader.Events(_scene.Group, default, 1000).OfType<MessageDeleted>().ShouldHaveSingleItem().Message.ShouldBe(own.Id);
    }

    [Fact]
    public void An_edit_elsewhere_of_a_message_here_is_neither_shown_nor_does_its_place_get_erased()
    {
        // The same person edits, in the group, a message of the direct conversation, many times; then deletes it there.
        var direct = _scene.Alice.Direct(Mallory.Node);
        for (var i = 0; i < 20; i++)
        {
            _scene.Alice.Send(direct, $"alice {i}");
        }

        var own = new HostileMember(_scene.World, Mallory.Node, direct);
        var message = own.Say("mallory");
        own.Give(_scene.Alice, own.Sign(message));
        var edits = Enumerable.Range(0, 20)
            .Select(i => Mallory.Write(Mallory.Draft(EntryKind.Edit), new EditBody { Target = Bytes(message.Id), Text = $"edit {i}" })).ToArray();
        var reaction = Mallory.Write(Mallory.Draft(EntryKind.Reaction), new ReactionBody { Target = Bytes(message.Id), Emoji = "!" });
        Mallory.Give(_scene.Alice, Mallory.Sign([.. edits, reaction]));
        var shown = _scene.Alice.Reader.Find(direct, message.Id)!;
        shown.Text.ShouldBe("mallory");
        shown.IsEdited.ShouldBeFalse();
        shown.Reactions.ShouldBeEmpty();

        var deletion = own.Write(own.Draft(EntryKind.Delete), new DeleteBody { Targets = { Bytes(message.Id) } });
        own.Give(_scene.Alice, own.Sign(deletion));
        _scene.Alice.Reader.Find(direct, message.Id)!.IsDeleted.ShouldBeTrue();
        _scene.Alice.Texts(direct).Where(t => t is not null).ShouldBe([.. Enumerable.Range(0, 20).Select(i => $"alice {i}")]);
        _scene.ShouldGoOn();
    }

    [Fact]
    public void Deleting_twice_or_what_is_no_message_changes_nothing_more()
    {
        var message = Mallory.Say("once");
        var first = Delete(message.Id);
        var second = Delete(message.Id);
        var ofControl = Delete(first.Id);
        Mallory.Give(_scene.Alice, Mallory.Sign(message, first, second, ofControl));
        _scene.ShouldGoOn((string?)null);
        Stored(_scene.Alice, first.Id).Body.ShouldNotBeEmpty();
    }

    private Entry Delete(EntryId target) =>
        Mallory.Write(Mallory.Draft(EntryKind.Delete), new DeleteBody { Targets = { Bytes(target) } });

    private static ByteString Bytes(EntryId id) => ByteString.CopyFrom(id.ToArray());

    private static (byte[] Header, byte[] Body, EntryFlags Flags) Stored(LoopbackNode node, EntryId id)
    {
        node.Store.TryGet(ColumnFamily.EntryIds, StoreKeys.EntryId(id), out var place).ShouldBeTrue();
        node.Store.TryGet(ColumnFamily.Entries, place!, out var value).ShouldBeTrue();
        var record = new EntryRecord(value);
        return (record.Header.ToArray(), record.Body.ToArray(), record.Flags);
    }

    /// <summary>Whether any value of the store has these bytes in it.</summary>
    private static bool Holds(LoopbackNode node, byte[] bytes)
    {
        bytes.Length.ShouldBeGreaterThan(20);
        return node.Store.Values.Any(value => value.AsSpan().IndexOf(bytes) >= 0);
    }
}
