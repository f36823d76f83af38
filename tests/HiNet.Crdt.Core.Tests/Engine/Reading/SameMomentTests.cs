using HiNet.Crdt.Core.Engine;

namespace HiNet.Crdt.Core.Tests.Engine.Reading;

/// <summary>Two people write in the same millisecond, so that only ids say which message is first: none is lost or shown twice.</summary>
public sealed class SameMomentTests
{
    private readonly LoopbackWorld _world = new();
    private readonly LoopbackNode _alice;
    private readonly LoopbackNode _bob;
    private readonly ConversationId _direct;
    private readonly List<EntryId> _sent;

    public SameMomentTests()
    {
        (_alice, _bob) = _world.Contacts("alice", "bob");
        _direct = _alice.Direct(_bob);
        _alice.Send(_direct, "hello");
        _world.Pass(TimeSpan.FromSeconds(2));
        _bob.Send(_direct, "hello");
        _world.Pass(TimeSpan.FromSeconds(5));
        _world.Unlink(_alice, _bob);
        _sent = [_alice.Send(_direct, "alice's"), _bob.Send(_direct, "bob's")];
        _sent.Sort();
        _world.Link(_alice, _bob);
        _world.Pass(TimeSpan.FromSeconds(5));
        _sent.Select(id => Find(_alice, id).Time).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public void Pages_that_meet_between_them_hold_each_of_them_once()
    {
        foreach (var node in new[] { _alice, _bob })
        {
            node.Reader.Page(_direct, 2, null).Select(message => message.Id).ShouldBe(_sent);
            node.Reader.Page(_direct, 1, _sent[1]).Select(message => message.Id).ShouldBe([_sent[0]]);
            node.Reader.Page(_direct, 10, _sent[0]).Select(message => message.Text).ShouldBe(["hello", "hello"]);
        }
    }

    [Fact]
    public void Whoever_has_read_the_first_has_not_read_the_second()
    {
        // The reader is the one who did not write the second.
        var reader = Find(_alice, _sent[1]).Author.Id == _alice.Identity ? _bob : _alice;
        var writer = reader == _alice ? _bob : _alice;
        reader.Do(new NodeCommand.MarkRead(_direct, _sent[0])).ShouldBeOfType<NodeResult.Written>();
        _world.Pass(TimeSpan.FromSeconds(5));
        reader.Reader.Summarize(_direct).Unread.ShouldBe(1);
        Find(writer, _sent[1]).State.ShouldBe(MessageState.Delivered);
        reader.Do(new NodeCommand.MarkRead(_direct, _sent[1])).ShouldBeOfType<NodeResult.Written>();
        _world.Pass(TimeSpan.FromSeconds(5));
        reader.Reader.Summarize(_direct).Unread.ShouldBe(0);
        Find(writer, _sent[1]).State.ShouldBe(MessageState.Read);
    }

    private Message Find(LoopbackNode node, EntryId message) => node.Reader.Find(_direct, message).ShouldNotBeNull();
}
