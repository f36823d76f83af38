namespace HiNet.Crdt.Abstractions.Tests;

public class EventCursorTests
{
    [Theory]
    [InlineData(0UL)]
    [InlineData(42UL)]
    [InlineData(ulong.MaxValue)]
    public void A_cursor_is_read_back_as_it_was_written(ulong position)
    {
        EventCursor.TryParse(new EventCursor(position).ToString(), out var cursor).ShouldBeTrue();
        cursor.Position.ShouldBe(position);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1.0")]
    [InlineData(" 1")]
    [InlineData("18446744073709551616")]
    public void Malformed_text_is_refused(string? text) => EventCursor.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void The_start_is_before_everything() => EventCursor.Start.CompareTo(new EventCursor(1)).ShouldBeLessThan(0);
}
