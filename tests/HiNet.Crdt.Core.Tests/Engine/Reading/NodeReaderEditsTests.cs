using Google.Protobuf;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Tests.Engine.Reading;

/// <summary>Which text people see of a message that was edited.</summary>
public sealed class NodeReaderEditsTests
{
    private readonly HostileScene _scene = new();

    private HostileMember Mallory => _scene.Mallory;

    private LoopbackNode[] Both => [_scene.Alice, _scene.Bob];

    [Fact]
    public void Someone_elses_edit_changes_nothing_and_hides_none_of_the_authors()
    {
        var plain = _scene.Bob.Send(_scene.Group, "bob's");
        var edited = _scene.Bob.Send(_scene.Group, "bob's, too");
        _scene.Bob.Do(new NodeCommand.Edit(_scene.Group, edited, "bob's own edit")).ShouldBeOfType<NodeResult.Written>();
        _scene.World.Pass(TimeSpan.FromSeconds(2));
        var entries = _scene.Alice.Reader.StatusOf(_scene.Group).Entries;
        Mallory.Give(_scene.Alice, Mallory.Sign(Edit(plain, "mallory's"), Edit(edited, "mallory's")));
        _scene.World.Pass(TimeSpan.FromSeconds(2));
        _scene.Alice.Reader.StatusOf(_scene.Group).Entries.ShouldBeGreaterThanOrEqualTo(entries + 2);

        foreach (var node in Both)
        {
            Shown(node, plain).ShouldBe(("bob's", false), node.Name);
            Shown(node, edited).ShouldBe(("bob's own edit", true), node.Name);
            var told = node.Reader.Events(_scene.Group, default, 1_000).OfType<MessageEdited>().ShouldHaveSingleItem(node.Name);
            (told.Message, told.Author.Id, told.Text).ShouldBe((edited, _scene.Bob.Identity, "bob's own edit"));
        }
    }

    [Fact]
    public void Of_two_edits_the_later_one_in_conversation_order_is_shown_whichever_came_last()
    {
        var message = Mallory.Say("as written");
        var early = Edit(message.Id, "early");
        _scene.World.Pass(TimeSpan.FromSeconds(5));
        Mallory.Head = message.Id;
        var late = Edit(message.Id, "late");
        early.Header.Hlc.ShouldBeLessThan(late.Header.Hlc);
        Mallory.Give(_scene.Alice, Mallory.Sign(message, late));
        Shown(_scene.Alice, message.Id).ShouldBe(("late", true));
        Mallory.Give(_scene.Alice, Mallory.Sign(early));
        _scene.World.Pass(TimeSpan.FromSeconds(90));
        foreach (var node in Both)
        {
            Shown(node, message.Id).ShouldBe(("late", true), node.Name);
        }
    }

    [Fact]
    public void Each_edit_of_the_author_takes_the_place_of_the_one_before()
    {
        var message = _scene.Bob.Send(_scene.Group, "one");
        foreach (var text in new[] { "two", "three" })
        {
            _scene.Bob.Do(new NodeCommand.Edit(_scene.Group, message, text)).ShouldBeOfType<NodeResult.Written>();
            _scene.World.Pass(TimeSpan.FromSeconds(2));
            foreach (var node in Both)
            {
                Shown(node, message).ShouldBe((text, true), node.Name);
            }
        }
    }

    private Entry Edit(EntryId target, string text) => Mallory.Write(
        Mallory.Draft(EntryKind.Edit), new EditBody { Target = ByteString.CopyFrom(target.ToArray()), Text = text });

    private (string? Text, bool IsEdited) Shown(LoopbackNode node, EntryId message)
    {
        var found = node.Reader.Find(_scene.Group, message).ShouldNotBeNull();
        return (found.Text, found.IsEdited);
    }
}
