using System.Text;

namespace HiNet.Crdt.Architecture.Tests;

/// <summary>
/// C# source with comments, text literals and character literals blanked out, so that a rule about code does not
/// trip over prose. Line breaks and the code inside interpolations stay.
/// </summary>
internal sealed class CSharpText
{
    private readonly string _source;
    private readonly StringBuilder _code = new();
    private int _at;

    private CSharpText(string source) => _source = source;

    /// <summary>The code of <paramref name="source"/>, as long as the source itself.</summary>
    public static string CodeOf(string source)
    {
        var text = new CSharpText(source);
        text.ReadCode(closingBraces: 0);
        return text._code.ToString();
    }

    private bool At(string expected) => string.CompareOrdinal(_source, _at, expected, 0, expected.Length) == 0;

    private int Run(char character)
    {
        var end = _at;
        while (end < _source.Length && _source[end] == character)
        {
            end++;
        }

        return end - _at;
    }

    private void Keep(int count)
    {
        _code.Append(_source, _at, count);
        _at += count;
    }

    private void Blank(int count)
    {
        for (var end = Math.Min(_at + count, _source.Length); _at < end; _at++)
        {
            _code.Append(_source[_at] is '\n' ? '\n' : ' ');
        }
    }

    // Ends behind the closing braces of the interpolation that it was called for, or at the end of the source.
    private void ReadCode(int closingBraces)
    {
        var open = 0;
        while (_at < _source.Length)
        {
            if (At("//"))
            {
                Blank((_source.IndexOf('\n', _at) is var end && end < 0 ? _source.Length : end) - _at);
            }
            else if (At("/*"))
            {
                Blank((_source.IndexOf("*/", _at + 2, StringComparison.Ordinal) is var end && end < 0 ? _source.Length : end + 2) - _at);
            }
            else if (_source[_at] == '\'')
            {
                ReadCharacter();
            }
            else if (!TryReadText())
            {
                if (closingBraces > 0 && _source[_at] == '}' && open-- == 0)
                {
                    Blank(closingBraces);
                    return;
                }

                open += _source[_at] == '{' ? 1 : 0;
                Keep(1);
            }
        }
    }

    private void ReadCharacter()
    {
        var end = _at + 1;
        while (end < _source.Length && _source[end] is not '\'' and not '\n')
        {
            end += _source[end] == '\\' ? 2 : 1;
        }

        Blank(end + 1 - _at);
    }

    private bool TryReadText()
    {
        var prefix = 0;
        while (_at + prefix < _source.Length && _source[_at + prefix] is '$' or '@')
        {
            prefix++;
        }

        if (_at + prefix >= _source.Length || _source[_at + prefix] != '"')
        {
            return false;
        }

        var marks = _source.AsSpan(_at, prefix);
        var holes = marks.Count('$');
        var verbatim = marks.Contains('@');
        Blank(prefix);
        var quotes = Run('"');
        if (quotes >= 3 && !verbatim)
        {
            Blank(quotes);
            ReadRaw(quotes, holes);
        }
        else
        {
            Blank(1);
            ReadQuoted(verbatim, holes > 0);
        }

        return true;
    }

    private void ReadQuoted(bool verbatim, bool interpolated)
    {
        while (_at < _source.Length)
        {
            if (_source[_at] == '"')
            {
                if (verbatim && Run('"') > 1)
                {
                    Blank(2);
                    continue;
                }

                Blank(1);
                return;
            }

            if (interpolated && _source[_at] == '{')
            {
                if (Run('{') > 1)
                {
                    Blank(2);
                    continue;
                }

                Blank(1);
                ReadCode(closingBraces: 1);
                continue;
            }

            Blank(_source[_at] == '\\' && !verbatim ? 2 : 1);
        }
    }

    private void ReadRaw(int quotes, int holes)
    {
        while (_at < _source.Length)
        {
            var run = Run('"');
            if (run >= quotes)
            {
                Blank(run);
                return;
            }

            if (holes > 0 && Run('{') >= holes)
            {
                Blank(Run('{'));
                ReadCode(closingBraces: holes);
                continue;
            }

            Blank(Math.Max(1, run));
        }
    }
}
