using HiNet.Crdt.Core.Engine.Reading;

namespace HiNet.Crdt.Core.Tests.Engine.Reading;

public class EventPagesTests
{
    [Fact]
    public void Pages_grow_while_they_are_full_and_shrink_at_the_end()
    {
        var pages = new EventPages(EventCursor.Start);
        List<int> limits = [];
        for (var i = 0; i < 6; i++)
        {
            limits.Add(pages.Limit);
            pages.Fetched(pages.Limit);
        }

        limits.ShouldBe([16, 32, 64, 128, 256, 256]);
        pages.Fetched(3);
        pages.Limit.ShouldBe(EventPages.FirstPage);
    }

    [Fact]
    public void What_was_published_before_an_empty_reading_is_not_read_again()
    {
        var pages = new EventPages(new EventCursor(3));
        pages.Published(new EventCursor(9)).ShouldBeTrue();
        pages.Begin();
        pages.Published(new EventCursor(12)).ShouldBeTrue();
        pages.Fetched(0);
        pages.Cursor.ShouldBe(new EventCursor(9));
        pages.Published(new EventCursor(9)).ShouldBeFalse();
        pages.Published(new EventCursor(10)).ShouldBeTrue();
    }

    [Fact]
    public void What_was_read_is_passed_only_as_it_is_delivered()
    {
        var pages = new EventPages(new EventCursor(3));
        pages.Published(new EventCursor(9)).ShouldBeTrue();
        pages.Begin();
        pages.Fetched(2);
        pages.Cursor.ShouldBe(new EventCursor(3));
        pages.Delivering(new EventCursor(5));
        pages.Cursor.ShouldBe(new EventCursor(5));
    }

    [Fact]
    public void The_cursor_never_goes_back()
    {
        var pages = new EventPages(new EventCursor(20));
        pages.Published(new EventCursor(9)).ShouldBeFalse();
        pages.Begin();
        pages.Fetched(0);
        pages.Cursor.ShouldBe(new EventCursor(20));
    }

    [Fact]
    public void The_newest_wait_and_the_oldest_go()
    {
        var waiting = new NewestItems<int>();
        for (var i = 0; i < NewestItems<int>.MaximumWaiting + 2; i++)
        {
            waiting.Add(i);
        }

        waiting.Count.ShouldBe(NewestItems<int>.MaximumWaiting);
        waiting.TakeAll()[0].ShouldBe(2);
        waiting.TakeAll().ShouldBeEmpty();
    }
}
