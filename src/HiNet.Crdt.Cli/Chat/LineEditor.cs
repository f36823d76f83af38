using System.Globalization;

namespace HiNet.Crdt.Cli.Chat;

/// <summary>A line being typed: the usual keys, and earlier lines with the arrows. Works on whole letters, emoji included.</summary>
internal sealed class LineEditor
{
    private readonly List<string> _earlier = [];
    private readonly List<string> _letters = [];
    private int _cursor;
    private int _recalled;
    private char _highSurrogate;

    /// <summary>The whole line.</summary>
    public string Line => string.Concat(_letters);

    public LineEditorResult Apply(ConsoleKeyInfo key)
    {
        var control = key.Modifiers.HasFlag(ConsoleModifiers.Control);
        switch (key.Key)
        {
            case ConsoleKey.Enter:
                return LineEditorResult.Entered;
            case ConsoleKey.D when control && _letters.Count == 0:
                return LineEditorResult.Left;
            case ConsoleKey.Backspace when _cursor > 0:
                _letters.RemoveAt(--_cursor);
                break;
            case ConsoleKey.Delete when _cursor < _letters.Count:
                _letters.RemoveAt(_cursor);
                break;
            case ConsoleKey.LeftArrow when _cursor > 0:
                _cursor--;
                break;
            case ConsoleKey.RightArrow when _cursor < _letters.Count:
                _cursor++;
                break;
            case ConsoleKey.Home:
            case ConsoleKey.A when control:
                _cursor = 0;
                break;
            case ConsoleKey.End:
            case ConsoleKey.E when control:
                _cursor = _letters.Count;
                break;
            case ConsoleKey.U when control:
                _letters.RemoveRange(0, _cursor);
                _cursor = 0;
                break;
            case ConsoleKey.K when control:
                _letters.RemoveRange(_cursor, _letters.Count - _cursor);
                break;
            case ConsoleKey.W when control:
                RemoveWord();
                break;
            case ConsoleKey.UpArrow when _recalled < _earlier.Count:
                Recall(_recalled + 1);
                break;
            case ConsoleKey.DownArrow when _recalled > 0:
                Recall(_recalled - 1);
                break;
            default:
                Insert(key.KeyChar);
                break;
        }

        return LineEditorResult.Typing;
    }

    /// <summary>The finished line; a new one begins.</summary>
    public string TakeLine()
    {
        var line = Line;
        if (line.Length > 0 && (_earlier.Count == 0 || _earlier[^1] != line))
        {
            _earlier.Add(line);
        }

        Set(string.Empty);
        _recalled = 0;
        return line;
    }

    /// <summary>The part of the line around the cursor that fits, and the cursor's column in it.</summary>
    public (string Text, int Cursor) Window(int width)
    {
        var widths = _letters.ConvertAll(CellWidth.Of);
        var start = _cursor;
        var before = 0;
        while (start > 0 && before + widths[start - 1] <= width - 1)
        {
            before += widths[--start];
        }

        var end = _cursor;
        var used = before;
        while (end < _letters.Count && used + widths[end] <= width)
        {
            used += widths[end++];
        }

        return (string.Concat(_letters[start..end]), before);
    }

    private void Insert(char letter)
    {
        if (char.IsHighSurrogate(letter))
        {
            _highSurrogate = letter;
            return;
        }

        var text = char.IsLowSurrogate(letter) ? string.Concat(_highSurrogate, letter) : letter.ToString();
        if (char.IsControl(letter) || (char.IsLowSurrogate(letter) && _highSurrogate == 0))
        {
            return;
        }

        _highSurrogate = '\0';

        // A combining mark, or the rest of an emoji, joins the letter before it.
        if (_cursor > 0 && StringInfo.ParseCombiningCharacters(_letters[_cursor - 1] + text).Length == 1)
        {
            _letters[_cursor - 1] += text;
        }
        else
        {
            _letters.Insert(_cursor++, text);
        }
    }

    private void RemoveWord()
    {
        var start = _cursor;
        while (start > 0 && _letters[start - 1] == " ")
        {
            start--;
        }

        while (start > 0 && _letters[start - 1] != " ")
        {
            start--;
        }

        _letters.RemoveRange(start, _cursor - start);
        _cursor = start;
    }

    private void Recall(int recalled)
    {
        _recalled = recalled;
        Set(recalled == 0 ? string.Empty : _earlier[^recalled]);
    }

    private void Set(string line)
    {
        _letters.Clear();
        var elements = StringInfo.GetTextElementEnumerator(line);
        while (elements.MoveNext())
        {
            _letters.Add(elements.GetTextElement());
        }

        _cursor = _letters.Count;
    }
}
