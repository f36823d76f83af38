namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>Whoever reads events by cursor gets each once, in order of arrival, however few at a time and whatever happens between.</summary>
public sealed class EventCursorTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Each_event_comes_once_in_order_in_small_pieces_across_restarts(int limit)
    {
        for (var seed = 1004; seed < 1008; seed++)
        {
            var history = new RandomHistory(seed);
            var read = new List<ConversationEvent>();
            var cursor = default(EventCursor);
            history.Between = () =>
            {
                var events = history.Nodes[0].Reader.Events(history.Group, cursor, limit);
                events.Count.ShouldBeLessThanOrEqualTo(limit);
                read.AddRange(events);
                cursor = events.Count > 0 ? events[^1].Cursor : cursor;
            };
            history.Run(40);
            history.Settle();
            for (var before = -1; before < read.Count;)
            {
                before = read.Count;
                history.Between();
                before = read.Count == before ? int.MaxValue : before;
            }

            var all = history.Nodes[0].Reader.Events(history.Group, default, int.MaxValue);
            Kept(read, history).ShouldBe(Kept(all, history), $"seed {seed}");
            read.Select(e => e.Cursor.Position).ShouldBe(read.Select(e => e.Cursor.Position).Distinct().Order());
            var shown = history.Nodes[0].Reader.Page(history.Group, int.MaxValue, null);
            read.OfType<MessageAdded>().Select(e => e.Message.Id).Order().ShouldBe(shown.Select(m => m.Id).Order());
            history.Nodes[0].Reader.LastCursor(history.Group).Position.ShouldBeGreaterThanOrEqualTo(cursor.Position);
        }
    }

    /// <summary>An edit that was read and whose message was deleted afterwards says nothing any more.</summary>
    private static IEnumerable<(EventCursor, Type)> Kept(IEnumerable<ConversationEvent> events, RandomHistory history) => events
        .Where(e => e is not MessageEdited edited || history.Nodes[0].Reader.Find(history.Group, edited.Message) is { IsDeleted: false })
        .Select(e => (e.Cursor, e.GetType()));

    [Fact]
    public void Behind_the_last_event_there_is_none_and_an_unknown_conversation_has_none()
    {
        var history = new RandomHistory(1);
        history.Run(10);
        var reader = history.Nodes[0].Reader;
        reader.Events(history.Group, reader.LastCursor(history.Group), 10).ShouldBeEmpty();
        reader.Events(history.Group, new EventCursor(ulong.MaxValue - 1), 10).ShouldBeEmpty();
        reader.Events(new ConversationId(Support.TestKeys.Named("nowhere")), default, 10).ShouldBeEmpty();
        reader.LastCursor(new ConversationId(Support.TestKeys.Named("nowhere"))).ShouldBe(default);
    }
}
