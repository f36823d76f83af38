using Google.Protobuf;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>What a newer node writes is kept, ordered and relayed by an older one, and shown as unsupported.</summary>
public sealed class UnknownKindTests
{
    private readonly HostileScene _scene = new();

    private HostileMember Mallory => _scene.Mallory;

    [Fact]
    public void An_unknown_content_kind_stands_in_the_page_and_among_the_events_as_unsupported()
    {
        var entry = Mallory.Write(Mallory.Draft(60), [1, 2, 3]);
        Mallory.Give(_scene.Alice, Mallory.Sign(entry, Mallory.Say("behind it")));
        _scene.ShouldGoOn(null, "behind it");
        foreach (var node in new[] { _scene.Alice, _scene.Bob })
        {
            var shown = node.Reader.Find(_scene.Group, entry.Id).ShouldNotBeNull();
            shown.IsUnsupported.ShouldBeTrue();
            shown.Text.ShouldBeNull();
            var added = node.Reader.Events(_scene.Group, default, 1000).OfType<UnsupportedEntryAdded>().ShouldHaveSingleItem();
            added.Entry.ShouldBe(entry.Id);
            added.Kind.ShouldBe(60u);
        }
    }

    [Fact]
    public void An_unknown_control_kind_is_among_the_events_as_unsupported()
    {
        var entry = Mallory.Write(Mallory.Draft() with { Kind = 20, Epoch = null }, [1, 2, 3]);
        Mallory.Give(_scene.Alice, Mallory.Sign(entry, Mallory.Say("behind it")));
        _scene.ShouldGoOn("behind it");
        foreach (var node in new[] { _scene.Alice, _scene.Bob })
        {
            node.Reader.Events(_scene.Group, default, 1000).OfType<UnsupportedEntryAdded>().ShouldHaveSingleItem().Entry.ShouldBe(entry.Id);
        }
    }

    [Fact]
    public void A_message_of_an_unknown_suite_is_shown_as_unsupported()
    {
        var entry = Mallory.WriteSealed(Mallory.Draft() with { Suite = 9 }, [1, 2, 3]);
        Mallory.Give(_scene.Alice, Mallory.Sign(entry, Mallory.Say("behind it")));
        _scene.ShouldGoOn(null, "behind it");
        foreach (var node in new[] { _scene.Alice, _scene.Bob })
        {
            node.Reader.Find(_scene.Group, entry.Id).ShouldNotBeNull().IsUnsupported.ShouldBeTrue();
            node.Reader.Events(_scene.Group, default, 1000).OfType<UnsupportedEntryAdded>().ShouldHaveSingleItem().Entry.ShouldBe(entry.Id);
        }
    }

    [Fact]
    public void What_would_have_to_be_read_to_be_judged_is_refused_under_an_unknown_suite_even_if_it_can_be_opened()
    {
        var body = new DeleteBody { Targets = { ByteString.CopyFrom(Mallory.Head!.Value.ToArray()) } };
        var head = Mallory.Head;
        Mallory.Give(_scene.Alice, Mallory.Sign(Mallory.Write(Mallory.Draft(EntryKind.Delete) with { Suite = 9 }, body)));
        _scene.Alice.Counts["hinet.log.refused"].ShouldBe(1);
        Mallory.Head = head;
        var edit = new EditBody { Target = ByteString.CopyFrom(head!.Value.ToArray()), Text = "changed" };
        Mallory.Give(_scene.Alice, Mallory.Sign(Mallory.Write(Mallory.Draft(EntryKind.Edit) with { Suite = 9 }, edit)));
        _scene.Alice.Counts["hinet.log.refused"].ShouldBe(1);
        _scene.Alice.Reader.Events(_scene.Group, default, 1000).OfType<UnsupportedEntryAdded>().ShouldHaveSingleItem().Kind.ShouldBe(EntryKind.Edit);
        _scene.ShouldGoOn();
    }

    [Fact]
    public void Unknown_fields_of_a_body_are_no_hindrance()
    {
        byte[] newer = [.. new MessageBody { Text = "newer" }.ToByteArray(), 0x9a, 0x06, 3, 1, 2, 3];
        Mallory.Give(_scene.Alice, Mallory.Sign(Mallory.Write(Mallory.Draft(), newer)));
        _scene.ShouldGoOn("newer");
    }

    [Fact]
    public void Unknown_fields_of_a_control_body_are_no_hindrance()
    {
        var target = Mallory.Say("to be deleted");
        var body = new DeleteBody { Targets = { ByteString.CopyFrom(target.Id.ToArray()) } };
        byte[] newer = [.. body.ToByteArray(), 0x9a, 0x06, 3, 1, 2, 3];
        Mallory.Give(_scene.Alice, Mallory.Sign(target, Mallory.Write(Mallory.Draft(EntryKind.Delete), newer)));
        _scene.ShouldGoOn((string?)null);
        _scene.Bob.Reader.Find(_scene.Group, target.Id)!.IsDeleted.ShouldBeTrue();
    }

    [Theory]
    [InlineData(EntryKind.Message)]
    [InlineData(EntryKind.Edit)]
    [InlineData(EntryKind.Reaction)]
    [InlineData(EntryKind.Receipt)]
    [InlineData(EntryKind.GroupInvitation)]
    public void Content_of_no_meaning_is_kept_and_says_nothing(uint kind)
    {
        Mallory.Give(_scene.Alice, Mallory.Sign(Mallory.Write(Mallory.Draft(kind), [0xff, 0xff, 0xff])));
        Mallory.Give(_scene.Alice, Mallory.Sign(Mallory.Write(Mallory.Draft(kind), Array.Empty<byte>())));
        Mallory.Give(_scene.Alice, Mallory.Sign(Mallory.WriteSealed(Mallory.Draft(kind), [1, 2, 3])));
        _scene.ShouldGoOn([.. kind == EntryKind.Message ? [null, "", null] : Array.Empty<string?>()]);
        _scene.Bob.Reader.Events(_scene.Group, default, 1000).ShouldNotBeEmpty();
    }

    [Fact]
    public void A_target_that_never_was_changes_nothing()
    {
        var nowhere = ByteString.CopyFrom(Support.TestKeys.Named("nowhere").ToArray());
        Mallory.Give(_scene.Alice, Mallory.Sign(
            Mallory.Write(Mallory.Draft(EntryKind.Edit), new EditBody { Target = nowhere, Text = "?" }),
            Mallory.Write(Mallory.Draft(EntryKind.Reaction), new ReactionBody { Target = nowhere, Emoji = "?" }),
            Mallory.Write(Mallory.Draft(EntryKind.Receipt), new ReceiptBody { ReadUpTo = nowhere }),
            Mallory.Write(Mallory.Draft(), new MessageBody { Text = "reply to nothing", ReplyTo = nowhere })));
        _scene.ShouldGoOn("reply to nothing");
    }
}
