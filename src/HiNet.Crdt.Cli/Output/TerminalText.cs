using System.Globalization;
using System.Text;

namespace HiNet.Crdt.Cli.Output;

/// <summary>
/// Makes what others wrote safe to show. Control characters could drive the terminal, and bidirectional overrides could make a
/// text read as another one (Unicode Technical Report 36, section 3.1): both are made visible instead of being obeyed.
/// </summary>
internal static class TerminalText
{
    private const int BlackFlag = 0x1f3f4;

    /// <summary>One line: also line breaks and tabs are made visible.</summary>
    public static string Clean(string text) => Clean(text, keepLineFeeds: false);

    /// <summary>Several lines: line feeds stay, tabs become a space.</summary>
    public static string CleanLines(string text) => Clean(text.Replace("\r\n", "\n", StringComparison.Ordinal), keepLineFeeds: true);

    private static string Clean(string text, bool keepLineFeeds)
    {
        if (!NeedsCleaning(text))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length + 16);
        var isFlag = false;
        foreach (var rune in text.EnumerateRunes())
        {
            isFlag = rune.Value == BlackFlag || (isFlag && IsTag(rune.Value));
            // An unpaired surrogate comes out of the enumeration as U+FFFD.
            if (rune.Value == '\n' && keepLineFeeds)
            {
                clean.Append('\n');
            }
            else if (rune.Value == '\t' && keepLineFeeds)
            {
                clean.Append(' ');
            }
            else if (rune.Value < 0x20)
            {
                // The block Control Pictures has a picture for each.
                clean.Append((char)(0x2400 + rune.Value));
            }
            else if (rune.Value == 0x7f)
            {
                clean.Append('\u2421');
            }
            else if (IsHidden(rune.Value) || (IsTag(rune.Value) && !isFlag))
            {
                clean.Append(CultureInfo.InvariantCulture, $"<U+{rune.Value:X4}>");
            }
            else
            {
                clean.Append(rune.ToString());
            }
        }

        return clean.ToString();
    }

    private static bool NeedsCleaning(string text)
    {
        foreach (var letter in text)
        {
            if (letter < 0x20 || letter == 0x7f || char.IsSurrogate(letter) || IsHidden(letter))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Letters that no terminal shows: with them a text carries another one. Flags of regions are spelt with them (UTS 51, ED-14a).</summary>
    private static bool IsTag(int value) => value is >= 0xe0000 and <= 0xe007f;

    // Joiners (U+200C, U+200D) stay: Persian and many emoji need them, and they move nothing.
    private static bool IsHidden(int value) => value
        is (>= 0x80 and <= 0x9f)
        or 0x00ad or 0x061c or 0x180e or 0x200b or 0x200e or 0x200f
        or (>= 0x2028 and <= 0x202e)
        or (>= 0x2060 and <= 0x206f)
        or 0xfeff
        or (>= 0xfff9 and <= 0xfffb)
        or (>= 0x1d173 and <= 0x1d17a);
}
