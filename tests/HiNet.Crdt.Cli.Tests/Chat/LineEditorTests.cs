using HiNet.Crdt.Cli.Chat;

namespace HiNet.Crdt.Cli.Tests.Chat;

public sealed class LineEditorTests
{
    private readonly LineEditor _editor = new();

    [Fact]
    public void Letters_go_in_where_the_cursor_is()
    {
        Type("ac");
        Press(ConsoleKey.LeftArrow);
        Type("b");
        _editor.Line.ShouldBe("abc");
        Press(ConsoleKey.Home);
        Press(ConsoleKey.Delete);
        Press(ConsoleKey.End);
        Press(ConsoleKey.Backspace);
        _editor.Line.ShouldBe("b");
    }

    [Fact]
    public void An_emoji_with_all_its_parts_is_one_letter()
    {
        Type("x👩‍👩‍👧");
        Press(ConsoleKey.Backspace);
        _editor.Line.ShouldBe("x");
        Type("é");
        Press(ConsoleKey.Backspace);
        _editor.Line.ShouldBe("x");
    }

    [Fact]
    public void Words_and_lines_go_at_once()
    {
        Type("one two  ");
        Press(ConsoleKey.W, ConsoleModifiers.Control);
        _editor.Line.ShouldBe("one ");
        Press(ConsoleKey.U, ConsoleModifiers.Control);
        _editor.Line.ShouldBeEmpty();
        Press(ConsoleKey.D, ConsoleModifiers.Control).ShouldBe(LineEditorResult.Left);
    }

    [Fact]
    public void Earlier_lines_come_back_with_the_arrows()
    {
        Type("one");
        Press(ConsoleKey.Enter).ShouldBe(LineEditorResult.Entered);
        _editor.TakeLine().ShouldBe("one");
        Type("two");
        _editor.TakeLine();
        Press(ConsoleKey.UpArrow);
        Press(ConsoleKey.UpArrow);
        _editor.Line.ShouldBe("one");
        Press(ConsoleKey.DownArrow);
        _editor.Line.ShouldBe("two");
        Press(ConsoleKey.DownArrow);
        _editor.Line.ShouldBeEmpty();
    }

    [Fact]
    public void A_long_line_shows_its_part_around_the_cursor()
    {
        Type(new string('a', 50) + "你好");
        var (text, cursor) = _editor.Window(20);
        text.ShouldEndWith("你好");
        cursor.ShouldBe(19);
        Press(ConsoleKey.Home);
        (text, cursor) = _editor.Window(20);
        text.ShouldBe(new string('a', 20));
        cursor.ShouldBe(0);
    }

    private void Type(string text)
    {
        foreach (var letter in text)
        {
            _editor.Apply(new ConsoleKeyInfo(letter, default, false, false, false));
        }
    }

    private LineEditorResult Press(ConsoleKey key, ConsoleModifiers modifiers = default) =>
        _editor.Apply(new ConsoleKeyInfo('\0', key, false, false, modifiers.HasFlag(ConsoleModifiers.Control)));
}
